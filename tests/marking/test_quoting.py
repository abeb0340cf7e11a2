"""The place is underlined under the right characters, whatever these are, and all of it is shown."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from workings.marking.document import Document
from workings.marking.quoting import MOST_ROWS, quoted

WIDTH = 40


def rows(text, place, width=WIDTH):
    start = text.index(place)
    return list(quoted(Document(text), start, start + len(place), width))


def test_a_short_line_is_shown_whole():
    assert rows("before\nso z = 1 + 1 = 3 here\nafter", "1 + 1 = 3") == [
        ("so z = 1 + 1 = 3 here", "       ^^^^^^^^^")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "columns_before"),
    [
        ("\tz = 1 = 2", 5),
        ("\N{CJK UNIFIED IDEOGRAPH-524D}\N{CJK UNIFIED IDEOGRAPH-5411} 1 = 2", 5),
        ("w\N{COMBINING TILDE}\N{COMBINING DOT ABOVE} = 1 = 2", 4),
        ("\N{MATHEMATICAL BOLD SMALL Z}\N{SUBSCRIPT ONE} = 1 = 2", 5),
        (f"{normalize('NFD', 'Größe')} 1 = 2", 6),
        ("a\N{ZERO WIDTH SPACE}b 1 = 2", 3),
        ("\x1b[31m 1 = 2", 6),
    ],
    ids=["tab", "wide", "combining", "mathematical", "decomposed", "invisible", "escape"],
)
def test_the_underline_stands_under_its_characters(text, columns_before):
    ((row, underline),) = rows(text, "1 = 2")
    assert underline == " " * columns_before + "^^^^^"
    assert row.isprintable() or "\N{ZERO WIDTH SPACE}" in row


def test_of_a_long_line_there_are_the_rows_of_the_place():
    text = "word " * 30 + "z = 0.123456 * 0.123456 + 0.123456 * 0.123456 = 0.9" + " word" * 30
    found = rows(text, "0.123456 * 0.123456 + 0.123456 * 0.123456 = 0.9")
    assert [row for row, _ in found] == [
        "... = 0.123456 * 0.123456 + 0.123456 ...",
        "... * 0.123456 = 0.9 word word word ...",
    ]
    marked = "".join("".join(c for c, u in zip(row, under, strict=False) if u == "^") for row, under in found)
    assert marked.replace(" ", "") == "0.123456*0.123456+0.123456*0.123456=0.9"


def test_a_place_on_several_lines_is_shown_on_all_of_them():
    text = "a = 1 +\n  2\n  = 4 and so on"
    assert rows(text, "1 +\n  2\n  = 4") == [("a = 1 +", "    ^^^"), ("  2", "^^^"), ("  = 4 and so on", "^^^^^")]


def test_a_place_of_many_rows_ends_in_an_ellipsis():
    found = rows("1 + " * 200 + "1 = 7", "1 + " * 200 + "1 = 7")
    assert (len(found), found[-1]) == (MOST_ROWS + 1, ("...", ""))


@given(st.text(max_size=200), st.integers(0, 199), st.integers(0, 60), st.integers(20, 60))
def test_no_row_is_wider_than_the_terminal(text, start, length, width):
    start = min(start, len(text))
    for row, underline in quoted(Document(text), start, min(start + length, len(text)), width):
        assert max(cell_len(row), len(underline)) <= width
        assert "\n" not in row


def test_a_line_of_millions_of_characters_takes_no_time():
    text = "word " * 1_000_000 + "z = 1 + 1 = 3" + " word" * 1_000_000
    assert len(rows(text, "1 + 1 = 3")) <= 2

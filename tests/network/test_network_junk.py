"""Files that are no network files, damaged ones and hostile ones: each is refused in a sentence."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_texts import BATCH, ROWS, changed, refusal

import workings
from workings.errors import InputError
from workings.network import reference
from workings.network.network_file import LARGEST, examples, load_text

# Text that is no TOML


@pytest.mark.parametrize(
    ("old", "new", "place", "advice"),
    [
        ("[2.0, 9.0]", "[.2, 9.0]", ":3:11:", "A number needs a digit before its point"),
        ("[2.0, 9.0]", "[2., 9.0]", ":3:12:", "A number needs a digit after its point"),
        ("[2.0, 9.0]", "[2.0 9.0]", ":3:15:", "separated by commas"),
        ("[2.0, 9.0]", "[2.0, −9.0]", ":3:16:", "ordinary minus"),
        ("rate = 0.5", "rate = 0,5", ":5:18:", "a point, not a comma"),
        ("rate = 0.5", "rate = 1/2", ":5:18:", "A fraction is written as a decimal"),
        ('"half_squared_error"', "half_squared_error", ":6:8:", "A text stands in quotes"),
        ("loss =", "train_biases = False\nloss =", ":6:16:", "written small"),
        ('"sigmoid"', "“sigmoid”", ":9:14:", "ordinary quotes"),
        ("targets", "inputs", ":4:16:", "something is given twice"),
        ("[[layers]]", "[layers]", ":13:9:", "with two brackets"),
        ("title =", "w^1_1 =", ":2:2:", "A name with a sign in it stands in quotes"),
        ('= "2-3-1"', "", ":2:7:", "expected '='"),
        ('"2-3-1"', '"2-3-1', ":2:15:", "illegal character"),
    ],
)
def test_a_syntax_error_is_told_with_line_and_column_and_advice(old, new, place, advice):
    sentence = refusal(changed(ROWS, (old, new)))
    assert sentence.startswith(f"net.toml{place}")
    assert advice in sentence


def test_lines_and_columns_are_right_in_files_with_other_line_ends_too():
    text = changed(ROWS, ("[2.0, 9.0]", "[.2, 9.0]")).replace("\n", "\r\n")
    assert refusal(text.encode("utf-8-sig")).startswith("net.toml:3:11:")


# No network file at all


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "is empty"),
        (" \n\n# nothing\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "is not a text file"),
        ("title = 'a\0b'", "line 1 holds a NUL"),
        ("title = 'Gr\u00fc\u00dfe'".encode("latin-1"), "line 1 has the byte 0xfc"),
        (b"\xff\xfea", "is not a text in UTF-8"),
        (struct.pack("<Q", 2) + b"{}", "is a trained model"),
        ("a = " + "[" * 100_000, "nests brackets too deeply"),
        ("a = " + "{a = " * 50_000, "nests brackets too deeply"),
        ("a = " + "9" * 5000, "thousands of digits"),
        (".".join("a" * 100_000) + " = 1", "a key of more than twenty parts"),
        (" . ".join(['"a"'] * 100_000) + " = 1", "a key of more than twenty parts"),
        ("a.b.c = 1", "has a key 'a' that means nothing here"),
        ("x" * 1_000_000 + " = 1", "that means nothing here"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_junk_is_refused_in_a_sentence(text, fragment):
    sentence = refusal(text)
    assert fragment in sentence
    assert len(sentence) < 400


@pytest.mark.parametrize(("size", "found"), [(LARGEST + 1, "more than 32 MB"), (100 * 2**20, "100 MB")])
def test_a_text_too_large_is_refused_unread(size, found):
    assert refusal(b"x" * size).startswith(f"net.toml is {found}; a network file is a few kB of text")


def test_a_key_of_several_parts_may_stand_in_a_comment_and_in_a_text():
    assert load_text(changed(ROWS, ('"2-3-1"', '"1.2.3.4, e.g. this..."  # see a.b.c, p. 5.4.3.2.1'))).title


SHIPPED = [Path(workings.__file__).parent / "examples" / f"{name}.toml" for name in examples()]
TEXTS = [path.read_text(encoding="utf-8") for path in SHIPPED] + [ROWS, BATCH]
FRAGMENTS = [
    "[",
    "]",
    "[[",
    '"',
    "'''",
    "=",
    ",",
    ".",
    "\n",
    "-",
    "nan",
    "1e999",
    "true",
    "{}",
    "[[layers]]",
    "\0",
    "é",
]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A network file with something cut out, doubled, or put in, a few times."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        inserted = draw(st.sampled_from(["", text[start:end] * 2, *FRAGMENTS]) | st.text(max_size=5))
        text = text[:start] + inserted + text[end:]
    return text


def only_a_sentence(text: str | bytes) -> None:
    try:
        network = load_text(text, "net.toml")
    except InputError as error:
        assert str(error).startswith("net.toml")
        assert "\n" not in str(error)
    else:
        example = network.example
        assert np.isfinite(network.parameters.flat).all()
        reference.run(network, example.inputs, example.targets)


@given(damaged())
@settings(max_examples=250, deadline=None)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(text):
    with np.errstate(all="ignore"):
        only_a_sentence(text)


@given(st.integers(0, 10_000), st.sampled_from(TEXTS))
@settings(max_examples=100, deadline=None)
def test_a_truncated_file_is_read_or_refused_in_a_sentence(length, text):
    only_a_sentence(text[: length % len(text)])


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_bytes_are_refused_in_a_sentence(data):
    only_a_sentence(data)

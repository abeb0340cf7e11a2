import pytest

from workings.algebra.lex import tokens
from workings.algebra.read import read
from workings.algebra.read_beginning import read_beginning


def beginning(text, *, latex=False):
    found = read_beginning(tokens(text, lenient=True)[:-1], latex=latex)
    return None if found is None else found[0]


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("0.5 * 0.2 : so", "0.5 * 0.2"),
        ("a + b c", "a + b"),  # in text a sign is needed between two names
        ("z1 = 3", "z1"),
        ("0.3, the rest", "0.3"),
        ("2 (see above", "2"),
        ("w - % of it", "w"),
    ],
)
def test_a_formula_ends_where_prose_begins(text, formula):
    assert beginning(text) == read(formula)


@pytest.mark.parametrize("text", ["", ")", "* 3", "% of it"])
def test_where_no_formula_begins_none_is_found(text):
    assert beginning(text) is None


def test_hostile_input_ends_at_once():
    assert beginning("(" * 10_000) is None
    assert beginning("(" * 10_000 + "1" + ")" * 10_000) is None
    assert beginning("1 +" * 10_000) is not None

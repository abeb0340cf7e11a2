"""Law 3: what is written is read back as the same expression, in every format that can be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algebra.expressions import LEAVES, NAMES, expressions, nested, without_groups
from workings.algebra.expression import Expr, Multiply, Negate, Power, Subtract
from workings.algebra.read import read
from workings.algebra.write import precedence
from workings.algebra.write.latex import write_latex
from workings.algebra.write.precedence import Level
from workings.algebra.write.text import write_text
from workings.errors import ExpressionError

FORMATS = {"text": write_text, "latex": write_latex}
PIECES = (
    *(
        *NAMES,
        "dW1",
        "d",
        "2",
        "0.50",
        "1e-5",
        "e",
        "+",
        "-",
        "*",
        "/",
        "^",
        "@",
        "⊙",
        "(",
        ")",
        "(",
        ")",
        "tanh(",
        "ln ",
    ),
    *(r"\frac{", "}{", "}", "|", ",", "²", "½", "ᵀ", "[[", "]]", " ", "d/dw5 [", "]", r"\sigma'(", "{", "^{"),
)
SOUP = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def explain(expression: Expr, written: str, back: Expr) -> str:
    return f"\n  written  {written}\n  was      {expression}\n  is read  {back}"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("depth", "leaves"), [(1, LEAVES), (2, LEAVES), (3, LEAVES[:1])])
def test_every_operation_in_every_place_of_every_other(form, depth, leaves):
    for expression in nested(depth, leaves):
        written = FORMATS[form](expression)
        back = read(written, form=form)
        assert back == expression, explain(expression, written, back)


@pytest.mark.parametrize("form", FORMATS)
@given(expression=expressions())
@settings(max_examples=300, deadline=None)
def test_an_expression_survives_writing_and_reading(form, expression):
    written = FORMATS[form](expression)
    back = read(written, form=form)
    assert back == expression, explain(expression, written, back)


@pytest.mark.parametrize("form", FORMATS)
@given(expression=expressions(groups=True))
@settings(max_examples=300, deadline=None)
def test_brackets_anywhere_change_nothing_else(form, expression):
    written = FORMATS[form](expression)
    back = read(written, form=form)
    assert without_groups(back) == without_groups(expression), explain(expression, written, back)
    for other, write in FORMATS.items():  # what the reader produced survives exactly, brackets and all
        assert read(write(back), form=other) == back, explain(back, write(back), read(write(back), form=other))


@given(text=SOUP)
@settings(max_examples=1000, deadline=None)
def test_whatever_can_be_read_survives(text):
    try:
        expression = read(text)
    except ExpressionError:
        return
    for form, write in FORMATS.items():
        written = write(expression)
        assert read(written, form=form) == expression, explain(expression, written, read(written, form=form))


@pytest.mark.parametrize(
    ("operation", "levels"),
    [
        (Power, (Level.POWER, Level.ATOM)),
        (Subtract, (Level.SUM, Level.SUM)),
        (Multiply, (Level.PRODUCT, Level.PRODUCT)),
        (Negate, (Level.SUM, Level.SUM)),
    ],
)
def test_a_bracket_too_few_is_found(monkeypatch, operation, levels):
    monkeypatch.setitem(precedence._MINIMUM, operation, levels)
    assert any(read(write_text(expression)) != expression for expression in nested(2))

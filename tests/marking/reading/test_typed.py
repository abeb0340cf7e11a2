"""The letter x for times, and brackets for an index."""

import pytest

from workings.algebra.lex import tokens
from workings.marking.reading.typed import with_indices, with_times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u = 1.2 x 0.5 + 0.7 x (-0.2)", "u = 1.2 × 0.5 + 0.7 × (-0.2)"),
        ("0.5 x (2 - 0.857)^2 with x1 = 1.2", "0.5 × (2 - 0.857)^2 with x1 = 1.2"),
        ("x = 2 and 0.5 x (1 - x)", "x = 2 and 0.5 x (1 - x)"),
        ("x1 = 0.15   x2 = 0.85", "x1 = 0.15   x2 = 0.85"),
    ],
)
def test_the_letter_x_between_numbers_is_times_where_it_is_no_name(text, expected):
    assert with_times(text) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("w[0] x[1]", ["w0", "x1"]),
        ("W1[0][1] * a[2, 3]", ["W_{1,0,1}", "a_{2,3}"]),
        ("dL/dw[0]", ["dL", "dw0"]),
        ("tanh[0] w [0] w[i]", ["tanh", "w", "w", "i"]),
    ],
)
def test_brackets_right_behind_a_name_are_its_index(text, names):
    found = with_indices(tokens(text, lenient=True))
    assert [token.text for token in found if token.kind == "name"] == names

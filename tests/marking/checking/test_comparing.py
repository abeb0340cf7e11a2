from decimal import Decimal

import pytest

from workings.algebra.read import read
from workings.algebra.write.text import write_text
from workings.marking.checking.comparing import last_place, literal, pairs, value_of


def wrong(worked, written):
    """The pairs that do not agree to within a unit of their last place."""
    return [
        (write_text(pair.worked), str(pair.written))
        for pair in pairs(read(worked), read(written))
        if abs(value_of(pair.worked) - pair.written) > last_place(pair.written) / 2
    ]


@pytest.mark.parametrize(
    ("worked", "written", "found"),
    [
        ("0.3*2 + 1", "1.6", []),
        ("0.3*2 + 1", "1.8", [("0.3*2 + 1", "1.8")]),
        ("0.61*0.46 + 0.82*(-0.8)", "0.28 + (-0.66)", []),
        ("0.61*0.46 + 0.82*(-0.8)", "0.28 + (-0.56)", [("0.82*(-0.8)", "-0.56")]),
        ("0.4*2 - 0.3*3 + 0.1", "0.8 - 0.9 + 0.2", [("0.1", "0.2")]),
        ("0.1*1.4*0.345*0.655", "0.14*0.23", []),
        ("0.1*1.4*0.345*0.655", "0.14*0.71", [("0.345*0.655", "0.71")]),
        ("0.5*0.41^2", "0.5*0.27", [("0.41^2", "0.27")]),
        ("4/20*20/8", "80/160", []),
        ("sigma(0.31 + 0.2)", "sigma(0.6)", [("0.31 + 0.2", "0.6")]),
        ("[[2], [5]] ⊙ [[6], [7]]", "[[12], [30]]", [("35", "30")]),
        ("[[1, 2], [3, 4]] @ [[1], [1]]", "[[3], [6]]", [("7", "6")]),
    ],
)
def test_two_sides_are_taken_apart(worked, written, found):
    assert wrong(worked, written) == found


@pytest.mark.parametrize(
    ("text", "number"), [("0.50", "0.50"), ("-0.5", "-0.5"), ("(0.25)", "0.25"), ("0.5 + 1", None)]
)
def test_a_literal_keeps_its_decimals(text, number):
    assert (None if number is None else Decimal(number)) == literal(read(text))


@pytest.mark.parametrize("text", ["1/0", "w + 1", "9**9**9**9", "ln(-1)", "[[1], [2]] + [[1], [2], [3]]"])
def test_what_has_no_value_has_none(text):
    assert value_of(read(text)) is None


def test_a_sum_times_0_is_not_taken_apart_in_silence():
    assert None in list(pairs(read("(0.4*0.3 - 0.2)*0"), read("(0.12 - 0.21)*0")))
    assert None not in list(pairs(read("0.5*2"), read("2*0.5")))

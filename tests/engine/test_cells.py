import math

import pytest

from workings.engine.cells import is_missing, numbers_in


@pytest.mark.parametrize("cell", ["", "?", "NA", "n/a", "NaN", "null", "None"])
def test_missing_is_written_in_many_ways(cell):
    numbers, text = numbers_in([cell, "1"])
    assert is_missing(cell)
    assert math.isnan(numbers[0]) and text is None


@pytest.mark.parametrize("cell", ["1", "-1.5", "+.5", "3.", "1e3", "2.5E-3"])
def test_numbers(cell):
    assert numbers_in([cell])[0].tolist() == [float(cell)]
    assert numbers_in([cell, ""])[0][0] == float(cell)


@pytest.mark.parametrize("cell", ["1_000", "inf", "1,234", "1 000", "12%", "x", "0x10", "1e999", "--1"])
def test_what_only_looks_like_a_number_is_text(cell):
    assert numbers_in(["1", cell, "2"])[1] == 1


def test_a_decimal_comma_is_read_where_it_may_be_and_then_a_point_is_text():
    assert numbers_in(["1,5", "2", "", "-,5"], decimal_comma=True)[0][[0, 1, 3]].tolist() == [1.5, 2.0, -0.5]
    assert numbers_in(["1,5"], decimal_comma=False)[1] == 0
    assert numbers_in(["1.234,5"], decimal_comma=True)[1] == 0
    assert numbers_in(["1,5", "1.234"], decimal_comma=True)[1] == 1
    assert numbers_in(["1.5", "2.25"], decimal_comma=True)[0].tolist() == [1.5, 2.25]


def test_text_does_not_hide_the_numbers_around_it():
    numbers, text = numbers_in(["1", "abc", "3"])
    assert (numbers[0], numbers[2], text) == (1.0, 3.0, 1)

"""A figure is a median, and says whether it is what was wanted."""

import pytest

from benchmarks.figures import figure, told


@pytest.mark.parametrize(
    ("values", "wanted", "is_met"),
    [
        ([3.0, 1.0, 2.0], {}, True),
        ([3.0, 1.0, 2.0], {"at_least": 2.0}, True),
        ([3.0, 1.0, 2.0], {"at_least": 2.1}, False),
        ([3.0, 1.0, 2.0], {"at_most": 2.0}, True),
        ([3.0, 1.0, 2.0], {"at_most": 1.9}, False),
        ([float("nan")], {"at_most": 1.0}, False),
    ],
)
def test_the_median_is_held_against_what_is_wanted(values, wanted, is_met):
    found = figure(values, **wanted)
    assert found["is_met"] is is_met
    assert ("MISSED" in told(found)) is not is_met


def test_it_is_told_with_its_spread_and_what_is_wanted():
    assert told(figure([1.25, 1.0, 1.5], at_least=1.2), " s") == "1.25 [1..1.5], wanted at least 1.2 s"

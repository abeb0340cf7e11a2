"""How two numbers that differ are shown; what is found is tested with the gradient check."""

import pytest

from workings.derivation.checking.records import telling_apart


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (0.25, 0.249, ("0.2500", "0.2490")),
        (0.25, 0.25001, ("0.25000", "0.25001")),
        (1.0, -1.0, ("1.000", "-1.000")),
        (4.2e-18, 0.0, ("4.200e-18", "0.000")),
        (float("nan"), 0.25, ("nan", "0.2500")),
        (float("inf"), 0.25, ("inf", "0.2500")),
        (0.1, 0.1, ("0.1", "0.1")),
    ],
)
def test_enough_figures_to_see_the_difference(first, second, shown):
    assert telling_apart(first, second) == shown

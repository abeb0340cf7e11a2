"""Bare results that are one off in the last place."""

import pytest

from tests.marking.checking.test_placing import NETWORK, PAGE
from workings.marking.mark import mark

BARE = PAGE.replace("-0.1041*0.6702 = ", "").replace("-0.0725*0.6702 = ", "").replace("sigmoid(0.3980) = ", "")
BARE = BARE.replace("sigmoid(-1.0287) = ", "")


def test_bare_results_that_are_right_are_left_alone():
    assert not mark(BARE, NETWORK).findings


@pytest.mark.parametrize(("right", "wrong"), [("o1 = 0.5982", "o1 = 0.5983"), ("o2 = 0.2633", "o2 = 0.2634")])
def test_one_that_is_one_off_in_the_last_place_is_told(right, wrong):
    (finding,) = mark(BARE.replace(right, wrong), NETWORK).findings
    assert finding.kind == "rounding"
    assert wrong.endswith(finding.claimed)


def test_nothing_is_told_where_several_are_one_off():
    text = BARE.replace("o1 = 0.5982", "o1 = 0.5983").replace("o2 = 0.2633", "o2 = 0.2634")
    assert not mark(text, NETWORK).findings

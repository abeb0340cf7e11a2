"""Ratios are taken round by round, and a peer that trains something else is found."""

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.cases import CASES, told_case
from benchmarks.turns import differ, ratios, take_turns, wrong_weights


@dataclass
class Trained:
    """A process that has made its first pass; ``go`` says who was asked."""

    arrays: list
    name: str = ""
    asked: list = ()

    def weights(self):
        return self.arrays

    def go(self):
        self.asked.append(self.name)
        return float(len(self.asked))


OURS = [np.array([[1.0, -4.0]]), np.array([2.0])]


def test_ratios_are_of_the_same_round():
    assert ratios([2.0, 30.0], [1.0, 10.0]) == [2.0, 3.0]


def test_everything_takes_its_turn_in_every_round():
    asked = []
    seconds = take_turns({name: Trained(OURS, name, asked) for name in "ab"}, 2)
    assert asked == ["a", "b", "a", "b"]
    assert seconds == {"a": [1.0, 3.0], "b": [2.0, 4.0]}


def test_weights_differ_by_a_share_of_the_largest():
    assert differ(OURS, [OURS[0], OURS[1] + 0.04]) == pytest.approx(0.01)


@pytest.mark.parametrize("off", [1e-3, np.nan, np.inf])
def test_other_weights_are_found(off):
    theirs = [OURS[0], OURS[1] + off]
    assert set(wrong_weights(CASES["2-2-2"], Trained(OURS), {"same": Trained(OURS), "other": Trained(theirs)})) == {
        "other"
    }


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.name)
def test_a_case_is_the_same_in_another_process(case):
    assert told_case(case.told()) == case


def test_an_update_multiplies_forward_to_the_gradients_and_back():
    case = CASES["784-30-10"]
    assert case.multiplications() == 10 * (2 * 784 * 30 + 3 * 30 * 10)

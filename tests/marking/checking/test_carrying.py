"""Who carries all digits on: found out, and held to every digit."""

import pytest

from benchmarks.planting.documents import Wanted, made
from benchmarks.planting.scoring import score
from workings.algebra.rounding import MODES
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.network.network_file import load_text


def marked(planted):
    return mark(planted.text, load_text(planted.network.encode(), "network.toml"))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("decimals", [4, 9])
def test_who_carries_all_digits_on_is_not_accused(mode, decimals):
    marking = marked(made(Wanted(5, 0, None, "plain", decimals, mode, carried=True)))
    assert (marking.convention.carried, marking.convention.mode == "truncate") == (True, mode == "truncate")
    assert not marking.findings


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["rounding", "arithmetic"])
def test_a_last_digit_is_told_and_nothing_that_follows_from_it(kind, mode):
    planted = made(Wanted(33, 1, kind, "plain", 9, mode, carried=True))
    found = score(planted, as_json(marked(planted)))
    assert (found.located, found.false) == (True, 0)


@pytest.mark.parametrize("mode", MODES)
def test_who_goes_on_with_the_shown_numbers_carries_nothing(mode):
    assert not marked(made(Wanted(5, 0, None, "plain", 6, mode, carried=False))).convention.carried

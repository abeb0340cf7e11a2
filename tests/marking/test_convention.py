from decimal import Decimal

import pytest

from workings.algebra.read import read
from workings.algebra.rounding import MODES
from workings.marking.checking.comparing import Pair, rounded, value_of
from workings.marking.convention import convention_of

PRODUCTS = [f"0.{a}7 * 0.{b}3" for a in range(1, 9) for b in range(2, 8)]


@pytest.mark.parametrize("mode", MODES)
def test_the_way_of_rounding_is_found(mode):
    like = Decimal("0.000")
    ties = ["0.125 * 0.5 + 0.001", "0.5 * 0.013", "0.5 * 0.025"]  # 0.0635, 0.0065, 0.0125
    pairs = [Pair(read(text), rounded(value_of(read(text)), like, mode)) for text in [*PRODUCTS, *ties]]
    found = convention_of(pairs)
    assert (found.mode, found.digits, found.carried) == (mode, 3, False)


def test_one_slip_does_not_change_it():
    pairs = [Pair(read(text), rounded(value_of(read(text)), Decimal("0.000"), "half-up")) for text in PRODUCTS]
    assert convention_of([*pairs, Pair(read("0.5*0.5"), Decimal("0.3"))]).mode == "half-up"


def test_of_nothing_there_is_none():
    assert convention_of([]).digits is None

"""How well quantities fit a claim by its result, its formulas and its name: all of them at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workings.marking.binding.candidates import Prior
from workings.marking.binding.ledger import Ledger, entries
from workings.marking.checking.comparing import decimals, last_place
from workings.marking.reading.claims import Claim, figures
from workings.network.network import Array
from workings.network.quantity import Quantity

MOST_FOR_SYMBOLS = 2.0
"""For the names of a formula being those of the equation; the value of the formula counts beside them."""

_OFF = np.array([0.6, 1.6, 4.0])
"""Units of the last place by which a number may be off to be near, less near, and hardly near."""

_NEARNESS = np.array([1.0, 0.8, 0.4, 0.0])

_FOR_A_ZERO, _AGAINST_A_ZERO = 0.3, 1.0
"""For a 0 where 0 follows, and for a bare one against it elsewhere: many numbers are 0, but few are that are not."""

_COARSEST = 0.01
"""A bare 0 or 1 is the number itself, not anything that rounds to it."""
_FOR_FIGURE, _MOST_FIGURES = 0.6, 6
"""What each figure of a number that is near says, and how many of them count."""

_CLAIMED = 1.5
"""Against a quantity that has a number already."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """Some quantities of a round beside a claim.

    Attributes
    ----------
    update : int
        The round.
    prior : Prior
        What is said for and against them.
    by_value : array
        How well the result fits.
    agrees : array of bool, optional
        Whether the value of a formula in symbols is that of the quantity; None where no formula has a value.
    claimed : array
        What is taken off because it was written before.
    """

    update: int
    prior: Prior
    by_value: Array
    agrees: Array | None
    claimed: Array

    def within_reach(self, knows_names: bool, least: float) -> Iterator[tuple[float, int, int, int]]:
        """What each can reach at most without its operands, if it is so much, the most first.

        Each with what makes it comparable with those of other rounds, minus its round and minus its place among the
        candidates; and its place here.
        """
        if_not, if_it_agrees = most_for_symbols(knows_names)
        symbols = if_not if self.agrees is None else np.where(self.agrees, if_it_agrees, if_not)
        most = self.by_value + symbols + self.prior.most - self.claimed
        if least <= 0.0:
            most[np.isnan(most)] = 0.0
        found = (most >= least).nonzero()[0]
        found = found[(-most[found]).argsort(kind="stable")]
        places = self.prior.places[found]
        for reach, place, at in zip(most[found].tolist(), places.tolist(), found.tolist(), strict=True):
            yield reach, -self.update, -place, at

    def score(self, at: int, by_symbols: float) -> float:
        """What one reaches, without its operands; nothing where no number follows for it."""
        score = float(self.by_value[at] + by_symbols + self.prior.by_name[at] - self.prior.against[at])
        return 0.0 if math.isnan(score) else score - float(self.claimed[at])

    def agrees_at(self, at: int) -> bool:
        """Whether the value of a formula in symbols is that of one."""
        return self.agrees is not None and bool(self.agrees[at])


def fits(claim: Claim, ledger: Ledger, update: int, prior: Prior, in_symbols: Sequence[Array]) -> Fits:
    """How well some quantities of a round fit a claim.

    Parameters
    ----------
    claim : Claim
        With a result, a number or a matrix.
    ledger : Ledger
    update : int
        The round.
    prior : Prior
        Which they are, and what is said for and against them.
    in_symbols : sequence of array
        The values of the claim's formulas.
    """
    expected = ledger.expected_of(prior)
    agree = [
        (np.abs(value.ravel() - expected) <= 0.01 * np.abs(expected) + 1e-12).all(axis=1)
        for value in in_symbols
        if value.size == expected.shape[1]
    ]
    agrees = np.logical_or.reduce(agree) if agree else None
    claimed = _CLAIMED * ledger.has_claimed(prior.candidates)[prior.places]
    return Fits(update, prior, _of_values(claim.numbers, expected), agrees, claimed)


def most_for_symbols(knows_names: bool) -> tuple[float, float]:
    """What formulas in symbols say at most for a quantity: where their value is another, and where it agrees."""
    return (MOST_FOR_SYMBOLS, max(2.5, 1.0 + MOST_FOR_SYMBOLS)) if knows_names else (0.0, 2.5)


def most_for_value(numbers: Sequence[Decimal]) -> float:
    """What a result says at most for a quantity."""
    return max(map(_most_for_number, numbers))


def _most_for_number(number: Decimal) -> float:
    return _FOR_FIGURE * min(figures(number), _MOST_FIGURES) if number else _FOR_A_ZERO


def _of_values(written: Sequence[Decimal], expected: Array) -> Array:
    """How much a result says: the more figures agree, the more; nan where nothing is expected."""
    said = [_of_value(number, column) for number, column in zip(written, expected.T, strict=True)]
    return said[0] if len(said) == 1 else sum(said, np.zeros(len(expected))) / len(said)


def _of_value(number: Decimal, expected: Array) -> Array:
    """The same of one number."""
    off = np.abs(float(number) - expected) / min(float(last_place(number)), _COARSEST)
    said = _NEARNESS * _most_for_number(number)
    if not number and not decimals(number):
        said = said - _AGAINST_A_ZERO * (_NEARNESS == 0)
    nearness = said[_OFF.searchsorted(off)]
    nearness[np.isnan(off)] = np.nan
    return nearness


def written(claim: Claim, q: Quantity, ledger: Ledger) -> Iterator[tuple[Quantity, Decimal]]:
    """Each single number of a claim's result with its quantity."""
    if claim.result is not None:
        yield q, claim.result
    elif claim.results is not None:
        yield from zip(entries(q, ledger.shape(q)), claim.numbers, strict=True)


def shape_of(claim: Claim) -> tuple[int, int] | None:
    """Rows and columns of the matrix that a claim is about; None where it is about a single number."""
    if claim.result is not None or claim.results is None:
        return None
    return len(claim.results), len(claim.results[0])

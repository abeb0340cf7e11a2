"""How well quantities fit a claim by its result, its formulas and its name: all of them at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workings.marking.binding.candidates import Candidates
from workings.marking.binding.custom import stem_and_tag
from workings.marking.binding.ledger import Ledger, entries
from workings.marking.binding.names import Known
from workings.marking.checking.comparing import last_place
from workings.marking.reading.claims import Claim, figures
from workings.network.network import Array
from workings.network.quantity import Quantity

MOST_FOR_SYMBOLS = 2.0
"""For the names of a formula being those of the equation; the value of the formula counts beside them."""

_OFF = np.array([0.6, 1.6, 4.0])
"""Units of the last place by which a number may be off to be near, less near, and hardly near."""

_NEARNESS = np.array([1.0, 0.8, 0.4, 0.0])

_SLACK = 1e-9
"""Sums in another order differ by less."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """The quantities of a round beside a claim.

    Attributes
    ----------
    candidates : Candidates
    update : int
        The round.
    is_possible : array of bool
    by_value : array
        How well the result fits.
    agrees : array of bool
        Whether the value of a formula in symbols is that of the quantity.
    by_name : array
    against : array
        What is taken off.
    """

    candidates: Candidates
    update: int
    is_possible: Array
    by_value: Array
    agrees: Array
    by_name: Array
    against: Array

    def within_reach(self, knows_names: bool, least: float) -> Iterator[tuple[float, int, int]]:
        """What each can reach at most without its operands, if it is so much, the most first.

        Each with what makes it comparable with those of other rounds, minus its round and minus where it stands.
        """
        symbols = 2.5 * self.agrees
        if knows_names:
            symbols = np.maximum(symbols, self.agrees + MOST_FOR_SYMBOLS)
        most = self.by_value + symbols + self.by_name - self.against
        most[np.isnan(most)] = 0.0
        most += _SLACK
        found = np.flatnonzero(self.is_possible & (most >= least))
        for at in found[np.argsort(-most[found], kind="stable")].tolist():
            yield float(most[at]), -self.update, -at

    def score(self, at: int, by_symbols: float) -> float:
        """What one reaches, without its operands; nothing where no number follows for it."""
        score = float(self.by_value[at] + by_symbols + self.by_name[at] - self.against[at])
        return 0.0 if math.isnan(score) else score


def fits(
    claim: Claim,
    ledger: Ledger,
    update: int,
    known: Known,
    in_symbols: Sequence[Array],
    *,
    is_next: bool,
) -> Fits | None:
    """How well the quantities of a round fit a claim; None where the network has none of its shape.

    Parameters
    ----------
    claim : Claim
        With a result, a number or a matrix.
    ledger : Ledger
    update : int
        The round.
    known : Known
        What is known about the claim's name.
    in_symbols : sequence of array
        The values of the claim's formulas.
    is_next : bool
        Whether the round has not begun: it begins at the front.
    """
    candidates = ledger.equations.candidates(update, shape_of(claim))
    if candidates is None:
        return None
    expected = ledger.expected_of(candidates)
    agrees = np.zeros(len(expected), dtype=bool)
    for value in in_symbols:
        if value.size == expected.shape[1]:
            agrees |= np.all(np.abs(value.ravel() - expected) <= 0.01 * np.abs(expected) + 1e-12, axis=1)
    is_possible = np.ones(len(expected), dtype=bool)
    if claim.worked is not None or claim.subject is None or "←" in claim.chain.relations:
        is_possible &= ~candidates.is_given
    if is_next:
        is_possible &= candidates.is_forward
    by_value, by_name = _of_values(claim.numbers, expected), candidates.of_name(known)
    against = 1.5 * ledger.has_claimed(candidates) + _against(claim, candidates)
    return Fits(candidates, update, is_possible, by_value, agrees, by_name, against)


def _of_values(written: Sequence[Decimal], expected: Array) -> Array:
    """How much a result says: the more figures agree, the more; nan where nothing is expected."""
    total = np.zeros(len(expected))
    for number, column in zip(written, expected.T, strict=True):
        off = np.abs(float(number) - column) / float(last_place(number))
        nearness = (_NEARNESS * min(figures(number), 6) * 0.6)[_OFF.searchsorted(off)]
        nearness[np.isnan(off)] = np.nan
        total += nearness
    return total / len(written)


def _against(claim: Claim, candidates: Candidates) -> Array:
    """What is to be said against quantities of some kinds."""
    of_copy = 0.5  # copies of another quantity are rarely worth a line
    if claim.worked is not None:
        of_copy += 1.5  # and nothing to work out
    is_of_whole = claim.subject is None or bool(stem_and_tag(claim.subject)[1])
    # a share is rarely worked out by itself, and never under the name of the whole
    return of_copy * candidates.is_copy + (1.0 if is_of_whole else 4.0) * candidates.is_share


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

"""How well quantities fit a claim by its result, its formulas and its name: all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workings.marking.binding.by_hand import entries
from workings.marking.binding.candidates import Candidates
from workings.marking.binding.custom import stem_and_tag
from workings.marking.binding.ledger import Ledger
from workings.marking.checking.comparing import last_place
from workings.marking.reading.claims import Claim, figures
from workings.network.network import Array
from workings.network.quantity import Quantity

MOST_FOR_SYMBOLS = 2.0
"""For the names of a formula being those of the equation; the value of the formula counts beside them."""

_SLACK = 1e-9
"""Sums in another order differ by less."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """The quantities of a round beside a claim.

    Attributes
    ----------
    candidates : Candidates
    is_possible : array of bool
    by_value : array
        How well the result fits.
    agrees : array of bool
        Whether the value of a formula in symbols is that of the quantity.
    by_name : array
    against : list of array
        What is taken off.
    """

    candidates: Candidates
    is_possible: Array
    by_value: Array
    agrees: Array
    by_name: Array
    against: list[Array]

    def within_reach(self, knows_names: bool, least: float) -> Iterator[tuple[float, int]]:
        """What each can reach at most without its operands, and where it stands, if it is so much."""
        symbols = 2.5 * self.agrees
        if knows_names:
            symbols = np.maximum(symbols, self.agrees + MOST_FOR_SYMBOLS)
        most = np.nan_to_num(self.by_value + symbols + self.by_name - sum(self.against)) + _SLACK
        for at in np.flatnonzero(self.is_possible & (most >= least)):
            yield float(most[at]), int(at)

    def score(self, at: int, by_symbols: float) -> float:
        """What one reaches, without its operands; nothing where no number follows for it."""
        score = float(self.by_value[at] + by_symbols + self.by_name[at])
        for each in self.against:
            score -= float(each[at])
        return 0.0 if np.isnan(score) else score


@dataclass(frozen=True, slots=True, eq=False)
class _Numbers:
    """What the result and the formulas of a claim say, and what was written before."""

    is_possible: Array
    by_value: Array
    agrees: Array
    is_claimed: Array


def fits(
    claim: Claim,
    ledger: Ledger,
    update: int,
    meaning: Mapping[str, Quantity],
    in_symbols: Sequence[Array],
    *,
    is_next: bool,
) -> Fits:
    """How well the quantities of a round fit a claim.

    Parameters
    ----------
    claim : Claim
        With a result, a number or a matrix.
    ledger : Ledger
    update : int
        The round.
    meaning : mapping
        The quantities of the names known so far.
    in_symbols : sequence of array
        The values of the claim's formulas.
    is_next : bool
        Whether the round has not begun: it begins at the front.
    """
    if claim.result is not None:
        candidates = ledger.equations.singles(update)
        found = _of_singles(claim.result, ledger, update, in_symbols)
    else:
        candidates = ledger.equations.wholes(update)
        found = _of_wholes(claim, ledger, candidates, in_symbols)
    is_possible = found.is_possible
    if claim.worked is not None or claim.subject is None:
        is_possible = is_possible & ~candidates.is_given
    if is_next:
        is_possible = is_possible & candidates.is_forward
    by_name = candidates.of_name(claim.subject, meaning)
    against = list(_against(claim, candidates, found.is_claimed))
    return Fits(candidates, is_possible, found.by_value, found.agrees, by_name, against)


def _of_singles(result: Decimal, ledger: Ledger, update: int, in_symbols: Sequence[Array]) -> _Numbers:
    candidates, expected = ledger.equations.singles(update), ledger.expected_in(update)
    agrees = np.zeros(len(expected), dtype=bool)
    for value in in_symbols:
        if value.size == 1:
            agrees |= np.abs(value.ravel() - expected) <= 0.01 * np.abs(expected) + 1e-12
    is_claimed = np.zeros(len(expected), dtype=bool)
    is_claimed[[at for q in ledger.claimed if (at := candidates.at.get(q)) is not None]] = True
    return _Numbers(np.ones(len(expected), dtype=bool), _of_value(result, expected), agrees, is_claimed)


def _of_wholes(claim: Claim, ledger: Ledger, candidates: Candidates, in_symbols: Sequence[Array]) -> _Numbers:
    """The same of vectors and matrices: the mean over their entries."""
    n = len(candidates.all)
    found = _Numbers(np.zeros(n, bool), np.zeros(n), np.zeros(n, bool), np.zeros(n, bool))
    for at, q in enumerate(candidates.all):
        if not has_shape(claim, shape := ledger.shape(q)):
            continue
        singles = list(entries(q, shape))
        expected = np.array([ledger.expected(single) for single in singles])
        each = [float(_of_value(*pair)) for pair in zip(claim.numbers, expected, strict=True)]
        found.is_possible[at], found.by_value[at] = True, sum(each) / len(each)
        found.agrees[at] = any(_agree(value, expected) for value in in_symbols)
        found.is_claimed[at] = singles[0] in ledger.claimed
    return found


def _of_value(written: Decimal, expected: Array) -> Array:
    """How much a result says: the more figures agree, the more; nan where nothing is expected."""
    off = np.abs(float(written) - expected) / float(last_place(written))
    nearness = np.select([off <= 0.6, off <= 1.6, off <= 4, np.isnan(off)], [1.0, 0.8, 0.4, np.nan], 0.0)
    return nearness * min(figures(written), 6) * 0.6


def _agree(value: Array, expected: Array) -> bool:
    flat = value.ravel()
    return len(flat) == len(expected) and bool(np.all(np.abs(flat - expected) <= 0.01 * np.abs(expected) + 1e-12))


def _against(claim: Claim, candidates: Candidates, is_claimed: Array) -> Iterator[Array]:
    yield 1.5 * is_claimed
    yield 0.5 * candidates.is_copy  # of another quantity, rarely worth a line
    if claim.worked is not None:
        yield 1.5 * candidates.is_copy  # and nothing to work out
    is_of_whole = claim.subject is None or bool(stem_and_tag(claim.subject)[1])
    # a share is rarely worked out by itself, and never under the name of the whole
    yield (1.0 if is_of_whole else 4.0) * candidates.is_share


def written(claim: Claim, q: Quantity, ledger: Ledger) -> Iterator[tuple[Quantity, Decimal]]:
    """Each single number of a claim's result with its quantity."""
    if claim.result is not None:
        yield q, claim.result
    elif claim.results is not None:
        yield from zip(entries(q, ledger.shape(q)), claim.numbers, strict=True)


def has_shape(claim: Claim, shape: tuple[int, ...]) -> bool:
    """Whether a claim's matrix, or its column, has this shape."""
    assert claim.results is not None  # asked of matrices only
    rows, columns = len(claim.results), len(claim.results[0])
    return (rows, columns) == (shape if len(shape) == 2 else (*shape, 1))

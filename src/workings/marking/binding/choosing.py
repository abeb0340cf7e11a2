"""The quantity that fits a claim best."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from heapq import merge

from workings.marking.binding.fitting import MOST_FOR_SYMBOLS, fits
from workings.marking.binding.ledger import Ledger
from workings.marking.binding.names import Names
from workings.marking.binding.operands import names_in
from workings.marking.binding.ways import Way
from workings.marking.reading.claims import Claim
from workings.network.network import Array
from workings.network.quantity import Quantity

LEAST_SCORE = 2.0
"""What a claim must reach to be taken for a quantity: a result of three figures alone does not."""

MOST_FOR_OPERANDS = 3.0


def best(
    claim: Claim, ledger: Ledger, names: Names, updates: Sequence[int], in_symbols: Sequence[Array]
) -> tuple[float, Quantity | None]:
    """The quantity that fits a claim best, and how well; None where none fits well enough.

    Names in formulas and operands, which take longest, are looked at only where they can still decide.

    Parameters
    ----------
    claim : Claim
    ledger : Ledger
    names : Names
    updates : sequence of int
        The round that is worked out, and the next one where it may have begun.
    in_symbols : sequence of array
        The values of the claim's formulas.
    """
    if not claim.numbers:
        return 0.0, None
    known, inside = names.known(claim.subject), names_in(claim)
    meant = frozenset(ledger.equations.at[names[name]] for name in inside if name in names)
    has_operands = claim.worked is not None and claim.result is not None
    for_operands = MOST_FOR_OPERANDS * has_operands
    operands = frozenset(map(float, claim.operands))
    rounds = {
        update: fit
        for update in updates
        if (fit := fits(claim, ledger, update, known, in_symbols, is_next=update > updates[0])) is not None
    }
    within_reach = (fit.within_reach(bool(meant), LEAST_SCORE - for_operands) for fit in rounds.values())
    best, chosen = (0.0, math.inf, 0, 0), None
    for most, n, at in merge(*within_reach, reverse=True):
        if most + for_operands < best[0]:
            break
        fit = rounds[-n]
        q = fit.candidates.all[-at]
        ways = ledger.ways(q) if claim.result is not None else ()  # of whole ones only the value tells
        score = fit.score(-at, _of_symbols(ways, meant, len(inside), fit.agrees_at(-at)))
        whole = score + (_of_operands(ways, operands, ledger) if has_operands else 0.0)
        if (whole, score, n, at) > best:
            best, chosen = (whole, score, n, at), q
    return best[0], chosen


def _of_symbols(ways: Sequence[Way], meant: Set[int], n_names: int, agrees: bool) -> float:
    """How well the names of a claim's formulas are those of the equation."""
    if not meant or not ways:
        return 2.5 * agrees
    shares = (len(meant & way.places) / max(len(meant | way.places), n_names) for way in ways)
    return agrees + MOST_FOR_SYMBOLS * max(shares)


def _of_operands(ways: Sequence[Way], operands: Set[float], ledger: Ledger) -> float:
    """How many of the numbers put in are those of the equation."""
    best = 0.0
    for depth, way in enumerate(ways):
        wanted = ledger.sizes_of(way)
        if wanted or operands:
            shared = len(wanted & operands)
            best = max(best, MOST_FOR_OPERANDS * shared / len(wanted | operands) - 0.1 * depth)
    return best

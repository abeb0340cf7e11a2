"""The names inside a claim's formulas, and which quantities they mean as far as the numbers put in tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from workings.algebra.expression import Add, Expr, Reference, Subtract, children, references
from workings.marking.binding.custom import of_letter
from workings.marking.binding.ledger import Ledger
from workings.marking.binding.names import Names
from workings.marking.checking.comparing import literal, terms
from workings.marking.reading.claims import Claim
from workings.network.quantity import Quantity


@lru_cache(maxsize=1)  # asked several times while a claim is bound
def names_in(claim: Claim) -> frozenset[str]:
    """The names in a claim's formulas."""
    return frozenset(str(part.key) for side in claim.symbolic for part in references(side.expression))


def operands(claim: Claim, q: Quantity, ledger: Ledger, names: Names) -> Iterator[tuple[str, Quantity]]:
    """Which quantities the new names in a claim's formula mean, given the one that the claim is about."""
    new = names_in(claim) - names.keys()
    if not new:
        return
    written = {
        name: float(number) for name, number in substitutions(claim) if name in new and number
    }  # zeros are alike
    by_value: dict[float, dict[Quantity, None]] = defaultdict(dict)  # in the order of the equation
    for way in ledger.ways(q):
        for key in way.quantities:
            by_value[ledger.value(key)][key.dated(None)] = None
    taken: set[Quantity] = set()
    for name, number in written.items():
        free = [meant for meant in by_value.get(number, ()) if meant not in taken]
        if free:
            best = max(free, key=lambda meant: of_letter(name, meant))
            taken.add(best)
            yield name, best


def substitutions(claim: Claim) -> Iterator[tuple[str, Decimal]]:
    """The number that stands for each name, where a formula and the numbers put in have the same shape."""
    if claim.worked is None:
        return
    for side in claim.symbolic:
        yield from _aligned(side.expression, claim.worked.expression)


def _aligned(symbolic: Expr, numeric: Expr) -> Iterator[tuple[str, Decimal]]:
    if isinstance(symbolic, Reference):
        if (number := literal(numeric)) is not None:
            yield str(symbolic.key), number
        return
    left, right = tuple(children(symbolic)), tuple(children(numeric))
    if type(symbolic) is not type(numeric):
        if not isinstance(symbolic, Add | Subtract) or not isinstance(numeric, Add | Subtract):
            return
        left, right = tuple(terms(symbolic)), tuple(terms(numeric))  # b = -0.5 is put in as - 0.5
    if len(left) == len(right):
        for a, b in zip(left, right, strict=True):
            yield from _aligned(a, b)

"""Worked pages for the tests: a training step and the forward pass after it, with one slip if asked for."""

from dataclasses import dataclass
from decimal import Decimal

from workings.algebra.expression import number_of, substitute
from workings.algebra.rounding import Rounding
from workings.algebra.write.text import write_text
from workings.marking.binding.ledger import Ledger
from workings.marking.checking.comparing import value_of
from workings.network.quantity import Quantity

KINDS = ("z", "a", "C", "dC/da", "da/dz", "delta", "dC/dW", "dC/db", "W+", "b+")
_ORDER = {kind: i for i, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Page:
    text: str
    line: int | None = None
    """Of the slip, from 1."""


def steps(network):
    """All numbers in the order in which one works them out by hand, and the forward pass after the update."""
    again = [q for q in Ledger(network).quantities(2) if q.kind in ("z", "a")]
    found = [q for q in Ledger(network).quantities(1) if q.kind in KINDS and q.output is None]
    forward = [q for q in found if q.kind in ("z", "a")]
    backward = [q for q in found if q.kind in ("dC/da", "da/dz", "delta")]
    rest = [q for q in found if q.kind in ("dC/dW", "dC/db", "W+", "b+")]
    cost = [Quantity("C", update=1)]
    return [
        *sorted(forward, key=lambda q: (q.layer, _ORDER[q.kind])),
        *cost,
        *sorted(backward, key=lambda q: (-q.layer, _ORDER[q.kind])),
        *sorted(rest, key=lambda q: _ORDER[q.kind]),
        *sorted(again, key=lambda q: (q.layer, _ORDER[q.kind])),
    ]


def name(q):
    index = "".join(str(i + 1) for i in q.index)
    stem, _, updated = q.kind.partition("+")
    if stem in ("dC/dW", "dC/db", "dC/da"):
        return f"{stem}_{q.layer}{index}"
    if stem == "da/dz":
        return f"da_{q.layer}{index}/dz_{q.layer}{index}"
    if stem == "C":
        return "C"
    return ("new_" if "+" in q.kind else "") + f"{stem}_{q.layer}{index}" + updated


def page(network, digits=6, plant=None):
    """A page in which every step is ``name = numbers put in = result``.

    ``plant`` maps the ledger, a quantity and its formula to another formula, or to None where none is to be planted.
    """
    ledger, rounding = Ledger(network), Rounding(digits=digits)
    lines, at = [], None
    for q in steps(network):
        formula = ledger.formula(q)
        made = plant(ledger, q, formula) if plant and at is None else None
        numbers = substitute(made or formula, lambda part: _number(ledger.value(part.key)))
        result = rounding.show(value_of(numbers))
        ledger.claim(q, float(result))
        lines.append(f"{name(q)} = {write_text(numbers)} = {result}")
        at = len(lines) if made is not None else at
    return Page("\n\n".join(lines) + "\n", None if at is None else 2 * at - 1)


def _number(value):
    return number_of(format(Decimal(repr(value)), "f"))

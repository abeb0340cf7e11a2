"""Steps under the name of another quantity: the right numbers, and what they belong to is called something else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workings.marking.bind import Binder, Bound
from workings.marking.binding.custom import derivative
from workings.marking.binding.ledger import GIVEN, UPDATED
from workings.marking.binding.operands import substitutions
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.network.quantity import Quantity


def misnamed(document: Document, binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """The steps whose name belongs to another quantity of the same kind; the binder forgets what they taught it."""
    used = _names_in_use(binder, bound)
    steps: dict[str, Counter[Quantity]] = defaultdict(Counter)
    for each in bound:
        if _is_step(each):
            steps[str(each.claim.subject)][_place(each)] += 1
    for each in bound:
        if not _is_step(each):
            continue
        name, place = str(each.claim.subject), _place(each)
        others = [other for other in steps[name] if _are_alike(other, place) and other != place]
        proper = next((found for found, _n in used[place].most_common() if found != name), None)
        if (known := _proper_parameter(binder, name, place)) is not None:
            proper = known
        elif others and proper is not None:
            kind = others[0].kind.removesuffix("+")
            binder.meaning[name] = replace(others[0], kind=kind, update=None)
        elif (proper := _proper_derivative(binder, name, place)) is None:
            continue
        first = each.claim.chain.sides[0]
        after = each.claim.chain.sides[1]
        yield Finding(
            "mislabelled", ("mislabelled", "formula_typo"), first.start, after.end, str(replace(place, update=None)),
            name, proper, symbolic=True, confidence=0.8,
            detail=f"What stands here is {proper}, not {name}.",
        )  # fmt: skip


def _is_step(each: Bound) -> bool:
    q, claim = each.quantity, each.claim
    is_of_one = q is not None and not q.is_whole and q.output is None and q.kind not in GIVEN
    return is_of_one and claim.subject is not None and not claim.is_given and len(claim.chain.sides) > 1


def _place(each: Bound) -> Quantity:
    assert each.quantity is not None  # asked of steps only
    return each.quantity


def _are_alike(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities differ in nothing but their place in the network."""
    return (one.kind, one.sample, one.update) == (other.kind, other.sample, other.update)


def _names_in_use(binder: Binder, bound: Sequence[Bound]) -> dict[Quantity, Counter[str]]:
    """What each quantity is called where its number is put in."""
    by_value: dict[float, list[Quantity]] = defaultdict(list)
    for q, value in binder.ledger.claimed.items():
        by_value[value].append(q)
    used: dict[Quantity, Counter[str]] = defaultdict(Counter)
    for each in bound:
        for name, number in substitutions(each.claim):
            found = by_value.get(float(number), [])
            if len(found) == 1 and name != each.claim.subject:
                used[found[0]][name] += 1
    return used


def _proper_parameter(binder: Binder, name: str, place: Quantity) -> str | None:
    """The name of a parameter that is updated under another parameter's; None where it is updated under its own."""
    meant = binder.meaning.get(name)
    right = Quantity(place.kind.removesuffix("+"), place.layer, place.index)
    if place.kind not in UPDATED or meant is None or meant.kind not in {"W", "b"} or meant == right:
        return None
    return next((other for other, q in binder.meaning.items() if q == right), None)


def _proper_derivative(binder: Binder, name: str, place: Quantity) -> str | None:
    """The name of a slope that is called the slope by another parameter; None where it is called rightly."""
    pair = derivative(name)
    meant = binder.meaning.get(pair[1]) if pair is not None else None
    wanted = place.kind.removeprefix("dC/d")
    if pair is None or meant is None or place.kind in UPDATED or meant.kind != wanted or wanted not in {"W", "b"}:
        return None
    right = Quantity(wanted, place.layer, place.index)
    if meant == right:
        return None
    known = next((other for other, q in binder.meaning.items() if q == right), None)
    return None if known is None else f"d{pair[0]}/d{known}"

"""Steps under the name of another quantity: the right numbers, and what they belong to is called something else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workings.marking.bind import Binder, Bound
from workings.marking.binding.custom import derivative, stem_and_tag
from workings.marking.binding.ledger import GIVEN, UPDATED
from workings.marking.binding.operands import substitutions
from workings.marking.checking.numbering import Numbering
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.reading.claims import Claim
from workings.network.quantity import Quantity

_OF_ONE_NUMBER = frozenset({"a", "da/dz"})
"""What is worked out from one number, which tells it from others where all of them are 0."""


def misnamed(document: Document, binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """The steps whose name belongs to another quantity of the same kind; the binder forgets what they taught it."""
    used = _names_in_use(binder, bound)
    steps = _steps(bound)
    numbering = numbering_of(binder, bound)
    for each in bound:
        if not is_step(each):
            continue
        name, place = str(each.claim.subject), place_of(each)
        others = [other for other in steps[name] if _are_alike(other, place) and other != place]
        called = (found for found, _n in used[place].most_common() if found != name)
        proper = next((found for found in called if stem_and_tag(found)[0] == stem_and_tag(name)[0]), None)
        owner = next((other for other in others if numbering.belongs(name, other)), None)
        if owner is not None and numbering.belongs(name, place) is False:
            proper = proper or numbering.renamed(name, place)
            _learn(binder, name, owner)
        elif (known := _proper_parameter(binder, name, place)) is not None:
            proper = known
        elif others and proper is not None and not numbering.belongs(name, place):
            _learn(binder, name, others[0])
        elif (proper := _proper_derivative(binder, name, place)) is None:
            continue
        first = each.claim.chain.sides[0]
        after = each.claim.chain.sides[1]
        yield Finding(
            "mislabelled", ("mislabelled", "formula_typo"), first.start, after.end, str(replace(place, update=None)),
            name, proper, symbolic=True, confidence=0.8,
            detail=f"What stands here is {proper}, not {name}.",
        )  # fmt: skip


def misplaced(binder: Binder, bound: Sequence[Bound]) -> dict[Claim, Quantity]:
    """The steps whose number is that of another quantity, which has a step of its own: not the name is wrong there."""
    numbering = numbering_of(binder, bound)
    named: dict[Quantity, set[str]] = defaultdict(set)
    for each in bound:
        if is_step(each):
            named[place_of(each)].add(str(each.claim.subject))
    found = {}
    for each in bound:
        if not is_step(each) or len(named[place := place_of(each)]) < 2:
            continue
        name = str(each.claim.subject)
        is_taken = any(numbering.belongs(other, place) for other in named[place] - {name})
        if not is_taken or numbering.belongs(name, place) is not False:
            continue
        free = [
            other
            for other in binder.ledger.quantities(place.update or 1)
            if _are_alike(other, place) and other.layer == place.layer and other not in named
        ]
        owners = [other for other in free if numbering.belongs(name, other)]
        if len(owners) == 1:
            found[each.claim] = owners[0]
    return found


def numbering_of(binder: Binder, bound: Sequence[Bound]) -> Numbering:
    """How the names of a document are numbered, as its steps tell."""
    numbering = Numbering(binder.ledger.network.sizes, binder.assumed.index_base)
    numbering.learn({(str(each.claim.subject), place_of(each)): None for each in bound if is_step(each)})
    return numbering


def _steps(bound: Sequence[Bound]) -> dict[str, Counter[Quantity]]:
    """Of which quantities each name begins a step."""
    steps: dict[str, Counter[Quantity]] = defaultdict(Counter)
    for each in bound:
        if is_step(each):
            steps[str(each.claim.subject)][place_of(each)] += 1
    return steps


def _learn(binder: Binder, name: str, owner: Quantity) -> None:
    """Have a name mean what it belongs to, and so the parameter in the name of a slope."""
    binder.meaning[name] = replace(owner, kind=owner.kind.removesuffix("+"), update=None)
    pair = derivative(name)
    if pair is not None and owner.kind in {"dC/dW", "dC/db"}:
        binder.meaning[pair[1]] = replace(owner, kind=owner.kind[-1], update=None)


def is_step(each: Bound) -> bool:
    """Whether a claim works out one number of the network that another could not be taken for without its name."""
    q, claim = each.quantity, each.claim
    is_of_one = q is not None and not q.is_whole and q.output is None and q.kind not in GIVEN
    tells_apart = any(claim.numbers) or (bool(claim.operands) and q is not None and q.kind in _OF_ONE_NUMBER)
    return is_of_one and tells_apart and claim.subject is not None and not claim.is_given and len(claim.chain.sides) > 1


def place_of(each: Bound) -> Quantity:
    """What a step is about."""
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

"""Mark a text: read it, bind its names, find how its writer works, work through it again, and report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from workings.marking.bind import Binder, Bound
from workings.marking.binding.choosing import LEAST_SCORE
from workings.marking.binding.ledger import GIVEN, UPDATED, Ledger
from workings.marking.binding.meant import bound_in_words
from workings.marking.binding.moments import Moments
from workings.marking.binding.names import Names
from workings.marking.check import Checker
from workings.marking.checking.carrying import carried_on
from workings.marking.checking.equation import against_equation
from workings.marking.checking.formulas import formulas
from workings.marking.checking.labels import mislabelled
from workings.marking.checking.links import links
from workings.marking.checking.naming import misnamed, misplaced
from workings.marking.checking.rules import rule_slips
from workings.marking.convention import Convention, convention_of
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.reading import prose
from workings.marking.reading.chains import Reading, read_chains
from workings.marking.reading.claims import Claim, claims
from workings.marking.reading.prose import Told
from workings.marking.recovery.recover import recover
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.quantity import Quantity

LARGEST_SHARE = 0.4
"""Of a kind of quantity that may be wrong, before the network that was read off the document is doubted instead."""


@dataclass(frozen=True, slots=True, repr=False)
class Marking:
    """What became of a document; ``print()`` shows the report.

    Attributes
    ----------
    document : Document
    convention : Convention
    bound : tuple of Bound
        All claims, each with its quantity.
    findings : tuple of Finding
        In the order of the text.
    reading : Reading
    counts : dict
        Links by verdict.
    ledger : Ledger, optional
        The writer's numbers on the network; None where no network was found.
    """

    document: Document
    convention: Convention
    bound: tuple[Bound, ...]
    findings: tuple[Finding, ...]
    reading: Reading
    counts: dict[str, int]
    ledger: Ledger | None = None

    @property
    def first(self) -> Finding | None:
        """The earliest wrong number."""
        numbers = (f for f in self.findings if not f.symbolic and f.severity == "slip" and f.kind != "mislabelled")
        return next(numbers, None)

    def __repr__(self) -> str:
        slips = sum(finding.severity == "slip" for finding in self.findings)
        return f"<Marking: {sum(self.counts.values())} numbers checked, {slips} slips; print() shows the report>"

    def __str__(self) -> str:
        from workings.marking.report import report

        return "\n".join(report(self))

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def mark(text: str, network: Network | str | Path | None = None, *, name: str = "") -> Marking:
    """Mark a text.

    Parameters
    ----------
    text : str
        Plain text, Markdown, LaTeX, comments of code, HTML or a Jupyter notebook.
    network : Network, str or Path, optional
        The network, with an example, that the text is about, or where it is: a network file or a shipped name. Read off
        the text itself when left out.
    name : str
        The name of the text's file, whose ending tells what it is; without one its beginning does.

    Raises
    ------
    InputError
        When there is no such network, or it has no example.
    """
    if isinstance(network, str | Path):
        network = load(network)
    document = Document.of(text, name)
    reading = read_chains(document)
    found = list(claims(reading.chains))
    convention = convention_of(pair for claim in found for *_, pairs in claim.links for pair in pairs if pair)
    told = list(prose.told(document.pieces, found))
    meant = network or recover(document, found)
    binder, bound = _bound(found, told, meant, is_given=network is not None)
    if binder is not None and binder.guesses:  # what comes later tells more of them
        again = _bound(found, told, meant, is_given=network is not None, names=binder.told())
        if again[0] is not None and len(again[0].guesses) <= len(binder.guesses):
            binder, bound = again
    if binder is not None and (placed := misplaced(binder, bound)):
        binder, bound = _bound(found, told, meant, is_given=network is not None, placed=placed)
    carried = None if binder is None else carried_on(binder.ledger, bound, convention.digits or 0)
    if carried is not None:
        convention = replace(convention, mode=carried.mode, carried=True)
    checker = Checker(document, convention, is_given=network is not None, carried=carried)
    findings = [finding for each in bound for finding in links(checker, each, binder)]
    findings += filter(None, (mislabelled(document, each) for each in bound))
    findings += [finding for claim in found for finding in rule_slips(document, claim)]
    if binder is not None:
        findings += misnamed(document, binder, bound)
        findings += _of_meaning(checker, binder, bound)
    findings.sort(key=lambda finding: (finding.start, finding.end))
    ledger = binder.ledger if binder is not None else None
    return Marking(document, convention, tuple(bound), tuple(findings), reading, checker.counts, ledger)


def _of_meaning(checker: Checker, binder: Binder, bound: list[Bound]) -> list[Finding]:
    """What is wrong about the quantities; of a network that was read off the document only where most of a kind agree.

    Where most weights after the update are not what plain descent gives, the writer has another optimizer; also where
    numbers are put in that have names of their own and are none of the network, velocities perhaps.
    """
    foreign = {abs(n) for each in bound if each.quantity is None and each.claim.subject for n in each.claim.numbers}
    asked: Counter[str] = Counter()
    otherwise: Counter[str] = Counter()
    wrong: dict[str, list[Finding]] = defaultdict(list)
    ledger = binder.ledger.as_of({})
    for each in bound:
        if (q := each.quantity) is None:
            continue
        kind = "update" if q.kind in UPDATED else q.kind
        asked[kind] += 1
        if q.kind in UPDATED and foreign & (each.claim.operands - each.own_numbers):
            otherwise[kind] += 1
            checker.counts["unclear"] += 1
        elif q.kind not in GIVEN:
            ledger.go_to(each.before)
            found = against_equation(checker, each, q, ledger)
            wrong[kind].extend([found] if found is not None else formulas(checker, each, q, binder, ledger))
    doubts = {kind: len(found) + otherwise[kind] for kind, found in wrong.items()}
    is_doubtful = {kind: n > max(1, LARGEST_SHARE * asked[kind]) for kind, n in doubts.items()}
    kept = [kind for kind in wrong if not is_doubtful[kind] or (checker.is_given and not otherwise[kind])]
    return [finding for kind in kept for finding in wrong[kind]]


def _bound(
    found: list[Claim],
    told: list[Told],
    network: Network | None,
    *,
    is_given: bool,
    names: Mapping[str, Quantity] = MappingProxyType({}),
    placed: Mapping[Claim, Quantity] = MappingProxyType({}),
) -> tuple[Binder | None, list[Bound]]:
    """All claims with their quantities, as the reading of the batch that explains most of them has it."""
    if network is None:
        return None, [Bound(claim, None) for claim in found]
    dated = {claim for each in told for claim in each.claims}
    in_order: list[Claim | Told] = sorted(
        [*(claim for claim in found if claim not in dated), *told], key=lambda each: each.start
    )
    moments = Moments(network)
    readings = []
    for of_batch in _readings_of_batch(network):
        binder = Binder(Ledger(network, of_batch=of_batch), trains_all=is_given, meaning=Names(names))
        bound: list[Bound] = []
        for each in in_order:
            if isinstance(each, Told):
                bound += bound_in_words(each, binder, moments)
            else:
                bound.append(_placed(each, placed[each], binder) if each in placed else binder.bind(each))
        readings.append((binder, bound))
    return max(readings, key=lambda reading: sum(bound.score for bound in reading[1]))


def _placed(claim: Claim, q: Quantity, binder: Binder) -> Bound:
    """A claim whose quantity is known beforehand."""
    bound = binder.known_before(claim, q, LEAST_SCORE)
    binder.meaning.pop(str(claim.subject), None)  # that was another quantity's
    binder.learn(claim, q)
    return bound


def _readings_of_batch(network: Network) -> tuple[bool, ...]:
    assert network.example is not None  # a Ledger has seen to it
    return (False, True) if network.example.is_batch and network.reduction == "mean" else (False,)

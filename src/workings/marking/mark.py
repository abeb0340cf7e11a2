"""Mark a text: read it, bind its names, find how its writer works, work through it again, and report."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from workings.marking.bind import Binder, Bound
from workings.marking.chains import Reading, read_chains
from workings.marking.check import Checker
from workings.marking.claims import Claim, claims
from workings.marking.convention import Convention, convention_of
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.labels import mislabelled
from workings.marking.ledger import UPDATED, Ledger
from workings.marking.recover import recover
from workings.network.network import Network
from workings.network.network_file import load

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


def mark(text: str, network: Network | str | Path | None = None) -> Marking:
    """Mark a text.

    Parameters
    ----------
    text : str
        Plain text, Markdown, LaTeX, or comments of code.
    network : Network, str or Path, optional
        The network, with an example, that the text is about, or where it is: a network file or a shipped name. Read off
        the text itself when left out.

    Raises
    ------
    InputError
        When there is no such network, or it has no example.
    """
    if isinstance(network, str | Path):
        network = load(network)
    document = Document(text)
    reading = read_chains(document)
    found = list(claims(reading.chains))
    convention = convention_of(pair for claim in found for *_, pairs in claim.links for pair in pairs if pair)
    binder, bound = _bound(found, network or recover(document, found), is_given=network is not None)
    checker = Checker(document, convention, is_given=network is not None)
    findings = [finding for each in bound for finding in checker.links(each)]
    findings += filter(None, (mislabelled(document, each) for each in bound))
    if binder is not None:
        findings += _of_meaning(checker, binder, bound)
    findings.sort(key=lambda finding: (finding.start, finding.end))
    ledger = binder.ledger if binder is not None else None
    return Marking(document, convention, tuple(bound), tuple(findings), reading, checker.counts, ledger)


def _of_meaning(checker: Checker, binder: Binder, bound: list[Bound]) -> list[Finding]:
    """What is wrong about the quantities; of a network that was read off the document only where most of a kind agree.

    Where most weights after the update are not what plain descent gives, the writer has another optimizer.
    """
    asked: Counter[str] = Counter()
    wrong: dict[str, list[Finding]] = defaultdict(list)
    for each in bound:
        if each.quantity is not None:
            kind = "update" if each.quantity.kind in UPDATED else each.quantity.kind
            asked[kind] += 1
            wrong[kind].extend(checker.meaning(each, binder))
    is_doubtful = {kind: len(found) > max(1, LARGEST_SHARE * asked[kind]) for kind, found in wrong.items()}
    kept = [kind for kind in wrong if checker.is_given or not is_doubtful[kind]]
    return [finding for kind in kept for finding in wrong[kind]]


def _bound(found: list[Claim], network: Network | None, *, is_given: bool) -> tuple[Binder | None, list[Bound]]:
    """All claims with their quantities, as the reading of the batch that explains most of them has it."""
    if network is None:
        return None, [Bound(claim, None) for claim in found]
    readings = []
    for of_batch in _readings_of_batch(network):
        binder = Binder(Ledger(network, of_batch=of_batch), trains_all=is_given)
        readings.append((binder, [binder.bind(claim) for claim in found]))
    return max(readings, key=lambda reading: sum(bound.score for bound in reading[1]))


def _readings_of_batch(network: Network) -> tuple[bool, ...]:
    assert network.example is not None  # a Ledger has seen to it
    return (False, True) if network.example.is_batch and network.reduction == "mean" else (False,)

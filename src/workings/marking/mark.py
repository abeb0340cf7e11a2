"""Mark a text: read it, bind its names, find how its writer works, work through it again, and report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from workings.marking.assumption import NOTHING, Assumption, assumption
from workings.marking.bind import Binder, Bound
from workings.marking.binding.ledger import GIVEN, UPDATED, Ledger
from workings.marking.binding.other_optimizers import with_other_optimizers
from workings.marking.check import Checker
from workings.marking.checking.carrying import carried_on
from workings.marking.checking.equation import against_equation
from workings.marking.checking.formulas import formulas
from workings.marking.checking.labels import mislabelled
from workings.marking.checking.last_digit import LastDigits
from workings.marking.checking.links import links
from workings.marking.checking.naming import misnamed, numbering_of
from workings.marking.checking.rules import rule_slips
from workings.marking.checking.verdicts import Judged, judged
from workings.marking.convention import Convention, convention_of, with_network
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.interpret import interpret
from workings.marking.reading import prose
from workings.marking.reading.chains import Reading, read_chains
from workings.marking.reading.claims import claims
from workings.marking.recovery.recover import recover
from workings.network.network import Network
from workings.network.network_file import load

LARGEST_SHARE = 0.4
"""Of a kind of quantity that may be wrong, before the network that was read off the document is doubted instead."""


@dataclass(frozen=True, repr=False)
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

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """The verdicts of all claims in which something is worked out, in the order of the text."""
        return judged(self)

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


def mark(
    text: str,
    network: Network | str | Path | None = None,
    *,
    name: str = "",
    assume: Assumption | str | Iterable[str] = NOTHING,
) -> Marking:
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
    assume : str or iterable of str
        What is not to be found but taken for granted about how the writer works, such as ``"half,digits=4"``: words of
        ``workings.marking.assumption.WORDS``. It goes over what the network's file says.

    Raises
    ------
    InputError
        When there is no such network, or it has no example; for an unknown word, or two that contradict each other.
    """
    assumed = assume if isinstance(assume, Assumption) else assumption(assume)
    if isinstance(network, str | Path):
        network = load(network)
    document = Document.of(text, name)
    reading = read_chains(document)
    found = list(claims(reading.chains))
    pairs = (pair for claim in found for *_, pairs in claim.links for pair in pairs if pair)
    convention = convention_of(pairs, assumed)
    told = list(prose.told(document.pieces, found))
    is_given, meant = network is not None, network or recover(document, found)
    meant = None if meant is None else assumed.of_network(meant)
    networks = [] if meant is None else [meant]
    if meant is not None and assumed.optimizer is None:
        networks += with_other_optimizers(meant, document.beginning)
    binder, bound = interpret(found, told, networks, assumed, is_given=is_given)
    carried = None if binder is None else carried_on(binder.ledger, bound, convention.digits or 0, assumed)
    if carried is not None:
        convention = replace(convention, mode=carried.mode, carried=True)
    if binder is not None:
        convention = with_network(convention, binder, bound, networks[0], is_given=is_given)
    checker = Checker(document, convention, is_given=is_given, carried=carried)
    findings = [finding for each in bound for finding in links(checker, each, binder)]
    findings += filter(None, (mislabelled(document, each) for each in bound))
    findings += [finding for claim in found for finding in rule_slips(document, claim)]
    if binder is not None:
        named = list(misnamed(document, binder, bound))
        told_already = {finding.start for finding in named}
        of_meaning = _of_meaning(checker, binder, bound)
        findings += named
        findings += [each for each in of_meaning if not (each.symbolic and each.start in told_already)]
    findings.sort(key=lambda finding: (finding.start, finding.end))
    ledger = binder.ledger if binder is not None else None
    return Marking(document, convention, tuple(bound), tuple(findings), reading, checker.counts, ledger)


def _of_meaning(checker: Checker, binder: Binder, bound: list[Bound]) -> list[Finding]:
    """What is wrong about the quantities; of a network that was read off the document only where most of a kind agree.

    Where most weights after the update are not what plain descent gives, the writer has another optimizer; also where
    numbers are put in that have names of their own and are none of the network, velocities perhaps.
    """
    unbound = [each.claim for each in bound if each.quantity is None and each.claim.subject]
    foreign = {abs(n) for claim in unbound for n in claim.numbers} if binder.assumed.optimizer is None else set()
    asked: Counter[str] = Counter()
    otherwise: Counter[str] = Counter()
    wrong: dict[str, list[Finding]] = defaultdict(list)
    ledger = binder.ledger.as_of({})
    last_digits, numbering = LastDigits(), numbering_of(binder, bound)
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
            if found is None:
                last_digits.look_at(checker, each, ledger)
                wrong[kind] += formulas(checker, each, q, binder, ledger=ledger, numbering=numbering)
            else:
                wrong[kind].append(found)
    doubts = {kind: len(found) + otherwise[kind] for kind, found in wrong.items()}
    is_doubtful = {kind: n > max(1, LARGEST_SHARE * asked[kind]) for kind, n in doubts.items()}
    kept = [kind for kind in wrong if not is_doubtful[kind] or (checker.is_given and not otherwise[kind])]
    checker.withdraw(finding for kind in wrong if kind not in kept for finding in wrong[kind])
    kept_findings = [finding for kind in kept for finding in wrong[kind]]
    return [*kept_findings, *last_digits.findings(checker)] if checker.is_given else kept_findings

"""Mark a text: read it, bind its names, find how its writer works, work through it again, and report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from workings.marking.assumption import NOTHING, Assumption, assumption
from workings.marking.bind import Binder, Bound
from workings.marking.binding.choosing import LEAST_SCORE
from workings.marking.binding.ledger import GIVEN, UPDATED, Ledger
from workings.marking.binding.meant import bound_in_words
from workings.marking.binding.moments import Moments
from workings.marking.binding.names import Names
from workings.marking.binding.other_optimizers import with_other_optimizers
from workings.marking.check import Checker
from workings.marking.checking.carrying import carried_on
from workings.marking.checking.equation import against_equation
from workings.marking.checking.formulas import formulas
from workings.marking.checking.labels import mislabelled
from workings.marking.checking.last_digit import LastDigits
from workings.marking.checking.links import links
from workings.marking.checking.naming import misnamed, misplaced, numbering_of
from workings.marking.checking.placing import other_places
from workings.marking.checking.rules import rule_slips
from workings.marking.checking.verdicts import Judged, judged
from workings.marking.convention import Convention, convention_of, with_network
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

_MOST_PLACES = 6
"""That are tried for steps which may be about another quantity than it seems."""

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
    binder, bound = _placed_best(partial(_bound, found, told, networks, assumed, is_given=is_given))
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


def _placed_best(bind: Callable[..., tuple[Binder | None, list[Bound]]]) -> tuple[Binder | None, list[Bound]]:
    """All claims with their quantities, where no step can be about another one that explains the rest better."""
    binder, bound = bind()
    if binder is None:
        return binder, bound
    if binder.guesses:  # what comes later tells more of them
        knowing = partial(bind, names=binder.told())
        again, bound_again = knowing()
        assert again is not None  # there is a network
        if len(again.guesses) <= len(binder.guesses):
            bind, binder, bound = knowing, again, bound_again
    placed = misplaced(binder, bound)
    if placed:
        binder, bound = bind(placed=placed)
    assert binder is not None
    for claim, q in islice(other_places(binder, bound), _MOST_PLACES):
        tried = {**placed, claim: q}
        other, otherwise = bind(placed=tried)
        if _explained(otherwise, tried) > _explained(bound, tried):
            placed, binder, bound = tried, other, otherwise
    return binder, bound


def _explained(bound: Sequence[Bound], placed: Mapping[Claim, Quantity]) -> float:
    """How well the claims fit their quantities, those aside whose place was not found from their numbers."""
    return sum(each.score for each in bound if each.claim not in placed)


def _bound(
    found: list[Claim],
    told: list[Told],
    networks: Sequence[Network],
    assumed: Assumption,
    *,
    is_given: bool,
    names: Mapping[str, Quantity] = MappingProxyType({}),
    placed: Mapping[Claim, Quantity] = MappingProxyType({}),
) -> tuple[Binder | None, list[Bound]]:
    """All claims with their quantities, as the reading of updates and samples that explains most of them has it."""
    if not networks:
        return None, [Bound(claim, None) for claim in found]
    dated = {claim for each in told for claim in each.claims}
    in_order: list[Claim | Told] = sorted(
        [*(claim for claim in found if claim not in dated), *told], key=lambda each: each.start
    )
    readings = []
    for moments, ledger in ((Moments(each), ledger) for each in networks for ledger in _readings(each, assumed)):
        binder = Binder(ledger, is_given, assumed, Names(names))
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


def _readings(network: Network, assumed: Assumption) -> Iterator[Ledger]:
    """The ways to go through samples: all for one update, with their mean taken late or early, or one an update."""
    is_batch = network.example is not None and network.example.is_batch
    if not (is_batch and assumed.online):
        yield Ledger(network)
        if is_batch and network.reduction == "mean":
            yield Ledger(network, of_batch=True)
    if is_batch and assumed.online is not False:
        yield Ledger(network, online=True)

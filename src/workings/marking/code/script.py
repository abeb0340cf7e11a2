"""Mark a script: run it apart, find the reading that most of its numbers fit, and report beside its comments."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from workings.errors import InputError
from workings.marking.assumption import NOTHING, Assumption
from workings.marking.binding.equations import alone
from workings.marking.binding.ledger import Ledger
from workings.marking.code.compare import Comparison, Wrong
from workings.marking.code.own_network import own_networks
from workings.marking.code.sandbox import Limits, Outcome, Record, run
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.mark import Marking, mark
from workings.marking.reading.chains import Unread
from workings.network import reference
from workings.network.network import Array, Network

LARGEST_WORK = 20_000
"""Parameters times samples; each of them is worked out by its own equation."""

_MOST_SHOWN = 6


def mark_script(
    text: str, network: Network | None = None, limits: Limits | None = None, assume: Assumption = NOTHING
) -> Marking:
    """Run a script and mark what it works out, and its comments as text.

    Parameters
    ----------
    text : str
        Python with NumPy.
    network : Network, optional
        With an example: what the script is about. Read off the arrays that it begins with when left out.
    limits : Limits, optional
        What it may use; see :func:`~workings.marking.code.sandbox.run` for what keeps it from doing harm, and what not.
    assume : Assumption
        What is taken for granted, in its comments and of the network.

    Raises
    ------
    InputError
        When it is no Python or works nothing out before it stops, when the network has no example or is too large, or
        when none is given and the script shows none.
    """
    if network is not None:
        _refuse_unfit(network)  # before anything is run
    document = Document(text)
    outcome = run(text, limits)
    if not outcome.records:
        where = f"line {outcome.line}: " if outcome.line else ""
        raise InputError(f"{where}nothing was worked out that could be marked: {outcome.reason or 'it has no numbers'}")
    about = [assume.of_network(each) for each in ([network] if network is not None else _own(outcome.records))]
    likely = [(compared(each, outcome.records), each) for each in about]
    found, meant = max(likely, key=lambda each: _merit(each[0]))
    comments = mark(_comments(text), meant, assume=assume)
    convention = comments.convention if network is not None else replace(comments.convention, loss=meant.loss.name)
    findings = [*comments.findings, *(_finding(document, each) for each in found.wrong)]
    reading = replace(comments.reading, unread=(*comments.reading.unread, *_unread(document, outcome, found)))
    counts = comments.counts | {
        "right": comments.counts["right"] + len(found.right),
        "wrong": comments.counts["wrong"] + len(found.wrong),
    }
    findings.sort(key=lambda finding: (finding.start, finding.end))
    return replace(
        comments, document=document, convention=convention, findings=tuple(findings), reading=reading, counts=counts
    )


def _refuse_unfit(network: Network) -> None:
    """Refuse a network without an example, or one whose numbers are too many."""
    Ledger(network)
    assert network.example is not None  # the ledger has seen to it
    work = network.parameters.flat.size * len(network.example.inputs)
    if work > LARGEST_WORK:
        raise InputError(
            f"scripts are marked entry by entry, on networks of at most {LARGEST_WORK:,} parameters times samples; "
            f"this one has {work:,}. Mark it on fewer samples, or on a smaller network"
        )


def _own(records: Sequence[Record]) -> list[Network]:
    """The networks that a script may be about."""
    found = list(own_networks(records))
    if not found:
        raise InputError(
            "this script shows no network: inputs, targets and weights by their usual names, and a forward pass that "
            "is right. Name the network that it is about with --network FILE"
        )
    _refuse_unfit(found[0])
    return found


def compared(network: Network, records: Sequence[Record]) -> Comparison:
    """The reading that most of a script's numbers fit, and of those the one with the fewest slips."""
    readings = list(_readings(network, records))
    fits = [reading.fit() for reading in readings]
    likely = [reading.run() for reading, fit in zip(readings, fits, strict=True) if fit == max(fits)]
    return max(likely, key=_merit)


def _merit(reading: Comparison) -> tuple[int, int]:
    return len(reading.right) - len(reading.wrong), len(reading.right)


def _readings(network: Network, records: Sequence[Record]) -> Iterator[Comparison]:
    """Gradients uphill or downhill; of a batch the mean taken late or early, or sample by sample."""
    example = network.example
    assert example is not None
    downhill = Comparison(Ledger(network), records).climbs
    for sign in (1.0, -1.0)[: 1 + downhill]:
        yield Comparison(Ledger(network), records, sign)
        if len(example.inputs) == 1:
            continue
        if network.reduction == "mean":
            yield Comparison(Ledger(network, of_batch=True), records, sign)
        gathers = _has(records, reference.forward(network, example.inputs)[1][1][1])
        yield Comparison(Ledger(alone(network)), records, sign, gathers=gathers)


def _has(records: Sequence[Record], values: Array) -> bool:
    """Whether some array holds just these values."""
    return any(
        record.value.size == values.size and np.allclose(record.value.ravel(), values, rtol=1e-9, atol=0)
        for record in records
    )


def _comments(text: str) -> str:
    """The comments and docstrings where they stand, and blanks in the place of everything else."""
    lines = text.split("\n")
    kept = [[" "] * len(line) for line in lines]
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            is_docstring = token.type == tokenize.STRING and not token.line[: token.start[1]].strip()
            if token.type == tokenize.COMMENT or is_docstring:
                (first, start), (last, end) = token.start, token.end
                for number in range(first - 1, last):
                    left = start if number == first - 1 else 0
                    right = end if number == last - 1 else len(lines[number])
                    kept[number][left:right] = lines[number][left:right]
    except (tokenize.TokenError, IndentationError):
        pass  # what could be read until then
    return "\n".join("".join(line) for line in kept)


def _finding(document: Document, wrong: Wrong) -> Finding:
    site = wrong.record.site
    detail = (
        f"{wrong.record.name} has the value that comes of it."
        if wrong.is_explained
        else f"{wrong.record.name} has the shape and the name of {wrong.target.address}, but another value."
    )
    return Finding(
        wrong.codes[0], wrong.codes, _offset(document, site.start), _offset(document, site.end), wrong.target.address,
        _shown(wrong.written), _shown(wrong.expected), confidence=0.9 if wrong.is_explained else 0.5, detail=detail,
        severity="remark" if wrong.target.quantity.kind == "C" else "slip",
    )  # fmt: skip


def _shown(array: Array) -> str:
    """A number, or the first entries of an array."""
    numbers = [f"{number + 0.0:.6g}" for number in array.ravel()[:_MOST_SHOWN]]
    if array.size == 1:
        return numbers[0]
    more = ", ..." if array.size > _MOST_SHOWN else ""
    return f"[{', '.join(numbers)}{more}]"


def _offset(document: Document, place: tuple[int, int]) -> int:
    """The character at a line and a column of bytes."""
    line, column = place
    lines = document.text.split("\n")
    return sum(len(each) + 1 for each in lines[: line - 1]) + len(lines[line - 1].encode()[:column].decode())


def _unread(document: Document, outcome: Outcome, found: Comparison) -> Iterator[Unread]:
    """Why not everything was marked."""
    if outcome.reason is not None:
        at = _offset(document, (outcome.line or 1, 0))
        yield Unread(at, at + 1, f"the script did not go through: {outcome.reason}; marked is what it had by then")
    if not found.right and not found.wrong:
        yield Unread(0, 1, "none of the numbers that the script works out is one of this network's")
    for own in found.own:
        at = _offset(document, own.site.start)
        yield Unread(at, at + 1, f"{own.name} starts from numbers of its own; what follows is marked from these")

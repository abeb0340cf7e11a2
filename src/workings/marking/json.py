"""A marking as one JSON object: ``workings.marking``, version 1."""

from __future__ import annotations

from typing import Any

from workings.marking.checking.verdicts import carried, with_carried
from workings.marking.convention import Convention
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.mark import Marking
from workings.marking.slips import explanation

SCHEMA = {"name": "workings.marking", "version": 1}


def as_json(marking: Marking) -> dict[str, Any]:
    """The object; lines and columns are those of the file and count from 1.

    In a notebook, whose file nobody looks at, ``cell``, ``cell_line`` and ``cell_column`` tell the place beside them.
    """
    verdicts = marking.judged
    counts = with_carried(marking.counts, verdicts)
    return {
        "schema": SCHEMA,
        "convention": _convention(marking.convention),
        "links": {"read": sum(counts.values()), **counts},
        "findings": [_finding(marking, finding) for finding in marking.findings],
        "carried": [_carried(marking, *place) for place in carried(verdicts)],
        "unread": [
            {**_place(marking.document, unread.start), "reason": unread.reason} for unread in marking.reading.unread
        ],
    }


def _convention(convention: Convention) -> dict[str, Any]:
    return {
        "digits": convention.digits,
        "rounding": convention.mode,
        "carried": convention.carried,
        "loss": convention.loss,
        "reduction": convention.reduction,
        "optimizer": convention.optimizer,
        "online": convention.online,
        "trains_biases": convention.trains_biases,
        "index_base": convention.index_base,
        "assumed": ["rounding" if name == "mode" else name for name in convention.assumed.said],
        "sentence": convention.sentence(),
    }


def _finding(marking: Marking, finding: Finding) -> dict[str, Any]:
    document = marking.document
    end_line, _ = document.place(max(finding.end - 1, finding.start))
    return {
        **_place(document, finding.start),
        "end_line": end_line,
        "quote": document.text[finding.start : finding.end],
        "quantity": finding.quantity,
        "claimed": finding.claimed,
        "expected": finding.expected,
        "kind": finding.kind,
        "candidates": list(finding.candidates),
        "severity": finding.severity,
        "confidence": finding.confidence,
        "symbolic": finding.symbolic,
        "first": finding is marking.first,
        "explanation": explanation(finding),
    }


def _carried(marking: Marking, start: int, end: int, slip: Finding) -> dict[str, Any]:
    """What is right given an earlier slip, and which slip that is."""
    document = marking.document
    line, column = document.place(start)
    return {
        "line": line,
        "column": column,
        "quote": document.text[start:end],
        "from": {"line": document.place(slip.start)[0], "quantity": slip.quantity},
    }


def _place(document: Document, at: int) -> dict[str, int]:
    line, column = document.place(at)
    in_cell = zip(("cell", "cell_line", "cell_column"), document.cell(at) or (), strict=False)
    return {"line": line, "column": column, **dict(in_cell)}

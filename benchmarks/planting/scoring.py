"""A marker's report held against the label of a planted document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from benchmarks.planting.documents import Label, Planted
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.network.network_file import load_text


def mark_json(text: str, network: str | None) -> dict[str, object]:
    """What ``workings mark DOCUMENT [--network FILE] --json`` says, without a process of its own."""
    return as_json(mark(text, None if network is None else load_text(network.encode(), "network.toml")))


def squeeze(text: object) -> str:
    """A quote without what any writer may change; this and the next four are the rules of the corpus' score.py."""
    return re.sub(r"[\s$\\]+|(?<=\d),(?=\d{3})", "", str(text).replace("−", "-").replace("·", "*").replace("×", "*"))


def is_fair(report: dict, label: Label) -> bool:
    """On the line of the label, and not much longer than what it quotes."""
    is_short = len(squeeze(report.get("quote", ""))) <= 2.5 * len(squeeze(label.quote)) + 20
    return is_short and label.line <= report.get("line", 0) <= label.end_line


def meets_quote(report: dict, label: Label) -> bool:
    quote, wanted = squeeze(report.get("quote", "")), squeeze(label.quote)
    return bool(is_fair(report, label) and quote and (quote in wanted or wanted in quote))


def meets_claim(report: dict, label: Label) -> bool:
    quote, claimed = squeeze(report.get("quote", "")), squeeze(label.claimed)
    is_there = squeeze(report.get("claimed", "")) == claimed or (len(claimed) > 2 and claimed in quote)
    return bool(is_fair(report, label) and claimed and is_there)


def meets(report: dict, label: Label) -> bool:
    return meets_quote(report, label) or meets_claim(report, label)


@dataclass(frozen=True)
class Score:
    """What a marker made of a document; ``owed`` says whether a finding was due."""

    owed: bool
    located: bool = False
    named: bool = False  # by its first name
    among: bool = False  # the first three
    false: int = 0
    needless: int = 0  # remarks where nothing was planted
    failed: str = ""

    @property
    def fell_short(self) -> bool:
        return bool(self.failed or self.false or (self.owed and not self.among))


def score(planted: Planted, report: dict) -> Score:
    """Hold a report against the label of a document."""
    label, findings = planted.label, report["findings"]
    slips = [each for each in findings if each.get("severity", "slip") == "slip"]
    remarks = len(findings) - len(slips)
    if label is None or not label.visible:
        return Score(owed=False, false=len(slips), needless=remarks)
    met = [each for each in slips if meets(each, label)]
    kinds = {label.kind, *label.alt_kinds}
    return Score(
        owed=label.severity == "slip",
        located=bool(met),
        named=any(each.get("kind") in kinds for each in met),
        among=any(kinds & {each.get("kind"), *(each.get("candidates") or [])[:3]} for each in met),
        false=len(slips) - len(met),
        needless=sum(each not in slips and not meets(each, label) for each in findings),
    )


def scored(planted: Planted, with_network: bool) -> Score:
    """Mark a document and score what was said; a marker that breaks is a score too."""
    try:
        return score(planted, mark_json(planted.text, planted.network if with_network else None))
    except Exception as error:
        return Score(owed=planted.label is not None, failed=f"{type(error).__name__}: {error}")

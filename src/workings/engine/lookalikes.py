"""Cells that mean a number but are not written as one, and dates: what they are, and what to write instead."""

from __future__ import annotations

import re
from decimal import Decimal

from workings.engine.cells import MISSING

_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_TIME = r"[t ]\s*\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:[ap]m)?\s*(?:z|utc|[-+]\d\d:?\d\d)?"
_DATE = re.compile(
    rf"(?:\d{{4}}(?P<first>[-/]){_MONTH}(?:(?P=first){_DAY})?"  # 2024-01-31, 2024-01
    rf"|{_DAY}(?P<second>[-/.]){_DAY}(?P=second)(?:\d{{4}}|\d\d)"  # 31.01.2024, 1/31/24
    rf"|{_DAY}\.?[- ]{_MONTH_NAME}[-, ]*(?:\d{{4}}|\d\d)"  # 31 January 2024
    rf"|{_MONTH_NAME}[- ](?:{_DAY},? )?\d{{4}})(?:{_TIME})?",  # Jan 31, 2024
    re.IGNORECASE,
)

_CURRENCY = "[$€£¥₹₩₽]"
_THOUSANDS = {".": r",'’ \u00a0\u202f_", ",": r".'’ \u00a0\u202f_"}
"""What may separate thousands, by the sign of the decimals."""

_DRESSED = {
    sign: re.compile(
        rf"(?P<minus>-?){_CURRENCY}?\s?(?P<whole>\d{{1,3}}(?:(?P<separator>[{thousands}])\d{{3}})"
        rf"(?:(?P=separator)\d{{3}})*|\d+)(?:[{sign}](?P<decimals>\d+))?\s?(?P<percent>%?){_CURRENCY}?"
    )
    for sign, thousands in _THOUSANDS.items()
}

_NO_FINITE_NUMBER = (
    (re.compile(r"[-+]?(inf(inity)?|∞|1\.#inf)", re.IGNORECASE), "infinite"),
    (re.compile(r"[-+]?(nan(\(.*\))?|1\.#(qnan|ind))", re.IGNORECASE), "what a calculation without a value leaves"),
    (re.compile(r"#[a-z0-9/]+[!?]", re.IGNORECASE), "what a spreadsheet shows for a formula that failed"),
    (re.compile(r"[-+]?[\d.,]+e\+?\d+", re.IGNORECASE), "too large for a number"),
)


def is_date(cell: str) -> bool:
    """Whether a cell looks like a day or a month of some year, with or without a time."""
    return _DATE.fullmatch(cell) is not None


def plainly(cell: str, decimal_comma: bool = False) -> str | None:
    """The number of a cell with a currency sign, a percent sign or separators of thousands, without them.

    ``1508`` for ``$1,508``, ``0.77`` for ``77%``. None where the cell is nothing of the kind.
    """
    signs = (",", ".") if decimal_comma else (".", ",")
    match = next((found for sign in signs if (found := _DRESSED[sign].fullmatch(cell))), None)
    if match is None:
        return None
    whole = re.sub(r"\D", "", match["whole"])
    number = Decimal(f"{match['minus']}{whole}.{match['decimals'] or ''}")
    plain = f"{number / 100 if match['percent'] else number:f}"
    return plain.replace(".", ",") if decimal_comma else plain


def advice(cell: str, decimal_comma: bool = False) -> str:
    """What to do about a cell that is no number in a column of numbers, as a sentence."""
    plain = plainly(cell, decimal_comma)
    if plain is not None:
        return f"Write such cells plain: {plain}"
    what = next((f"{cell} is {kind}. " for pattern, kind in _NO_FINITE_NUMBER if pattern.fullmatch(cell)), "")
    others = ", ".join(sorted(MISSING - {""}))
    return f"{what}Leave a cell empty where its number is not known; these mean the same: {others}"

"""A number that should have been another: what happened to its digits."""

from __future__ import annotations

from decimal import Decimal

from workings.algebra.rounding import MODES
from workings.marking.checking.comparing import decimals, last_place, rounded

_FEWEST_FOR_EDITS = 3
"""Figures; of two numbers of two figures nobody can tell a typing error from a miscalculation."""


def digit_slips(value: Decimal, written: Decimal, mode: str) -> list[str]:
    """The codes of what may have happened, the likeliest first; empty where the number is right.

    Parameters
    ----------
    value : Decimal
        The exact one.
    written : Decimal
        With the decimals it was written with.
    mode : str
        How this writer rounds.
    """
    right = rounded(value, written, mode)
    if right == written:
        return []
    off = abs(value - written)
    if off < last_place(written):
        is_cut = mode != "truncate" and rounded(value, written, "truncate") == written
        return ["truncation"] if is_cut else ["rounding", "digit", "arithmetic"]
    if -right == written:
        return ["sign", "arithmetic"]
    if is_shifted(value, written):
        return ["decimal_shift", "digit"]
    if abs(right - written) <= last_place(written) and len(written.as_tuple().digits) > 1:
        return ["rounding", "digit", "arithmetic"]
    if is_mistyped(value, written, mode):
        figures = len(written.as_tuple().digits)
        return ["digit", "arithmetic"] if figures > _FEWEST_FOR_EDITS else ["arithmetic", "digit"]
    return ["arithmetic"]


def is_shifted(value: Decimal, written: Decimal) -> bool:
    """Whether these are the right digits with the decimal point elsewhere."""
    if not value or not written or value.is_signed() != written.is_signed():
        return False
    shift = value.adjusted() - written.adjusted()
    if not 1 <= abs(shift) <= 3:
        return False
    moved = written.scaleb(shift)
    return any(abs(value - moved) <= last_place(moved) and rounded(value, moved, mode) == moved for mode in MODES)


def is_mistyped(value: Decimal, written: Decimal, mode: str) -> bool:
    """Whether one slip of the finger makes the written number of a value, with one figure more or less or as many."""
    places = decimals(written)
    shown = (rounded(value, Decimal(1).scaleb(-max(n, 0)), mode) for n in (places, places - 1, places + 1))
    return any(is_edited(right, written) for right in shown)


def is_edited(right: Decimal, written: Decimal) -> bool:
    """Whether one digit was mistyped, two neighbours swapped, one dropped or one doubled."""
    if right.is_signed() != written.is_signed():
        return False
    a, b = (f"{abs(number):f}" for number in (right, written))
    if len(a) == len(b):
        wrong = [i for i in range(len(a)) if a[i] != b[i]]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2 and wrong[1] - wrong[0] <= 2 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
        )
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))

"""What may happen to the digits of a number that is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise


def shifts(text: str) -> Iterator[str]:
    """The decimal point one place further right or left."""
    for places in (1, -1):
        shifted = Decimal(text).scaleb(places)
        yield f"{shifted.quantize(Decimal(1)) if shifted.as_tuple().exponent > 0 else shifted:f}"


def _swapped(text: str) -> Iterator[str]:
    for i, (a, b) in enumerate(pairwise(text)):
        if a.isdigit() and b.isdigit():
            yield text[:i] + b + a + text[i + 2 :]


def _dropped(text: str) -> Iterator[str]:
    for i in range(text.find(".") + 1 if "." in text else len(text), len(text)):
        yield text[:i] + text[i + 1 :]


def _doubled(text: str) -> Iterator[str]:
    for i in range(text.find(".") + 1 if "." in text else len(text), len(text)):
        yield text[:i] + text[i] + text[i:]


def _mistyped(text: str) -> Iterator[str]:
    for i, old in enumerate(text):
        if old.isdigit():
            yield from (text[:i] + new + text[i + 1 :] for new in "0123456789" if new != old)


def _visible(edit: Callable[[str], Iterator[str]]) -> Callable[[str], Iterator[str]]:
    """Without what is the same number, or the same number to fewer or more digits."""

    def edits(text: str) -> Iterator[str]:
        for new in dict.fromkeys(edit(text)):
            is_whole = new[-1].isdigit() and not (new.lstrip("-")[0] == "0" and new.lstrip("-")[1:2].isdigit())
            if is_whole and not new.startswith(text) and not text.startswith(new) and Decimal(new) != Decimal(text):
                yield new

    return edits


DIGIT_EDITS = {
    "swapped": _visible(_swapped),
    "dropped": _visible(_dropped),
    "doubled": _visible(_doubled),
    "mistyped": _visible(_mistyped),
}


def all_digit_edits(text: str) -> set[str]:
    """What one slip of the finger can make of a number."""
    return {new for edit in DIGIT_EDITS.values() for new in edit(text)}

"""What the spelling of a name says by custom: little, and never against the numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from workings.algebra.names import halves, parts_of
from workings.network.quantity import Quantity

_LETTERS = (
    (re.compile(r"x|i|in|inp|input\w*", re.I), {"x"}),
    (re.compile(r"t|y|target\w*|y_?true|label|d|expected|desired", re.I), {"y"}),
    (re.compile(r"w|v|u|theta|weight\w*", re.I), {"W", "W+"}),
    (re.compile(r"b|c|bias\w*", re.I), {"b", "b+"}),
    (re.compile(r"eta|lr|alpha|rate|learning_?rate", re.I), {"eta"}),
    (re.compile(r"lambda|l2|alpha|decay|reg\w*|wd|weight_?decay", re.I), {"l2"}),
    (re.compile(r"z|net|s|u|q|v|n|pre\w*|sum|in", re.I), {"z"}),
    (re.compile(r"a|h|o|out\w*|act\w*|p|y|y_?hat|y_?pred|pred\w*|g", re.I), {"a"}),
    (re.compile(r"c|e|l|j|cost|loss|error|e_?total|err|mse|sse", re.I), {"C"}),
    (re.compile(r"delta\w*|err\w*|d", re.I), {"delta"}),
    (re.compile(r".*grad.*|g|dw\w*|dv\w*", re.I), {"dC/dW"}),
    (re.compile(r".*grad.*b.*|db\w*|dc\w*", re.I), {"dC/db"}),
)


_MOST_NAMES = 4096
"""Of which is kept what their spelling says: those of many documents must not fill the memory."""


@lru_cache(maxsize=_MOST_NAMES)
def told(name: str) -> frozenset[str]:
    """The kinds of quantity that a name's letters are used for by custom."""
    stem, _tag = stem_and_tag(name)
    return frozenset(kind for pattern, kinds in _LETTERS if pattern.fullmatch(stem) for kind in kinds)


def of_letter(name: str, q: Quantity) -> float:
    """What the letters of a name say by custom: a little."""
    kinds = told(name)
    if not kinds:
        return 0.0
    if kinds == {"delta"} and len(stem_and_tag(name)[0]) > 1:
        return 1.6 if q.kind == "delta" else -1.0  # no other letter is so widely agreed upon
    if q.kind == "C" and q.output is None and is_cost(name):
        return 2.0
    return 0.6 if q.kind in kinds else -0.4


def of_index(name: str, q: Quantity) -> float:
    """What the digits of a name's index say: two of them are mostly a weight's."""
    digits = re.findall(r"\d", stem_and_tag(name)[1])
    return 0.3 if len(digits) == len(q.index) else 0.0


_COSTS = frozenset({"cost", "loss", "error", "mse", "sse", "e_total", "etotal", "e_tot"})


def is_cost(name: str) -> bool:
    """Whether a name is one of those that costs are given."""
    stem, _tag = stem_and_tag(name)
    return stem in {"C", "E", "L", "J"} or stem.lower() in _COSTS


@lru_cache(maxsize=_MOST_NAMES)
def stem_and_tag(name: str) -> tuple[str, str]:
    """A name without its index, and the index: ``net`` and ``h1`` for ``net_h1``."""
    found = parts_of(name)
    if found is None:
        return name, ""
    subscript = found.subscript
    if subscript and not re.search(r"\d", subscript) and len(subscript) > 2:
        return f"{found.base}_{subscript}", found.layer
    return found.base, subscript + found.layer + found.superscript


_AS_IN_CODE = re.compile(r"(d(?!elta)[^\W\d_]\w*?)_(d(?!elta)[^\W\d_]\w*)")


@lru_cache(maxsize=_MOST_NAMES)
def derivative(name: str) -> tuple[str, str] | None:
    """The halves of a derivative: ``E`` and ``w5`` for ``dE/dw5``, and for ``dE_dw5`` as one writes it in code."""
    found = _AS_IN_CODE.fullmatch(name)
    return halves(f"{found[1]}/{found[2]}" if found else name)


_NEW = re.compile(
    r"(?:new|neu|updated)_?(?P<a>.+)|(?P<b>.+?)_?(?:new|neu|updated|next|plus)|(?P<c>.+?)(?:\^\+|'|\^\{\(new\)\})"
)


@lru_cache(maxsize=_MOST_NAMES)
def old_name(name: str) -> str | None:
    """The name before the update: ``w5`` for ``w5^+``, ``new_w5`` and ``w5'``."""
    found = _NEW.fullmatch(name)
    return next((old for old in found.groups() if old), None) if found else None

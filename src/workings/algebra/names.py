"""The one spelling of a name, however it was written: ``net_h1``, ``w5^+``, ``delta_o1``, ``dE_total/dw5``.

Text, Unicode and LaTeX differ in how they set a subscript; here they agree, so that names can be compared.
The rules, in the order of a name's parts:

* Greek letters are words (``delta``); fonts and bold type say nothing; a hat is the subscript ``hat``.
* An index of digits follows its letters directly: ``w5`` for ``w_5``, ``w_{5}`` and ``w₅``. Any other subscript
  follows an underscore, ``net_h1``, in braces where it holds more than letters and digits: ``w_{1,2}``.
* Primes follow the subscript; then ``^+`` or a superscript in round brackets, ``z1^{(2)}``. A number above that is
  followed by a subscript is no power but a layer, and stays in front of it: ``w^{2}_13``.
* The number of a sample comes last: ``C@2``.
* A derivative that is a quantity of its own is ``d`` one name ``/d`` another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LETTERS = "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"
_WORDS = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon
phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"""

GREEK = dict(zip(_LETTERS, _WORDS.split(), strict=True))
GREEK |= {"ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "ς": "sigma", "∇": "nabla", "ℓ": "ell"}
GREEK_WORDS = frozenset(GREEK.values())

_NAME = re.compile(
    r"(?P<stem>[^\W_]*?[^\W\d_])(?P<index>\d*)(?:\^\{(?P<layer>\d[^{}]*)\}(?=_))?"
    r"(?:_(?P<subscript>\{[^{}]*\}|\w+))?(?P<primes>'*)(?P<superscript>\^(?:\+|\{\([^{}]*\)\}))?(?P<sample>@\d+)?"
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a name is made of; only the base is never empty."""

    base: str
    subscript: str = ""
    primes: int = 0
    superscript: str = ""
    layer: str = ""
    sample: str = ""


def spelling(parts: NameParts) -> str:
    """Put the parts of a name together in its one spelling."""
    base, below = parts.base, tidy_subscript(parts.subscript)
    if below and not (below.isdigit() and base[-1].isalpha() and not parts.layer):
        below = f"_{below}" if re.fullmatch(r"\w+", below) else f"_{{{below}}}"
    layer = f"^{{{parts.layer}}}" if parts.layer else ""
    above = {"": "", "+": "^+"}.get(parts.superscript, f"^{{{parts.superscript}}}")
    return f"{base}{layer}{below}{parts.primes * chr(39)}{above}{parts.sample}"


def tidy_subscript(subscript: str) -> str:
    """``h_1`` is ``h1`` below as well as on the line."""
    return re.sub(r"(?<=[^\W\d_])_(?=\d)", "", re.sub("_+", "_", subscript).strip("_"))


def parts_of(name: str) -> NameParts | None:
    """Take the one spelling of a name apart; None for a string that is no such name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    base, subscript = found["stem"], found["index"]
    if found["subscript"]:
        base, subscript = base + subscript, found["subscript"].strip("{}")
    superscript = (found["superscript"] or "")[1:].strip("{}")
    return NameParts(base, subscript, len(found["primes"]), superscript, found["layer"] or "", found["sample"] or "")


def halves(name: str) -> tuple[str, str] | None:
    """``("E", "w5")`` for ``dE/dw5``; None for a name that is no derivative."""
    above, _, below = name.partition("/")
    return (above[1:], below[1:]) if is_differential(above) and is_differential(below) else None


def is_differential(name: object) -> bool:
    """Whether a name reads ``d something``, as the two halves of ``dE/dw5`` do."""
    return isinstance(name, str) and re.match(r"d(?!elta)[^\W\d_][^/]*$", name) is not None

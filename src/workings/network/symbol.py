"""The symbol of a quantity: a base with what hangs below and above it, as plain text and as LaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

GREEK = {"delta", "eta", "lambda", "sigma"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A base with a subscript, a superscript, a mark for "after the update" and the number of a sample.

    Attributes
    ----------
    base : str
        ``w``, ``net``, ``delta``.
    sub, sup : str
        ``h1``, ``13``; empty where there is none.
    new : {"", "+", "new"}
        How the value after the update is told from the one before: ``w5+`` or ``new_w0``.
    sample : int, optional
        From 1.
    """

    base: str
    sub: str = ""
    sup: str = ""
    new: str = ""
    sample: int | None = None

    @property
    def text(self) -> str:
        """The symbol in plain text: ``net_h1``, ``w5``, ``w^2_13``, ``new_w0``."""
        sup = f"^{self.sup}" if self.sup else ""
        sub = self.sub if self.sub.isdigit() and not sup else (f"_{_braced(self.sub)}" if self.sub else "")
        plain = self.base + sup + sub
        marked = {"": plain, "+": f"{plain}+"}.get(self.new, f"{self.new}_{plain}")
        return marked + _at(self.sample)

    @property
    def latex(self) -> str:
        """The symbol in LaTeX: ``net_{h1}``, ``w^{2}_{13}``."""
        above = [self.sup, self.new if self.new in ("", "+") else rf"\text{{{self.new}}}"]
        above.append("" if self.sample is None else f"({self.sample})")
        sup = ",".join(part for part in above if part)
        return (
            _latex_name(self.base)
            + (f"^{{{sup}}}" if sup else "")
            + (f"_{{{_latex_name(self.sub)}}}" if self.sub else "")
        )


@dataclass(frozen=True, slots=True)
class Ratio:
    """The symbol of a derivative: ``dE_total/dw5``."""

    top: Symbol
    bottom: Symbol
    sample: int | None = None

    @property
    def text(self) -> str:
        """The derivative in plain text."""
        return f"d{self.top.text}/d{self.bottom.text}{_at(self.sample)}"

    @property
    def latex(self) -> str:
        """The derivative in LaTeX, as a fraction of partial differentials."""
        return rf"\frac{{\partial {replace(self.top, sample=self.sample).latex}}}{{\partial {self.bottom.latex}}}"


@dataclass(frozen=True, slots=True)
class Slopes:
    """The symbol of a whole layer's slopes: ``sigma'(z^1)``."""

    function: str
    argument: Symbol

    @property
    def text(self) -> str:
        """The slopes in plain text."""
        return f"{self.function}'({self.argument.text})"

    @property
    def latex(self) -> str:
        """The slopes in LaTeX."""
        return f"{_latex_name(self.function)}'({self.argument.latex})"


AnySymbol = Symbol | Ratio | Slopes

_ABOVE = r"\^(\(?\d+\)?(?:,(?:\+|new|\(\d+\)))*|\+|new)"
_WRITTEN = re.compile(
    rf"(?P<prefix>new_)?(?P<base>[A-Za-z]+?)(?P<digits>\d+)?(?:{_ABOVE})?(?:_(?P<sub>[A-Za-z]*[\d,]*))?(?:{_ABOVE})?"
    r"(?P<plus>\+)?(?:@(?P<sample>\d+))?"
)


def read_symbol(text: str) -> Symbol | None:
    """The symbol somebody typed, in plain text or as :func:`plain` leaves LaTeX; None where it is none."""
    match = _WRITTEN.fullmatch(text)
    if match is None or (match["digits"] and match["sub"]):
        return None
    sub = match["digits"] or match["sub"] or ""
    above = [part for part in (match[4] or match[6] or "").split(",") if part]
    new = "new" if match["prefix"] or "new" in above else "+" if match["plus"] or "+" in above else ""
    places = [part for part in above if part not in ("+", "new")]
    sample = match["sample"]
    if places and places[-1].startswith("(") and (sub or len(places) > 1):
        sample = places.pop().strip("()")  # z^{1,(2)}_{3}: the sample stands last
    return Symbol(match["base"], sub, places[0] if places else "", new, int(sample) if sample else None)


def read_slopes(text: str) -> tuple[str, str] | None:
    """Function and argument of ``sigma'(z^1)``, as :func:`plain` leaves it; None where it is something else."""
    match = re.fullmatch(r"([^'()]+)'\((.+)\)", text)
    return (match[1], match[2]) if match else None


def plain(text: str) -> str:
    r"""What somebody typed, without the dress: ``\frac{\partial E_{total}}{\partial w_5}`` is ``dE_total/dw_5``."""
    bare = "".join(text.split()).strip("'\"`“”‘’$")
    bare = re.sub(r"\\[dt]?frac", "", bare)
    bare = re.sub(r"\\(?:text|mathrm|mathit|operatorname)", "", bare)
    bare = bare.replace("}{", "/").replace("{", "").replace("}", "").replace("\\", "")
    bare = bare.replace("partial", "d").replace("∂", "d")
    for letter, name in (("δ", "delta"), ("η", "eta"), ("λ", "lambda"), ("σ", "sigma")):
        bare = bare.replace(letter, name)
    return bare


def _braced(sub: str) -> str:
    return f"{{{sub}}}" if "," in sub else sub


def _at(sample: int | None) -> str:
    return "" if sample is None else f"@{sample}"


def _latex_name(name: str) -> str:
    if name in GREEK:
        return f"\\{name}"
    word = re.fullmatch(r"([A-Za-z]{2,})(\d*)", name)
    return rf"\mathrm{{{name}}}" if word else name

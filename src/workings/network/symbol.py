"""The symbol of a quantity: a base with what hangs below and above it, as plain text and as LaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

GREEK = {"beta", "delta", "epsilon", "eta", "gamma", "lambda", "mu", "rho", "sigma"}
_HATS = {"mhat": r"\hat{m}", "vhat": r"\hat{v}"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A base with a subscript, a superscript, a mark for before or after the update, and the number of a sample.

    Attributes
    ----------
    base : str
        ``w``, ``net``, ``delta``.
    sub, sup : str
        ``h1``, ``13``; empty where there is none.
    new : {"", "+", "new", "old"}
        How the value after the update is told from the one before: ``w5+`` or ``new_w0``; ``m_{w5,old}`` is before it.
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
        below = self._below("old")
        sub = below if below.isdigit() and not sup else (f"_{_braced(below)}" if below else "")
        plain = self.base + sup + sub
        return {"+": f"{plain}+", "new": f"new_{plain}"}.get(self.new, plain) + _at(self.sample)

    def _below(self, old: str, sub: str | None = None) -> str:
        """The subscript, with the mark of what was there before the update."""
        parts = (self.sub if sub is None else sub, old if self.new == "old" else "")
        return ",".join(part for part in parts if part)

    @property
    def latex(self) -> str:
        """The symbol in LaTeX: ``net_{h1}``, ``w^{2}_{13}``."""
        above = [self.sup, {"+": "+", "new": r"\text{new}"}.get(self.new, "")]
        above.append("" if self.sample is None else f"({self.sample})")
        sup = ",".join(part for part in above if part)
        below = self._below(r"\text{old}", _latex_name(self.sub))
        return _latex_name(self.base) + (f"^{{{sup}}}" if sup else "") + (f"_{{{below}}}" if below else "")


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
    rf"(?P<prefix>new_)?(?P<base>[A-Za-z]+?)(?P<digits>\d+)?(?:{_ABOVE})?"
    rf"(?:_(?P<before>old|(?:(?P<sub>[A-Za-z]*[\d,]*?)(?:,old)?)))?(?:{_ABOVE})?(?P<plus>\+)?(?:@(?P<sample>\d+))?"
)


def read_symbol(text: str) -> Symbol | None:
    """The symbol somebody typed, in plain text or as :func:`plain` leaves LaTeX; None where it is none."""
    match = _WRITTEN.fullmatch(text)
    if match is None or (match["digits"] and match["sub"]):
        return None
    sub = match["digits"] or match["sub"] or ""
    above = [part for part in (match[4] or match[7] or "").split(",") if part]
    new = "new" if match["prefix"] or "new" in above else "+" if match["plus"] or "+" in above else ""
    if not new and (match["before"] or "").endswith("old"):
        new = "old"
    places = [part for part in above if part not in ("+", "new")]
    sample = match["sample"]
    if places and places[-1].startswith("(") and (sub or len(places) > 1):
        sample = places.pop().strip("()")  # z^{1,(2)}_{3}: the sample stands last
    return Symbol(match["base"], sub, places[0] if places else "", new, int(sample) if sample else None)


_LETTERS = (
    ("β", "beta"),
    ("γ", "gamma"),
    ("δ", "delta"),
    ("ε", "epsilon"),
    ("η", "eta"),
    ("λ", "lambda"),
    ("μ", "mu"),
    ("ρ", "rho"),
    ("σ", "sigma"),
)


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
    for letter, name in _LETTERS:
        bare = bare.replace(letter, name)
    bare = re.sub(r"\bhat([mv])", r"\1hat", bare)
    return re.sub(r"\b([mv])(\^\w*)?_hat_?(?=\w)", r"\1hat\2_", bare)  # as an expression has it: a mark below


def _braced(sub: str) -> str:
    return f"{{{sub}}}" if "," in sub else sub


def _at(sample: int | None) -> str:
    return "" if sample is None else f"@{sample}"


def _latex_name(name: str) -> str:
    if name in GREEK:
        return f"\\{name}"
    if name in _HATS:
        return _HATS[name]
    word = re.fullmatch(r"([A-Za-z]{2,})(\d*)", name)
    return rf"\mathrm{{{name}}}" if word else name

"""How a writer spells an expression: names, signs and brackets of each rendering."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from benchmarks.planting.steps import CALLS, HALF, Apply, Expr, Habits, Number, Quantity

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

SCHEMES: dict[str, tuple[dict[str, str], ...]] = {
    "plain": (
        {
            "x": "x%(j)d", "y": "t%(j)d", "w": "%(W)s%(j)d%(k)d", "b": "b_%(N)s%(j)d", "z": "z_%(N)s%(j)d",
            "a": "a_%(N)s%(j)d", "C": "E", "delta": "delta_%(N)s%(j)d", "rate": "eta", "l2": "lambda",
            "slope": "d%s/d%s", "new": "new_%s",
        },
        {
            "x": "x%(j0)d", "y": "y_true%(j0)d", "w": "w%(m0)d", "b": "b%(n0)d", "z": "z%(n0)d", "a": "O%(n0)d",
            "C": "Cost", "delta": "dCost/dz%(n0)d", "rate": "lr", "l2": "decay", "slope": "d%s/d%s", "new": "new_%s",
        },
        {
            "x": "X%(j)d", "y": "T%(j)d", "w": "%(W)s%(j)d%(k)d", "b": "b%(n)d", "z": "s%(n)d", "a": "%(N)s%(j)d",
            "C": "J", "delta": "err%(n)d", "rate": "alpha", "l2": "wd", "slope": "d%s_d%s", "new": "%s",
        },
    ),
    "latex": (
        {
            "x": "i_%(j)d", "y": "t_{o%(j)d}", "w": "w_%(m)s", "b": "b_{%(N)s%(j)d}", "z": r"\text{net}_{%(N)s%(j)d}",
            "a": r"\text{out}_{%(N)s%(j)d}", "C": "E_{total}", "delta": r"\delta_{%(N)s%(j)d}", "rate": r"\eta",
            "l2": r"\lambda", "slope": r"\frac{\partial %s}{\partial %s}", "new": "%s^+",
        },
        {
            "x": "x_%(j)d", "y": "y_%(j)d", "w": "w^{(%(l)d)}_{%(j)d%(k)d}", "b": "b^{(%(l)d)}_%(j)d",
            "z": "z^{(%(l)d)}_%(j)d", "a": "a^{(%(l)d)}_%(j)d", "C": "C", "delta": r"\delta^{(%(l)d)}_%(j)d",
            "rate": r"\alpha", "l2": r"\lambda", "slope": r"\frac{\partial %s}{\partial %s}", "new": "%s",
        },
    ),
    "unicode": (
        {
            "x": "x%(j)d", "y": "y%(i)s", "w": "%(W)s%(p)d", "b": "%(B)s%(j)d", "z": "z%(n)d", "a": "h%(n)d",
            "o": "o%(i)s", "C": "L", "delta": "δ%(n)d", "rate": "η", "l2": "λ", "slope": "∂%s/∂%s", "new": "%s⁺",
        },
        {
            "x": "x%(j)d", "y": "t%(i)s", "w": "%(W)s%(p)d", "b": "%(B)s%(j)d", "z": "s%(n)d", "a": "a%(n)d",
            "o": "o%(i)s", "C": "E", "delta": "δ%(n)d", "rate": "α", "l2": "λ", "slope": "∂%s/∂%s", "new": "%s",
        },
    ),
}  # fmt: skip
"""Names by kind: W, N and B are letters of a layer; n and m count neurons and weights through all layers, p in one."""

FUNCTIONS = {
    "plain": {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "relu'": "relu'", "ln": "ln"},
    "latex": {"sigmoid": r"\sigma", "tanh": r"\tanh", "relu": r"\text{ReLU}", "relu'": r"\text{ReLU}'", "ln": r"\ln"},
    "unicode": {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU", "relu'": "ReLU'", "ln": "ln"},
}
EXPANDED = {"plain": "1/(1 + e^(%s))", "latex": r"\frac{1}{1+e^{%s}}", "unicode": "1/(1 + e^(%s))"}
ARROWS = {"plain": "=", "latex": r"\leftarrow", "unicode": "←"}
"""Between an updated parameter and its new value, where both have the same name."""
HALVES = {"plain": "0.5", "latex": r"\frac{1}{2}", "unicode": "½"}
SLOPES = {"dC/da": "a", "dC/dw": "w", "dC/db": "b"}


@dataclass(frozen=True)
class Pen:
    """Writes the names and expressions of a network with these many inputs and neurons a layer."""

    sizes: tuple[int, ...]
    habits: Habits
    _names: dict[Quantity, str] = field(default_factory=dict, repr=False)

    @cached_property
    def _symbols(self) -> dict[str, str]:
        schemes = SCHEMES[self.habits.rendering]
        return schemes[self.habits.scheme % len(schemes)]

    @cached_property
    def minus(self) -> str:
        return "−" if self.habits.rendering == "unicode" else "-"

    def rebinds(self) -> bool:
        """Whether an updated parameter goes on under its old name."""
        return self._symbols["new"] == "%s"

    def name(self, q: Quantity) -> str:
        """As this writer calls it."""
        if q not in self._names:
            self._names[q] = self._named(q)
        return self._names[q]

    def _named(self, q: Quantity) -> str:
        kind = q.kind.rstrip("'")
        if kind in SLOPES:
            return self._symbols["slope"] % (self.name(Quantity("C")), self.name(q._replace(kind=SLOPES[kind])))
        if kind == "da/dz":
            return self._symbols["slope"] % (self.name(q._replace(kind="a")), self.name(q._replace(kind="z")))
        if kind.endswith("+"):
            return self._symbols["new"] % self.name(q._replace(kind=kind[:-1]))
        is_output = kind == "a" and q.layer == len(self.sizes) - 1
        name = self._symbols["o" if is_output and "o" in self._symbols else kind] % self._fields(q)
        return name.translate(_SUBSCRIPTS) if self.habits.rendering == "unicode" else name

    def _fields(self, q: Quantity) -> dict[str, object]:
        sizes, last = self.sizes, len(self.sizes) - 1
        p = (q.j - 1) * sizes[q.layer - 1] + q.k
        n = sum(sizes[1 : q.layer]) + q.j
        m = sum(a * b for a, b in pairwise(sizes[: q.layer])) + p
        return {
            "j": q.j, "j0": q.j - 1, "k": q.k, "l": q.layer, "n": n, "n0": n - 1, "m0": m - 1, "p": p,
            "m": m if m < 10 else f"{{{m}}}", "i": q.j if sizes[-1] > 1 else "",
            "N": "o" if q.layer == last else " hg"[q.layer], "W": "xwvu"[q.layer], "B": "xbcd"[q.layer],
        }  # fmt: skip

    def number(self, text: str) -> str:
        """With this writer's minus, and one half as it is usually written."""
        return HALVES[self.habits.rendering] if text == HALF.text else text.replace("-", self.minus)

    def write(self, expr: Expr, place: str = "lead") -> str:
        """An expression; ``place`` is "lead" where nothing stands before it, else "term", "factor" or "base"."""
        if isinstance(expr, Quantity):
            return self.name(expr)
        if isinstance(expr, Number):
            text = self.number(expr.text)
            is_bare = expr.text[0] != "-" or place == "lead" or (place == "factor" and self.habits.bare)
            return text if is_bare else f"({text})"
        if expr.op in CALLS:
            return self._call(expr)
        if expr.op == "square":
            power = {"plain": self.habits.square, "latex": "^2", "unicode": "²"}[self.habits.rendering]
            return self._in_brackets(expr.parts[0], "base") + power
        if expr.op == "*":
            return self._product(expr.parts, place)
        if expr.op == "/":
            above, below = map(self.write, expr.parts)
            return rf"\frac{{{above}}}{{{below}}}" if self.habits.rendering == "latex" else f"({above})/({below})"
        text = self._sum(expr)
        return text if place == "lead" else f"({text})"

    def _call(self, expr: Apply) -> str:
        rendering, z = self.habits.rendering, expr.parts[0]
        if expr.op.endswith("sigmoid") and (self.habits.expanded or expr.op == "antisigmoid"):
            sign = "" if expr.op == "antisigmoid" else self.minus
            text = self.write(z)
            flipped = text[1:] if text.startswith(self.minus) and sign else sign + text
            return EXPANDED[rendering] % flipped
        return f"{FUNCTIONS[rendering][expr.op]}({self.write(z)})"

    def _in_brackets(self, expr: Expr, place: str) -> str:
        text = self.write(expr, place)
        is_bare = text[0] == "(" or (not isinstance(expr, Apply) and "^" not in text)
        return text if is_bare else f"({text})"

    def _product(self, factors: tuple[Expr, ...], place: str) -> str:
        first = factors[0]
        text = self.write(first, "factor" if isinstance(first, Apply) and first.op not in ("*", "neg") else place)
        for before, factor in pairwise(factors):
            further = self.write(factor, "factor")
            is_close = further[0] == "(" and isinstance(factor, Apply) and self._is_close(before)
            text += ("" if is_close else self.habits.multiplied) + further
        return text

    def _is_close(self, before: Expr) -> bool:
        """Whether a bracket may follow without a times sign."""
        return self.habits.rendering != "plain" and (self.habits.close or before == HALF)

    def _sum(self, expr: Apply) -> str:
        if expr.op == "neg":
            return self.minus + self.write(expr.parts[0], "term")
        text = self.write(expr.parts[0])
        for part in expr.parts[1:]:
            sign, term = ("-", part) if expr.op == "-" else ("+", part)
            if isinstance(part, Apply) and part.op == "neg":
                sign, term = "-", part.parts[0]
            elif expr.op == "+" and self.habits.folds and (positive := _without_minus(part)) is not None:
                sign, term = "-", positive
            text += f" {self.minus if sign == '-' else '+'} {self.write(term, 'term')}"
        return text


def _without_minus(term: Expr) -> Expr | None:
    """A term that begins with a negative number, without its sign."""
    if isinstance(term, Number):
        return Number(term.text[1:], -term.value) if term.text[0] == "-" else None
    if isinstance(term, Apply) and term.op == "*" and (first := _without_minus(term.parts[0])) is not None:
        return Apply("*", (first, *term.parts[1:]))
    return None

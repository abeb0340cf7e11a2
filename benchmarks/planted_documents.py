"""Worked documents: a step as data, how its numbers come about, and how three writers put it down.

Nothing here comes from ``workings.marking`` or ``workings.algebra``: who is tested must not write the test.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import NamedTuple

ROUNDINGS = {
    "half-up": decimal.ROUND_HALF_UP,
    "half-even": decimal.ROUND_HALF_EVEN,
    "truncate": decimal.ROUND_DOWN,
}
RENDERINGS = ("plain", "latex", "unicode")


class Quantity(NamedTuple):
    """What a name stands for; j and k count from 1, a quantity of the second pass has a prime behind its kind."""

    kind: str
    layer: int = 0
    j: int = 0
    k: int = 0


class Number(NamedTuple):
    """As it is printed, and what is calculated with."""

    text: str
    value: Decimal


class Apply(NamedTuple):
    """An operation and its operands."""

    op: str
    parts: tuple[Expr, ...]


Expr = Quantity | Number | Apply
Known = Mapping[Quantity, Number]

ONE, TWO, HALF = Number("1", Decimal(1)), Number("2", Decimal(2)), Number("1/2", Decimal("0.5"))
RATE, L2 = Quantity("rate"), Quantity("l2")


def apply(op: str, *parts: Expr) -> Expr:
    """The operation; a sum or a product of one part is the part."""
    return parts[0] if op in "+*" and len(parts) == 1 else Apply(op, parts)


def _sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


OPERATIONS: dict[str, Callable[..., Decimal]] = {
    "+": lambda *terms: sum(terms, Decimal(0)),
    "-": lambda a, b: a - b,
    "*": lambda *factors: prod(factors, start=Decimal(1)),
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "square": lambda a: a * a,
    "sigmoid": _sigmoid,
    "antisigmoid": lambda z: _sigmoid(-z),  # the minus in the exponent forgotten
    "tanh": lambda z: 2 * _sigmoid(2 * z) - 1,
    "relu": lambda z: max(z, Decimal(0)),
    "relu'": lambda z: Decimal(int(z > 0)),
    "ln": lambda a: a.ln(),
}
CALLS = ("sigmoid", "antisigmoid", "tanh", "relu", "relu'", "ln")


def evaluate(expr: Expr, known: Known) -> Decimal:
    """Its value; a decimal.DecimalException where there is none."""
    if isinstance(expr, Quantity):
        return known[expr].value
    if isinstance(expr, Number):
        return expr.value
    return OPERATIONS[expr.op](*(evaluate(part, known) for part in expr.parts))


def substituted(expr: Expr, known: Known) -> Expr:
    """With the numbers put in."""
    if isinstance(expr, Quantity):
        return known[expr]
    return expr if isinstance(expr, Number) else Apply(expr.op, tuple(substituted(part, known) for part in expr.parts))


def leaves(expr: Expr, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Quantity | Number]]:
    """Its names and numbers, each with the way to it."""
    if isinstance(expr, Apply):
        for i, part in enumerate(expr.parts):
            yield from leaves(part, (*path, i))
    else:
        yield path, expr


def replaced(expr: Expr, path: tuple[int, ...], by: Expr) -> Expr:
    """With something else at the end of the way."""
    if not path:
        return by
    parts = list(expr.parts)
    parts[path[0]] = replaced(parts[path[0]], path[1:], by)
    return Apply(expr.op, tuple(parts))


@dataclass(frozen=True, slots=True)
class Step:
    """A line of working: quantity = formula = numbers = result.

    ``shown`` is what the numbers stand for where that is not the formula, ``computed`` what the result comes from where
    it is neither, ``label`` the name the line begins with; ``term`` and ``result`` misprint what was worked out.
    """

    quantity: Quantity
    formula: Expr
    section: str
    shows: frozenset[str] = frozenset({"symbols", "numbers"})
    reductions: int = 0
    label: Quantity | None = None
    shown: Expr | None = None
    computed: Expr | None = None
    term: tuple[tuple[int, ...], str] | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A step with its numbers: its sides with what each of them is, and the value before it was rounded."""

    step: Step
    sides: tuple[tuple[str, Expr], ...]
    result: Number
    exact: Decimal


@dataclass(frozen=True)
class Habits:
    """How a writer works, and how the page looks."""

    rendering: str
    decimals: int
    rounding: str
    carried: bool  # calculated with all digits
    short: bool  # exact values are written as short as they are
    says: bool  # how results are rounded
    scheme: int  # of names
    expanded: bool  # 1/(1 + e^(-z)) for sigmoid(z)
    multiplied: str  # the times sign
    bare: bool  # 2 * -3 without brackets
    folds: bool  # - 3 for + (-3)
    close: bool  # a(1 - a) without a times sign
    square: str
    many_lines: bool  # each side of a long chain on its own line
    joined: bool  # two updates on a line
    prose: bool  # givens told without names

    @property
    def unit(self) -> Decimal:
        """One in the last place."""
        return Decimal(1).scaleb(-self.decimals)

    def rounded(self, exact: Decimal) -> Number:
        """As this writer puts it down."""
        value = exact.quantize(self.unit, ROUNDINGS[self.rounding])
        value = abs(value) if value == 0 else value
        text = f"{value.normalize() if self.short and value == exact else value:f}"
        return Number(text, exact if self.carried else value)


def work_out(step: Step, known: Known, habits: Habits) -> Worked:
    """Put in the numbers and calculate; a decimal.DecimalException where that cannot be done."""
    shown = step.formula if step.shown is None else step.shown
    working = substituted(shown if step.computed is None else step.computed, known)
    terms = []
    for _ in range(step.reductions):
        if not isinstance(working, Apply) or all(isinstance(part, Number) for part in working.parts):
            break
        working = _reduced(working, habits)
        if step.term is not None and not terms:
            working = replaced(working, step.term[0], _typed(step.term[1]))
        terms.append(("terms", working))
    exact = evaluate(working, known)
    result = _result(working, exact, habits) if step.result is None else _typed(step.result)
    sides: list[tuple[str, Expr]] = [("name", step.label or step.quantity)]
    if "symbols" in step.shows:
        sides.append(("symbols", step.formula))
    numbers = substituted(shown, known)
    if "numbers" in step.shows and not (isinstance(numbers, Number) and numbers.text == result.text):
        sides.append(("numbers", numbers))
    return Worked(step, (*sides, *terms, ("result", result)), result, exact)


def _reduced(expr: Expr, habits: Habits) -> Expr:
    """With what stands innermost worked out."""
    if not isinstance(expr, Apply):
        return expr
    if all(isinstance(part, Number) for part in expr.parts):
        return _result(expr, evaluate(expr, {}), habits)
    return Apply(expr.op, tuple(_reduced(part, habits) for part in expr.parts))


def _result(expr: Expr, exact: Decimal, habits: Habits) -> Number:
    is_slope_of_relu = isinstance(expr, Apply) and expr.op == "relu'"  # 0 or 1, and nobody writes 1.0000
    return Number(str(exact), exact) if is_slope_of_relu else habits.rounded(exact)


def _typed(text: str) -> Number:
    return Number(text, Decimal(text))


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


SAYS = {
    "half-up": "rounded to %d decimals",
    "half-even": "rounded to %d decimals, a 5 to the even neighbour",
    "truncate": "cut off after %d decimals, not rounded",
}
LAYOUT = {
    # heading, math, math inside a sentence, between two chains on a line
    "plain": ("%s", "%s", "%s", ", "),
    "latex": ("## %s", "$$ %s $$", "$%s$", r", \qquad "),
    "unicode": ("%s", "%s", "%s", ",  "),
}


class Page:
    """A text as it grows, with the place of each side of each step."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self._heading, self._math, self._inline, self._between = LAYOUT[pen.habits.rendering]
        self._pieces: list[str] = []
        self._length = 0
        self.spans: list[list[tuple[int, int]]] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def put(self, *pieces: str) -> None:
        """Go on writing."""
        for piece in pieces:
            self._pieces.append(piece)
            self._length += len(piece)

    def paragraphs(self, *paragraphs: str) -> None:
        """Each on a line, and a free line behind it where the format needs one."""
        for paragraph in paragraphs:
            self.put(paragraph, "\n\n" if self.pen.habits.rendering == "latex" else "\n")

    def heading(self, text: str) -> None:
        self.put("" if self.pen.habits.rendering == "latex" else "\n")
        self.paragraphs(self._heading % text)

    def given(self, *quantities: Quantity, known: Known) -> str:
        """Some names with their values."""
        pen = self.pen
        pairs = (f"{pen.name(q)} = {pen.number(known[q].text)}" for q in quantities)
        return ", ".join(self._inline % pair for pair in pairs)

    def inline(self, text: str) -> str:
        """Mathematics inside a sentence."""
        return self._inline % text

    def lines(self, steps: list[Worked]) -> None:
        """All steps, under a heading for each section."""
        section, at = None, 0
        while at < len(steps):
            if steps[at].step.section != section:
                section = steps[at].step.section
                self.heading(section)
            is_pair = self.pen.habits.joined and all(each.step.quantity.kind == "w+" for each in steps[at : at + 2])
            chains = steps[at : at + 1 + is_pair]
            if len(chains) == 1 and self.pen.habits.many_lines and len(chains[0].sides) > 3:
                self._broken(chains[0])
            else:
                self._together(chains)
            at += len(chains)

    def _together(self, chains: list[Worked]) -> None:
        before, after = self._math.split("%s")
        self.put(before)
        for i, chain in enumerate(chains):
            self.put(self._between if i else "")
            self._sides(chain, " ")
        self.put(after)
        self.paragraphs("")

    def _broken(self, chain: Worked) -> None:
        """Each side but the first two on a line of its own."""
        if self.pen.habits.rendering == "latex":
            self.put("\\[\n\\begin{aligned}\n")
            self._sides(chain, " \\\\\n &", "&")
            self.paragraphs("\n\\end{aligned}\n\\]")
        else:
            self._sides(chain, "\n    ")
            self.paragraphs("")

    def _sides(self, chain: Worked, between: str, mark: str = "") -> None:
        self.spans.append([])
        arrow = (
            ARROWS[self.pen.habits.rendering] if chain.step.quantity.kind.endswith("+") and self.pen.rebinds() else "="
        )
        for i, (_, side) in enumerate(chain.sides):
            self.put(*([""], [" ", mark, arrow, " "], [between, "=", " "])[min(i, 2)])
            self.spans[-1].append((self._length, self._length + len(text := self.pen.write(side))))
            self.put(text)

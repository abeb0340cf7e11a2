"""Where a slip may happen: a step, what is known there, and ways to look into its formula."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from benchmarks.planting.pen import Pen
from benchmarks.planting.steps import (
    L2,
    ONE,
    RATE,
    Apply,
    Expr,
    Habits,
    Known,
    Number,
    Quantity,
    Step,
    Worked,
    apply,
    evaluate,
    leaves,
    replaced,
    substituted,
    work_out,
)

Misprint = Callable[[str, Decimal], Iterator[str]]
"""What somebody writes instead of a number, given its text and its value before it was rounded."""


@dataclass(frozen=True)
class Slip:
    """A step gone wrong; claimed and expected are texts where these are not the results."""

    kind: str
    step: Step
    level: str
    claimed: str | None = None
    expected: str | None = None
    operands: tuple[tuple[Decimal, Decimal], ...] = ()
    alt_kinds: tuple[str, ...] = ()

    @property
    def symbolic(self) -> bool:
        """Whether all numbers are right."""
        return self.kind in ("formula_typo", "mislabelled")


@dataclass(frozen=True)
class Scene:
    """A step done rightly, what was written before it, and what the whole document has."""

    worked: Worked
    known: Known
    everything: Known
    pen: Pen
    random: Random

    @property
    def step(self) -> Step:
        return self.worked.step

    @property
    def formula(self) -> Expr:
        return self.step.formula

    @property
    def habits(self) -> Habits:
        return self.pen.habits

    @property
    def has_numbers(self) -> bool:
        return "numbers" in self.step.shows

    def siblings(self, q: Quantity, among: Known) -> list[Quantity]:
        """Other quantities of the same kind and layer that have another value."""
        alike = (other for other in among if (other.kind, other.layer) == (q.kind, q.layer) and other != q)
        return [other for other in alike if among[other].text != self.everything[q].text]

    def rewritten(self, wrong: Expr, kind: str, symbols: bool = True, **about: object) -> Iterator[Slip]:
        """With a wrong formula, seen through to each depth: thought, put in, or only calculated."""
        if symbols and "symbols" in self.step.shows:
            yield Slip(kind, replace(self.step, formula=wrong), "symbols", **about)
        if "numbers" in self.step.shows:
            yield Slip(kind, replace(self.step, shown=wrong), "numbers", **about)
        yield Slip(kind, replace(self.step, computed=wrong), "result")

    def exchanged(self, others: dict[tuple[int, ...], Quantity], kind: str, symbols: bool = True) -> Iterator[Slip]:
        """With other quantities at some places of the formula."""
        wrong, pairs = self.formula, []
        for path, other in others.items():
            pairs.append((self.known[other], self.known[part_at(self.formula, path)]))
            wrong = replaced(wrong, path, other)
        if not pairs or any(new.text == old.text for new, old in pairs):
            return
        claimed, expected = (", ".join(each[i].text for each in pairs) for i in (0, 1))
        operands = tuple((Decimal(new.text), Decimal(old.text)) for new, old in pairs)
        shown = {"claimed": claimed, "expected": expected, "operands": operands} if self.has_numbers else {}
        yield from self.rewritten(wrong, kind, symbols, **shown)

    def misprinted(self, kind: str, change: Misprint, copies: bool = True) -> Iterator[Slip]:
        """With another text as the result, as a term, or (where ``copies``) as a number copied from above."""
        result, step = self.worked.result, self.step
        for text in change(result.text, self.worked.exact):
            yield Slip(kind, replace(step, result=text), "print", text, result.text)
        for path, term, exact in self._terms():
            for text in change(term.text, exact):
                pair = (Decimal(text), Decimal(term.text))
                yield Slip(kind, replace(step, term=(path, text)), "term", text, term.text, (pair,))
        if copies and self.has_numbers:
            for path, q in leaves(self.formula):
                if isinstance(q, Quantity) and q not in (RATE, L2):
                    yield from self._miscopied(kind, path, q, change)

    def _miscopied(self, kind: str, path: tuple[int, ...], q: Quantity, change: Misprint) -> Iterator[Slip]:
        right = self.known[q]
        for text in change(right.text, right.value):
            wrong = replaced(self.formula, path, Number(text, Decimal(text)))
            pair = (Decimal(text), Decimal(right.text))
            yield Slip(kind, replace(self.step, shown=wrong), "operand", text, right.text, (pair,))

    def _terms(self) -> Iterator[tuple[tuple[int, ...], Number, Decimal]]:
        """Numbers that stand on the first side on the way to the result, and on none before it."""
        terms = next((expr for role, expr in self.worked.sides if role == "terms"), None)
        working = substituted(self.formula, self.known)
        for path, number in leaves(terms) if terms is not None else ():
            if isinstance(node := part_at(working, path), Apply):
                yield path, number, evaluate(node, {})

    def written(self, step: Step) -> list[str]:
        """All sides as this writer writes them."""
        return [self.pen.write(side) for _, side in work_out(step, self.known, self.habits).sides]


def part_at(expr: Expr, path: tuple[int, ...]) -> Expr:
    for i in path:
        expr = expr.parts[i]
    return expr


def has_sign(expr: Expr, op: str) -> bool:
    return isinstance(expr, Apply) and expr.op == op


def without_part(expr: Apply, i: int) -> Expr:
    return apply(expr.op, *(part for at, part in enumerate(expr.parts) if at != i))


def mapped(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """From the leaves up, each part changed."""
    if isinstance(expr, Apply):
        expr = Apply(expr.op, tuple(mapped(part, change) for part in expr.parts))
    return change(expr)


def _is_derivative(expr: Expr) -> bool:
    """Whether it is what an activation's derivative is written as."""
    if isinstance(expr, Quantity):
        return expr.kind == "da/dz"
    if has_sign(expr, "*"):
        return _is_derivative(expr.parts[-1])
    return has_sign(expr, "relu'") or (has_sign(expr, "-") and expr.parts[0] == ONE)


def slope_in(scene: Scene) -> tuple[int, ...] | None:
    """The way to the derivative of an activation in a formula that has one."""
    if scene.step.quantity.kind == "da/dz":
        return ()
    if scene.step.quantity.kind == "delta" and has_sign(scene.formula, "*") and _is_derivative(scene.formula.parts[-1]):
        return (len(scene.formula.parts) - 1,)
    return None


def paths_in(scene: Scene) -> tuple[int, ...] | None:
    """The way to the sum over what a neuron leads to."""
    quantity, formula = scene.step.quantity, scene.formula
    is_hidden = any(isinstance(q, Quantity) and q.kind == "w" for _, q in leaves(formula))
    if quantity.kind not in ("dC/da", "delta") or not is_hidden:
        return None
    return (
        () if has_sign(formula, "+") else (0,) if has_sign(formula, "*") and has_sign(formula.parts[0], "+") else None
    )

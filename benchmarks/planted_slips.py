"""What goes wrong in worked backpropagation: each kind of slip as the ways in which it rewrites one step.

A slip of thought is another formula, which may show in the symbols, in the numbers, or only in the result; a slip of
the pen is another text in place of a result, of a term on the way to it, or of a number that was copied.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from random import Random

from benchmarks.planted_documents import (
    HALF,
    L2,
    ONE,
    RATE,
    TWO,
    Apply,
    Expr,
    Habits,
    Known,
    Number,
    Pen,
    Quantity,
    Step,
    Worked,
    apply,
    evaluate,
    leaves,
    replaced,
    substituted,
    work_out,
)  # fmt: skip

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
            pairs.append((self.known[other], self.known[_at(self.formula, path)]))
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
            if isinstance(node := _at(working, path), Apply):
                yield path, number, evaluate(node, {})

    def written(self, step: Step) -> list[str]:
        """All sides as this writer writes them."""
        return [self.pen.write(side) for _, side in work_out(step, self.known, self.habits).sides]


def _at(expr: Expr, path: tuple[int, ...]) -> Expr:
    for i in path:
        expr = expr.parts[i]
    return expr


def _is(expr: Expr, op: str) -> bool:
    return isinstance(expr, Apply) and expr.op == op


def _without(expr: Apply, i: int) -> Expr:
    return apply(expr.op, *(part for at, part in enumerate(expr.parts) if at != i))


def _mapped(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """From the leaves up, each part changed."""
    if isinstance(expr, Apply):
        expr = Apply(expr.op, tuple(_mapped(part, change) for part in expr.parts))
    return change(expr)


def _is_derivative(expr: Expr) -> bool:
    """Whether it is what an activation's derivative is written as."""
    if isinstance(expr, Quantity):
        return expr.kind == "da/dz"
    if _is(expr, "*"):
        return _is_derivative(expr.parts[-1])
    return _is(expr, "relu'") or (_is(expr, "-") and expr.parts[0] == ONE)


def _derivative(scene: Scene) -> tuple[int, ...] | None:
    """The way to the derivative of an activation in a formula that has one."""
    if scene.step.quantity.kind == "da/dz":
        return ()
    if scene.step.quantity.kind == "delta" and _is(scene.formula, "*") and _is_derivative(scene.formula.parts[-1]):
        return (len(scene.formula.parts) - 1,)
    return None


def _paths(scene: Scene) -> tuple[int, ...] | None:
    """The way to the sum over what a neuron leads to."""
    quantity, formula = scene.step.quantity, scene.formula
    is_hidden = any(isinstance(q, Quantity) and q.kind == "w" for _, q in leaves(formula))
    if quantity.kind not in ("dC/da", "delta") or not is_hidden:
        return None
    return () if _is(formula, "+") else (0,) if _is(formula, "*") and _is(formula.parts[0], "+") else None


def missing_bias(scene: Scene) -> Iterator[Slip]:
    if scene.step.quantity.kind.rstrip("'") == "z":
        yield from scene.rewritten(_without(scene.formula, len(scene.formula.parts) - 1), "missing_bias")


def wrong_input(scene: Scene) -> Iterator[Slip]:
    for path, q in leaves(scene.formula):
        if q in scene.known and q.kind == "x":
            for other in scene.siblings(q, scene.known):
                symbols = scene.step.quantity.kind != "z"
                yield from scene.exchanged({path: other}, "wrong_input", symbols)


def wrong_quantity(scene: Scene) -> Iterator[Slip]:
    kind = scene.step.quantity.kind.rstrip("'")
    for path, q in leaves(scene.formula):
        if not isinstance(q, Quantity) or q.kind in ("x", "rate", "l2"):
            continue
        others = scene.siblings(q, scene.known)
        for other in others:
            yield from scene.exchanged({path: other}, "wrong_quantity", kind != "z")
        confused = q._replace(kind={"delta": "dC/da", "a": "z"}.get(q.kind, "none"))
        if confused in scene.known and kind in ("z", "dC/dw", "dC/db"):
            alt = ("missing_activation_derivative",) if q.kind == "delta" else ()
            for slip in scene.exchanged({path: confused}, "wrong_quantity", kind != "z"):
                yield replace(slip, alt_kinds=alt)


def transposed_weights(scene: Scene) -> Iterator[Slip]:
    if _paths(scene) is not None:
        others = {path: q._replace(j=q.k, k=q.j) for path, q in leaves(scene.formula) if getattr(q, "kind", "") == "w"}
        others = {path: other for path, other in others.items() if other.j != other.k}
        if all(other in scene.known for other in others.values()):
            yield from scene.exchanged(others, "transposed_weights")


def updated_weight_used(scene: Scene) -> Iterator[Slip]:
    if scene.step.quantity.kind in ("dC/da", "delta"):
        others = {path: q._replace(kind="w+") for path, q in leaves(scene.formula) if getattr(q, "kind", "") == "w"}
        if all(other in scene.known for other in others.values()):
            yield from scene.exchanged(others, "updated_weight_used")


def stale_value(scene: Scene) -> Iterator[Slip]:
    if scene.step.quantity.kind.endswith("'"):
        for path, q in leaves(scene.formula):
            if isinstance(q, Quantity) and q.kind[-1] in "+'":
                yield from scene.exchanged({path: q._replace(kind=q.kind[:-1])}, "stale_value")


def missing_path(scene: Scene) -> Iterator[Slip]:
    path = _paths(scene)
    if path is not None:
        total = _at(scene.formula, path)
        for kept in total.parts:
            yield from scene.rewritten(replaced(scene.formula, path, kept), "missing_path")
        if len(total.parts) > 2:
            for i in range(len(total.parts)):
                yield from scene.rewritten(replaced(scene.formula, path, _without(total, i)), "missing_path")


def missing_activation_derivative(scene: Scene) -> Iterator[Slip]:
    path = _derivative(scene)
    if path:
        yield from scene.rewritten(_without(scene.formula, path[0]), "missing_activation_derivative")


def activation_derivative_of_z_not_a(scene: Scene) -> Iterator[Slip]:
    path = _derivative(scene)
    if path is not None:
        inside = leaves(_at(scene.formula, path))
        others = {(*path, *way): q._replace(kind="z") for way, q in inside if getattr(q, "kind", "") == "a"}
        for slip in scene.exchanged(others, "activation_derivative_of_z_not_a"):
            first = None if slip.claimed is None else slip.claimed.split(", ")[0]
            yield replace(slip, claimed=first, expected=slip.expected and slip.expected.split(", ")[0])


def factor(scene: Scene) -> Iterator[Slip]:
    quantity, formula = scene.step.quantity, scene.formula
    if any(_is(part, "ln") for part in _nodes(formula)):
        return
    if quantity.kind.rstrip("'") == "C":
        if HALF in _nodes(formula):
            wrong = [_mapped(formula, lambda e: e.parts[1] if _is(e, "*") and e.parts[0] == HALF else e)]
        else:
            wrong = [_mapped(formula, lambda e: Apply("*", (HALF, e)) if _is(e, "square") else e)]
    elif quantity.kind in ("dC/da", "delta") and quantity.layer == len(scene.pen.sizes) - 1 and not _is(formula, "/"):
        is_doubled = TWO in _nodes(formula)
        dropped = _mapped(formula, lambda e: e.parts[1] if _is(e, "*") and e.parts[0] == TWO else e)
        wrong = [dropped, *([] if is_doubled else _times_error(formula, TWO)), *_times_error(dropped, HALF)]
    else:
        wrong = []
    for each in wrong:
        yield from scene.rewritten(each, "factor")


def _times_error(formula: Expr, number: Number) -> list[Expr]:
    """The error of an output, with a factor before it; nothing where it was worked out on a line before."""
    way = (0,) if _is(formula, "*") else ()
    error = _at(formula, way)
    return [] if isinstance(error, Quantity) else [replaced(formula, way, Apply("*", (number, error)))]


def _nodes(expr: Expr) -> Iterator[Expr]:
    yield expr
    if isinstance(expr, Apply):
        for part in expr.parts:
            yield from _nodes(part)


def sign(scene: Scene) -> Iterator[Slip]:
    yield from scene.misprinted("sign", lambda text, _: iter((text[1:] if text[0] == "-" else "-" + text,)))
    if not scene.step.quantity.kind.endswith("+"):
        swapped = _mapped(scene.formula, lambda e: Apply("-", e.parts[::-1]) if _is(e, "-") else e)
        positive = _mapped(scene.formula, lambda e: e.parts[0] if _is(e, "neg") else e)
        for wrong in (swapped, positive):
            if wrong != scene.formula:
                yield from scene.rewritten(wrong, "sign")


def learning_rate(scene: Scene) -> Iterator[Slip]:
    if not scene.step.quantity.kind.endswith("+"):
        return
    parameter, (_, gradient) = scene.formula.parts[0], scene.formula.parts[1].parts
    right = scene.known[RATE]
    for wrong in (gradient, Apply("*", (RATE, RATE, gradient))):
        yield from scene.rewritten(Apply("-", (parameter, wrong)), "learning_rate")
    for text in ("0.01", "0.05", "0.1", "0.2", "0.5", *([scene.known[L2].text] if L2 in scene.known else [])):
        number, pair = Number(text, Decimal(text)), (Decimal(text), right.value)
        wrong = Apply("-", (parameter, Apply("*", (number, gradient))))
        about = {"claimed": text, "expected": right.text, "operands": (pair,)}
        yield from scene.rewritten(wrong, "learning_rate", symbols=False, **(about if scene.has_numbers else {}))


def plus_instead_of_minus(scene: Scene) -> Iterator[Slip]:
    if scene.step.quantity.kind.endswith("+"):
        for slip in scene.rewritten(Apply("+", scene.formula.parts), "plus_instead_of_minus"):
            yield replace(slip, alt_kinds=("sign",))


def decimal_shift(scene: Scene) -> Iterator[Slip]:
    for slip in scene.misprinted("decimal_shift", lambda text, _: shifts(text)):
        yield replace(slip, alt_kinds=("digit",))


def digit(scene: Scene) -> Iterator[Slip]:
    ways = list(DIGIT_EDITS)
    scene.random.shuffle(ways)
    for way in ways:
        found = list(scene.misprinted("digit", lambda text, _, way=way: DIGIT_EDITS[way](text)))
        if found:
            return iter([replace(slip, alt_kinds=("arithmetic",)) for slip in found])
    return iter(())


def arithmetic(scene: Scene) -> Iterator[Slip]:
    def miscalculated(text: str, _exact: Decimal) -> Iterator[str]:
        value, unit = Decimal(text), Decimal(1).scaleb(Decimal(text).as_tuple().exponent)
        places = max(1, len(text.strip("-0.")))
        for _ in range(4):
            wrong = value + scene.random.choice((1, -1)) * scene.random.randint(1, 9) * unit.scaleb(
                scene.random.randrange(places)
            )
            yield f"{wrong:f}"

    for slip in scene.misprinted("arithmetic", miscalculated, copies=False):
        difference = abs(Decimal(slip.claimed) - Decimal(slip.expected))
        is_edit, is_unit = slip.claimed in all_digit_edits(slip.expected), difference <= scene.habits.unit
        yield replace(slip, alt_kinds=("digit",) * is_edit + ("rounding",) * is_unit)


def rounding(scene: Scene) -> Iterator[Slip]:
    def away(text: str, exact: Decimal) -> Iterator[str]:
        down, rest = _cut(exact, scene.habits)
        if 0.02 < rest < 0.45 and Decimal(text) == down:
            yield f"{down + scene.habits.unit.copy_sign(exact):f}"

    for slip in scene.misprinted("rounding", away, copies=False):
        yield replace(slip, alt_kinds=("digit", "arithmetic"))


def truncation(scene: Scene) -> Iterator[Slip]:
    def cut(text: str, exact: Decimal) -> Iterator[str]:
        down, rest = _cut(exact, scene.habits)
        if 0.55 < rest < 0.98 and scene.habits.rounding != "truncate" and Decimal(text) != down:
            yield f"{down + 0:f}"

    for slip in scene.misprinted("truncation", cut, copies=False):
        yield replace(slip, alt_kinds=("rounding",))


def _cut(exact: Decimal, habits: Habits) -> tuple[Decimal, Decimal]:
    """What is left when the digits behind the last place are cut off, and the share of a unit that goes."""
    down = exact.quantize(habits.unit, decimal.ROUND_DOWN)
    return down, abs(exact - down) / habits.unit


def formula_typo(scene: Scene) -> Iterator[Slip]:
    if "symbols" not in scene.step.shows:
        return
    formula, pen = scene.formula, scene.pen
    for wrong, alt in _mistyped_formulas(scene):
        claimed, expected = pen.write(wrong), pen.write(formula)
        if claimed != expected:
            step = replace(scene.step, formula=wrong, shown=formula)
            yield Slip("formula_typo", step, "typo", claimed, expected, alt_kinds=alt)
    alt = () if scene.has_numbers else ("wrong_quantity", "mislabelled")
    for path, q in leaves(formula):
        for other in scene.siblings(q, scene.known) if isinstance(q, Quantity) else ():
            if pen.name(other) != pen.name(q):
                step = replace(scene.step, formula=replaced(formula, path, other), shown=formula)
                yield Slip("formula_typo", step, "typo", pen.name(other), pen.name(q), alt_kinds=alt)


def _mistyped_formulas(scene: Scene) -> Iterator[tuple[Expr, tuple[str, ...]]]:
    """The formula with something other than a name mistyped, and what else that could be called."""
    formula, kind = scene.formula, scene.step.quantity.kind.rstrip("'")
    if kind.endswith("+"):
        yield Apply("+", formula.parts), ("sign", "plus_instead_of_minus")
    elif kind == "z":
        yield _without(formula, len(formula.parts) - 1), ("missing_bias",)
    elif kind == "C":
        yield _mapped(formula, lambda e: e.parts[0] if _is(e, "square") else e), ()
    elif _is(formula, "sigmoid") and scene.habits.expanded:
        yield Apply("antisigmoid", formula.parts), ("sign",)
    elif path := _derivative(scene):
        yield _without(formula, path[0]), ("missing_activation_derivative",)


def mislabelled(scene: Scene) -> Iterator[Slip]:
    q, pen = scene.step.quantity, scene.pen
    for other in scene.siblings(q, scene.everything):
        if pen.name(other) != pen.name(q):
            alt = ("formula_typo",) if len(scene.step.shows) else ("formula_typo", "wrong_quantity")
            yield Slip(
                "mislabelled", replace(scene.step, label=other), "name", pen.name(other), pen.name(q), alt_kinds=alt
            )


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


SLIPS: dict[str, Callable[[Scene], Iterator[Slip]]] = {
    slip.__name__: slip
    for slip in (
        sign, factor, missing_activation_derivative, activation_derivative_of_z_not_a, wrong_quantity,
        updated_weight_used, transposed_weights, missing_path, missing_bias, wrong_input, stale_value, decimal_shift,
        digit, arithmetic, rounding, truncation, formula_typo, mislabelled, learning_rate, plus_instead_of_minus,
    )
}  # fmt: skip
OF_THE_PEN = ("decimal_shift", "digit", "arithmetic", "rounding", "truncation", "formula_typo", "mislabelled")
WEIGHTS = {"symbols": 2, "numbers": 6, "result": 1, "print": 5, "term": 2, "operand": 2, "typo": 1, "name": 1}
"""How often a slip goes how deep, as far as it can."""


def chosen(kind: str, scene: Scene) -> Slip | None:
    """One of the slips of a kind that fit a step, and with it what else would have been written just the same."""
    found = list(SLIPS[kind](scene))
    while found:
        levels = sorted({slip.level for slip in found})
        level = scene.random.choices(levels, [WEIGHTS[each] for each in levels])[0]
        slip = scene.random.choice([slip for slip in found if slip.level == level])
        if _is_slip(slip, scene):
            return replace(slip, alt_kinds=tuple(sorted({*slip.alt_kinds, *_indistinguishable(slip, scene)} - {kind})))
        found.remove(slip)
    return None


def _is_slip(slip: Slip, scene: Scene) -> bool:
    """Whether anything is wrong with it: a bias of zero is not missed."""
    if slip.symbolic:
        return True
    try:
        wrong = work_out(slip.step, scene.known, scene.habits)
    except decimal.DecimalException:
        return False
    if slip.step.result is not None:
        return wrong.result.value != Decimal(scene.worked.result.text)
    return wrong.exact != scene.worked.exact


def _indistinguishable(slip: Slip, scene: Scene) -> Iterator[str]:
    """Kinds of slips that lead to the same line."""
    line, right = scene.written(slip.step), scene.written(scene.step)
    for kind, slips in SLIPS.items():
        if kind not in OF_THE_PEN:
            for other in slips(scene):
                try:
                    if scene.written(other.step) == line:
                        yield kind
                        break
                except decimal.DecimalException:
                    continue
    if len(line) == len(right) and line[:-1] == right[:-1] and not slip.symbolic:
        new, old = (text[-1].replace(scene.pen.minus, "-") for text in (line, right))
        if new in all_digit_edits(old):
            yield "digit"
        if new in shifts(old):
            yield "decimal_shift"
        if abs(Decimal(new) - Decimal(old)) == scene.habits.unit:
            yield "rounding"

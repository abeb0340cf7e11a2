"""The slips that are planted, one function each, and the choice among the places where one fits."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from benchmarks.planting.digits import DIGIT_EDITS, all_digit_edits, shifts
from benchmarks.planting.scene import Scene, Slip, has_sign, mapped, part_at, paths_in, slope_in, without_part
from benchmarks.planting.steps import (
    HALF,
    L2,
    RATE,
    TWO,
    Apply,
    Expr,
    Habits,
    Number,
    Quantity,
    leaves,
    replaced,
    work_out,
)


def missing_bias(scene: Scene) -> Iterator[Slip]:
    if scene.step.quantity.kind.rstrip("'") == "z":
        yield from scene.rewritten(without_part(scene.formula, len(scene.formula.parts) - 1), "missing_bias")


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
    if paths_in(scene) is not None:
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
    path = paths_in(scene)
    if path is not None:
        total = part_at(scene.formula, path)
        for kept in total.parts:
            yield from scene.rewritten(replaced(scene.formula, path, kept), "missing_path")
        if len(total.parts) > 2:
            for i in range(len(total.parts)):
                yield from scene.rewritten(replaced(scene.formula, path, without_part(total, i)), "missing_path")


def missing_activation_derivative(scene: Scene) -> Iterator[Slip]:
    path = slope_in(scene)
    if path:
        yield from scene.rewritten(without_part(scene.formula, path[0]), "missing_activation_derivative")


def activation_derivative_of_z_not_a(scene: Scene) -> Iterator[Slip]:
    path = slope_in(scene)
    if path is not None:
        inside = leaves(part_at(scene.formula, path))
        others = {(*path, *way): q._replace(kind="z") for way, q in inside if getattr(q, "kind", "") == "a"}
        for slip in scene.exchanged(others, "activation_derivative_of_z_not_a"):
            first = None if slip.claimed is None else slip.claimed.split(", ")[0]
            yield replace(slip, claimed=first, expected=slip.expected and slip.expected.split(", ")[0])


def factor(scene: Scene) -> Iterator[Slip]:
    quantity, formula = scene.step.quantity, scene.formula
    if any(has_sign(part, "ln") for part in _nodes(formula)):
        return
    if quantity.kind.rstrip("'") == "C":
        if HALF in _nodes(formula):
            wrong = [mapped(formula, lambda e: e.parts[1] if has_sign(e, "*") and e.parts[0] == HALF else e)]
        else:
            wrong = [mapped(formula, lambda e: Apply("*", (HALF, e)) if has_sign(e, "square") else e)]
    elif (
        quantity.kind in ("dC/da", "delta")
        and quantity.layer == len(scene.pen.sizes) - 1
        and not has_sign(formula, "/")
    ):
        is_doubled = TWO in _nodes(formula)
        dropped = mapped(formula, lambda e: e.parts[1] if has_sign(e, "*") and e.parts[0] == TWO else e)
        wrong = [dropped, *([] if is_doubled else _times_error(formula, TWO)), *_times_error(dropped, HALF)]
    else:
        wrong = []
    for each in wrong:
        yield from scene.rewritten(each, "factor")


def _times_error(formula: Expr, number: Number) -> list[Expr]:
    """The error of an output, with a factor before it; nothing where it was worked out on a line before."""
    way = (0,) if has_sign(formula, "*") else ()
    error = part_at(formula, way)
    return [] if isinstance(error, Quantity) else [replaced(formula, way, Apply("*", (number, error)))]


def _nodes(expr: Expr) -> Iterator[Expr]:
    yield expr
    if isinstance(expr, Apply):
        for part in expr.parts:
            yield from _nodes(part)


def sign(scene: Scene) -> Iterator[Slip]:
    yield from scene.misprinted("sign", lambda text, _: iter((text[1:] if text[0] == "-" else "-" + text,)))
    if not scene.step.quantity.kind.endswith("+"):
        swapped = mapped(scene.formula, lambda e: Apply("-", e.parts[::-1]) if has_sign(e, "-") else e)
        positive = mapped(scene.formula, lambda e: e.parts[0] if has_sign(e, "neg") else e)
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
        yield without_part(formula, len(formula.parts) - 1), ("missing_bias",)
    elif kind == "C":
        yield mapped(formula, lambda e: e.parts[0] if has_sign(e, "square") else e), ()
    elif has_sign(formula, "sigmoid") and scene.habits.expanded:
        yield Apply("antisigmoid", formula.parts), ("sign",)
    elif path := slope_in(scene):
        yield without_part(formula, path[0]), ("missing_activation_derivative",)


def mislabelled(scene: Scene) -> Iterator[Slip]:
    q, pen = scene.step.quantity, scene.pen
    for other in scene.siblings(q, scene.everything):
        if pen.name(other) != pen.name(q):
            alt = ("formula_typo",) if len(scene.step.shows) else ("formula_typo", "wrong_quantity")
            yield Slip(
                "mislabelled", replace(scene.step, label=other), "name", pen.name(other), pen.name(q), alt_kinds=alt
            )


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

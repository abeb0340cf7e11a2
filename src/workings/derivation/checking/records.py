"""Whether an activation or a loss agrees with itself: its derivative with its value, its formulas with both.

A record is asked at the numbers of a training step, so what is found has an address. Nothing is said against it where
no difference can tell: on a kink, and where the slope is lost in rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Expr, Reference
from workings.derivation.checking.differences import EPSILON, is_kink, sides, slopes
from workings.derivation.checking.remark import Remark, quantity_of
from workings.derivation.trace import Trace
from workings.errors import ExpressionError, InputError
from workings.network.activations import Activation
from workings.network.losses import Loss
from workings.network.network import Array
from workings.network.quantity import KINDS

TOLERANCE = 1e-6
"""Relative; what a difference in float64 surely reaches."""

_MOST_SHOWN = 30  # rows and columns of a whole layer's formulas that are looked at: they are all alike


def first_fault(trace: Trace) -> Remark | None:
    """The first quantity, in the order in which backpropagation is explained, that its record has wrong."""
    with np.errstate(all="ignore"):
        for sample in range(len(trace.example.inputs)):
            for layer, comparison in _comparisons(trace, sample):
                index = comparison.first_wrong()
                if index is not None:
                    quantity = quantity_of(trace, comparison.kind, layer, index, sample)
                    return Remark(quantity, f"{quantity}: {comparison.sentence(index)}")
    return None


def _comparisons(trace: Trace, sample: int) -> Iterator[tuple[int, _Comparison]]:
    """What each record is asked, with the number of the layer, from the loss down to the first layer."""
    network, L = trace.network, trace.network.depth
    Z = [rows[sample] for rows in trace.numbers.Z]
    A = [trace.numbers.A[0][sample], *(trace.undropped(number)[sample] for number in range(1, L + 1))]
    for comparison in _of_loss(network.loss, trace.example.targets[sample], A[L]):
        yield L, comparison
    for number in range(L, 0, -1):
        record = network.layer(number).activation
        of_record = _of_layer if record.scope == "layer" else _of_neurons
        for comparison in of_record(record, Z[number], A[number]):
            yield number, comparison


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two numbers that should be the same, for each neuron of a layer.

    Attributes
    ----------
    kind : str
        Of the quantity that is wrong where they differ.
    claim, fact : str
        What the two are called in a sentence, each followed by its number.
    said, true, allowed : array
        Of one shape; ``allowed`` is how far apart they may be, infinity where nobody can tell.
    at : list of str
        What each neuron was asked at: ``z = 0.3``.
    """

    kind: str
    claim: str
    fact: str
    said: Array
    true: Array
    allowed: Array
    at: list[str]

    def first_wrong(self) -> tuple[int, ...] | None:
        is_close = np.abs(self.said - self.true) <= self.allowed
        is_wrong = ~is_close & ~np.isinf(self.allowed)  # put so that nan is wrong
        return tuple(int(i) for i in np.argwhere(is_wrong)[0]) if np.any(is_wrong) else None

    def sentence(self, index: tuple[int, ...]) -> str:
        said, true = telling_apart(float(self.said[index]), float(self.true[index]))
        return f"{self.claim} {said} at {self.at[index[-1]]}, but {self.fact} {true}{self.pattern()}"

    def pattern(self) -> str:
        """What the numbers of all neurons have in common, as the end of a sentence; empty if nothing."""
        is_clear = np.abs(self.true) > 1e3 * self.allowed
        ratios = self.said[is_clear] / self.true[is_clear]
        if not np.any(ratios) or not np.all(np.abs(ratios - ratios[0]) <= 1e-5 * np.abs(ratios[0])):
            return ""
        return ": its sign is turned round" if abs(ratios[0] + 1.0) < 1e-5 else f": {ratios[0]:.6g} times as much"


def _against_differences(kind: str, name: str, said: Array, slope: tuple[Array, Array], at: list[str]) -> _Comparison:
    true, error = slope
    allowed = _allowed(said, true) + error
    return _Comparison(kind, f"{name}'s derivative says", "the slope of its value there is", said, true, allowed, at)


def _against_formula(kind: str, name: str, given: tuple[Array, Array], known: Array, at: list[str]) -> _Comparison:
    """What a formula gives held against the number it stands for.

    ``given`` is what it gives here, and for inputs a few units in the last place further: that far a formula may be
    off that turns on what rounding took away, as 1 - a does where a is nearly 1.
    """
    here, further = given
    formula, field = ("formula", "value") if KINDS[kind].derivative is None else ("derivative_formula", "derivative")
    has_value = np.isfinite(here) & np.isfinite(further)  # 1/(1 - a) has none where a is 1 to the last digit
    allowed = np.where(has_value, _allowed(here, known) + np.abs(further - here), np.inf)
    return _Comparison(kind, f"{name}'s {formula} gives", f"its {field} is", here, known, allowed, at)


def _allowed(said: Array, true: Array) -> Array:
    return np.asarray(TOLERANCE * np.maximum(np.abs(said), np.abs(true)) + 1e-12)  # below, all is rounding


def _of_loss(loss: Loss, y: Array, a: Array) -> Iterator[_Comparison]:
    n, (low, high) = len(a), loss.domain
    at = [f"y = {target:.6g}, a = {output:.6g}" for target, output in zip(y, a, strict=True)]
    room = np.minimum(a - low, high - a)
    said, known = loss.derivative(y, a, n), loss.value(y, a, n)
    slope, error = _slopes_beside_kinks(lambda outputs: loss.value(y, outputs, n), a, said, loss.kinks(y), room)
    yield _against_differences(
        "dC/da", loss.name, said, (slope, np.where(room > TOLERANCE * np.abs(a), error, np.inf)), at
    )
    written = loss.derivative_formula(Reference("y"), Reference("a"), n)
    given = _evaluated(loss.name, written, y=y, a=a), _evaluated(loss.name, written, y=y, a=_further(a))
    yield _against_formula("dC/da", loss.name, given, said, at)
    written = loss.formula(Reference("y"), Reference("a"), n)
    given = _evaluated(loss.name, written, y=y, a=a), _evaluated(loss.name, written, y=y, a=_further(a))
    yield _against_formula("C", loss.name, given, known, at)


def _of_neurons(record: Activation, z: Array, a: Array) -> Iterator[_Comparison]:
    at = [f"z = {weighted:.6g}" for weighted in z]
    said = record.derivative(z, a)
    yield _against_differences(
        "da/dz", record.name, said, _slopes_beside_kinks(record.value, z, said, record.kinks), at
    )
    written = record.derivative_formula(Reference("z"), Reference("a"))
    given = _evaluated(record.name, written, z=z, a=a), _evaluated(record.name, written, z=z, a=_further(a))
    yield _against_formula("da/dz", record.name, given, said, at)
    written = record.formula(Reference("z"))
    given = _evaluated(record.name, written, z=z), _evaluated(record.name, written, z=_further(z))
    yield _against_formula("a", record.name, given, a, at)


def _slopes_beside_kinks(
    value: Callable[[Array], Array], x: Array, said: Array, kinks: Sequence[float | Array], room: float | Array = np.inf
) -> tuple[Array, Array]:
    """The slopes by differences; on a kink what is said, if it lies between the slopes on either side.

    ``room`` is the way from each x to the nearer end of the numbers that have a value.
    """
    away = np.min([np.abs(x - kink) for kink in (*kinks, np.inf)], axis=0)
    on_kink = (away == 0.0) | is_kink(value, x, room)
    scale = np.minimum(np.maximum(1.0, np.abs(x)), 32.0 * np.minimum(np.where(on_kink, np.inf, away), room))
    slope, error = slopes(value, x, scale)
    left, right = sides(value, x)
    between = np.clip(said, np.minimum(left, right), np.maximum(left, right))
    near = 1e-3 * np.maximum(np.abs(left), np.abs(right))
    return np.where(on_kink, between, slope), np.where(on_kink, near, error)


def _of_layer(record: Activation, z: Array, a: Array) -> Iterator[_Comparison]:
    n, shown = len(z), range(min(len(z), _MOST_SHOWN))
    at = [f"z = {weighted:.6g}" for weighted in z]
    said = record.derivative(z[None, :], a[None, :])[0]
    columns = [_slopes_by_one(record, z, k) for k in range(n)]
    true, error = (np.stack(part, axis=1) for part in zip(*columns, strict=True))
    yield _against_differences("da/dz", record.name, said, (true, error), at)
    names = [Reference(str(k)) for k in range(n)]
    block = said[: len(shown), : len(shown)]
    written = [record.derivative_formula(names, j, k) for j in shown for k in shown]
    given = _each_evaluated(record.name, written, a), _each_evaluated(record.name, written, _further(a))
    here, further = (numbers.reshape(block.shape) for numbers in given)
    yield _against_formula("da/dz", record.name, (here, further), block, at)
    written = [record.formula(names, j) for j in shown]
    given = _each_evaluated(record.name, written, z), _each_evaluated(record.name, written, _further(z))
    yield _against_formula("a", record.name, given, a[: len(shown)], at)


def _slopes_by_one(record: Activation, z: Array, k: int) -> tuple[Array, Array]:
    """The slopes of all outputs of a layer by its k-th weighted input."""

    def outputs(z_k: Array) -> Array:
        changed = z.copy()
        changed[k] = z_k[0]
        return np.asarray(record.value(changed[None, :])[0])

    return slopes(outputs, z[k : k + 1], np.maximum(1.0, np.abs(z[k : k + 1])))


def _evaluated(name: str, formula: Expr, **inputs: Array) -> Array:
    """What a formula gives for each neuron."""
    neurons = zip(*inputs.values(), strict=True)
    return np.array([_number(name, formula, dict(zip(inputs, numbers, strict=True))) for numbers in neurons], float)


def _each_evaluated(name: str, formulas: list[Expr], inputs: Array) -> Array:
    """What each of some formulas gives for a whole layer's numbers, which go by the names 0, 1, ..."""
    numbers: dict[Hashable, float] = {str(k): number for k, number in enumerate(inputs)}
    return np.array([_number(name, formula, numbers) for formula in formulas], float)


def _number(name: str, formula: Expr, numbers: Mapping[Hashable, float]) -> float:
    try:
        return float(evaluate(formula, numbers.__getitem__))
    except ExpressionError as error:
        raise InputError(f"a formula of {name} cannot be evaluated: {error}") from None


def _further(x: Array) -> Array:
    return x * (1.0 + 4.0 * EPSILON)


def telling_apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers with as many figures as it takes to see that they differ, and at least four."""
    for figures in range(4, 17):
        shown = f"{first:#.{figures}g}", f"{second:#.{figures}g}"
        if shown[0] != shown[1] or not np.isfinite([first, second]).all():
            return shown
    return repr(first), repr(second)

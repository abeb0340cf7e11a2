"""The gradients of one neuron's weights and bias beside the slopes of the objective."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from workings.derivation.checking.differences import (
    FIRST_STEP,
    LAST_STEP,
    SMALL_STEP,
    central_difference,
    rounding_of,
    slopes,
)
from workings.derivation.checking.objectives import NeuronObjective
from workings.derivation.checking.obstacles import is_across_kink
from workings.derivation.trace import Trace
from workings.network.network import Array
from workings.network.quantity import Quantity

_MOST_HALVINGS = 15  # of the first step, down to the size of the last
_CLEAR = 100.0  # times its own error: a gap that no finer step will close


@dataclass(frozen=True, eq=False)
class NeuronCheck:
    """What was found out about the parameters of one neuron.

    Attributes
    ----------
    layer, j, n_in : int
        The neuron, and how many weights lead into it.
    which : array of int
        The parameters looked at: the number of a weight, or n_in for the bias. The other arrays go along with it.
    said, seen : array
        The gradient, and the slope by differences.
    hidden, wrong : array of bool
        Where differences cannot tell, and where they contradict.
    step : array
        The smallest step that was taken; the largest, where a kink lies within it.
    """

    layer: int
    j: int
    n_in: int
    which: Array
    said: Array
    seen: Array
    hidden: Array
    wrong: Array
    step: Array

    def parameter(self, entry: int) -> Quantity:
        """The weight or the bias of an entry."""
        return _parameter(self.layer, self.j, int(self.which[entry]), self.n_in)


def check_neuron(trace: Trace, layer: int, j: int, which: Array, allowed: tuple[float, float]) -> NeuronCheck:
    """Compare the gradients of some parameters of a neuron with central differences of the objective.

    Parameters
    ----------
    trace : Trace
    layer, j : int
        The neuron.
    which : array of int
        The parameters, as in :class:`NeuronCheck`.
    allowed : (float, float)
        How far off the gradient of a weight, and that of the bias, may be.
    """
    objective = NeuronObjective(trace, layer, j)
    n_in, p = len(objective.row) - 1, objective.row[which]
    # No step moves z by more than it would move a number of about 1.
    scale = np.maximum(1.0, np.abs(p)) / np.maximum(1.0, np.max(np.abs(objective.inputs), axis=0))[which]
    gradient = trace.numbers.gradient
    said = np.append(gradient.W[layer - 1][j], gradient.b[layer - 1][j])[which]
    tolerance = np.where(which < n_in, *allowed)
    seen = central_difference(partial(objective, which), p, SMALL_STEP * scale)
    error = np.zeros_like(seen)
    doubtful = np.flatnonzero(~(np.abs(said - seen) <= tolerance))
    if len(doubtful):
        seen[doubtful], error[doubtful] = _seen_again(
            objective, which[doubtful], scale[doubtful], said[doubtful], seen[doubtful]
        )
    error += _carried_rounding(trace) / scale
    gap = np.abs(said - seen)
    hidden = (gap > tolerance) & (gap <= error)
    wrong = ~(gap <= tolerance) & ~hidden
    step = LAST_STEP * scale
    for entry in np.flatnonzero(wrong)[np.argsort(-gap[wrong])]:
        clear = _clear_of_kinks(trace, _parameter(layer, j, int(which[entry]), n_in), float(scale[entry]))
        if clear == scale[entry]:
            break  # one mistake is enough
        step[entry], wrong[entry], hidden[entry] = FIRST_STEP * scale[entry], False, clear is None
        if clear is None:
            continue
        own = which[entry : entry + 1]
        (seen[entry],), (off,) = slopes(partial(objective, own), objective.row[own], np.array([clear]))
        gap[entry], off = abs(said[entry] - seen[entry]), off + _carried_rounding(trace) / clear
        hidden[entry] = tolerance[entry] < gap[entry] <= off
        wrong[entry] = not hidden[entry] and not gap[entry] <= tolerance[entry]
        if wrong[entry]:
            break
    return NeuronCheck(layer, j, n_in, which, said, seen, hidden, wrong, step)


def _clear_of_kinks(trace: Trace, parameter: Quantity, scale: float) -> float | None:
    """The largest scale up to the given one at which no step crosses a kink; None where even the smallest one does."""
    narrower = (scale * 2.0**-halvings for halvings in range(_MOST_HALVINGS))
    return next((s for s in narrower if not is_across_kink(trace, parameter, FIRST_STEP * s)), None)


def _carried_rounding(trace: Trace) -> float:
    """What the rounding of all weighted inputs does to a difference of objectives; nothing smaller can be told."""
    numbers = trace.numbers
    carried = sum(float(np.sum(np.abs(delta * z))) for delta, z in zip(numbers.delta[1:], numbers.Z[1:], strict=True))
    return float(rounding_of(np.asarray(carried), np.asarray(SMALL_STEP)))


def _seen_again(
    objective: NeuronObjective, which: Array, scale: Array, said: Array, seen: Array
) -> tuple[Array, Array]:
    """Better slopes and how far off each may be; by many finer steps only where these can decide."""
    p, h = objective.row[which], SMALL_STEP * scale
    wider = central_difference(partial(objective, which), p, 4.0 * h)
    error = np.abs(seen - wider) + rounding_of(np.abs(objective(which, p)), h)
    unclear = np.flatnonzero(np.abs(said - seen) <= _CLEAR * error)
    if len(unclear):
        some = which[unclear]
        seen[unclear], error[unclear] = slopes(lambda values: objective(some, values), p[unclear], scale[unclear])
    return seen, error


def _parameter(layer: int, j: int, k: int, n_in: int) -> Quantity:
    return Quantity("W", layer, (j, k)) if k < n_in else Quantity("b", layer, (j,))

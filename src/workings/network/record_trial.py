"""Trying a record out on a few numbers, so that what is wrong with it is said before it is put to work."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workings.algebra.expression import Expr, Reference
from workings.errors import InputError
from workings.network.activations import Activation
from workings.network.elementary import Array
from workings.network.losses import Loss
from workings.network.optimizers import Optimizer

_Z = np.array([[-1.5, 0.25, 2.0], [0.5, -0.75, 1.0]])  # two samples, three neurons
_SHARES = np.array([[0.2, 0.5, 0.9], [0.4, 0.3, 0.7]])  # where between the ends of a domain a loss is tried


def try_activation(record: Activation, *, formulas: bool = True) -> None:
    """Refuse an activation whose functions do not give what they must; its formulas only where they are needed.

    Raises
    ------
    InputError
        Says which field, what it gave and what it must give. What a function raises by itself goes through.
    """
    name, (n_samples, n) = record.name, _Z.shape
    _check_range(record.range, f"{name}'s range")
    if record.scope not in ("neuron", "layer"):
        raise InputError(f"{name}'s scope is {record.scope!r}, but must be 'neuron' or 'layer'")
    with np.errstate(all="ignore"):
        a = _numbers(record.value, (_Z,), _Z.shape, f"{name}'s value")
        alone = _numbers(record.value, (_Z[:, :1],), (n_samples, 1), f"{name}'s value")
        if record.scope == "neuron" and not np.allclose(alone, a[:, :1], equal_nan=True):
            raise InputError(
                f"{name}'s value changes with the other neurons of the layer; an activation of a whole layer says "
                'scope="layer", and its derivative gives the Jacobian'
            )
        jacobian = (n_samples, n, n) if record.scope == "layer" else _Z.shape
        _numbers(record.derivative, (_Z, a), jacobian, f"{name}'s derivative")
    if not formulas:
        return
    z, of_layer = Reference("z"), [Reference(str(k)) for k in range(n)]
    is_layer = record.scope == "layer"
    _expression(record.formula, (of_layer, 0) if is_layer else (z,), f"{name}'s formula")
    slope_of = (of_layer, 0, 1) if is_layer else (z, Reference("a"))
    _expression(record.derivative_formula, slope_of, f"{name}'s derivative_formula")


def try_loss(record: Loss, *, formulas: bool = True) -> None:
    """Refuse a loss whose functions do not give what they must; errors as :func:`try_activation`."""
    name, n = record.name, _SHARES.shape[1]
    _check_range(record.domain, f"{name}'s domain")
    low, high = (max(record.domain[0], -2.0), min(record.domain[1], 2.0))
    a = low + (high - low) * _SHARES
    y = low + (high - low) * _SHARES[::-1]
    with np.errstate(all="ignore"):
        _numbers(record.value, (y, a, n), a.shape, f"{name}'s value")
        _numbers(record.derivative, (y, a, n), a.shape, f"{name}'s derivative")
    for field in ("formula", "derivative_formula") if formulas else ():
        _expression(getattr(record, field), (Reference("y"), Reference("a"), n), f"{name}'s {field}")


def try_optimizer(record: Optimizer, *, formulas: bool = True) -> None:
    """Refuse an optimizer whose functions do not give what they must; errors as :func:`try_activation`."""
    name, gradient, updates = record.name, _Z[0], np.array([1, 2])
    with np.errstate(all="ignore"):
        factors = _asked(record.factors_at, (record.learning_rate, 1), f"{name}'s factors")
        rates = np.full(len(updates), record.learning_rate)
        _numbers(record.factors_over, (rates, updates), (len(updates), len(factors)), f"{name}'s factors")
        what, state = f"{name}'s update", [np.zeros_like(gradient) for _ in record.state]
        made = _asked(record.update, (np.ones_like(gradient), gradient, *state, *factors), what, gradient.shape)
    if not isinstance(made, tuple) or len(made) != 1 + len(state):
        given = f"a tuple of {len(made)}" if isinstance(made, tuple) else f"one {type(made).__name__}"
        wanted = ", ".join(("the new parameter", *(f"the new {kind}" for kind in record.state)))
        raise InputError(f"{what} gives {given}, but must give a tuple of {1 + len(state)}: {wanted}")
    for each in made:
        _right_numbers(each, gradient.shape, gradient.shape, what)
    if formulas:
        _expression(record.formula, (Reference,), f"{name}'s formula")
        for line in record.lines:
            _expression(line.formula, (Reference,), f"{name}'s line of {line.kind}")


def _check_range(ends: Any, what: str) -> None:
    try:
        low, high = (float(end) for end in ends)
    except (TypeError, ValueError):
        low = high = math.nan
    if not low < high:
        raise InputError(f"{what} is {ends!r}, but must be two numbers, the smaller first; math.inf is one")


def _asked(
    function: Callable[..., Any], arguments: tuple[Any, ...], what: str, wanted: tuple[int, ...] | None = None
) -> Any:
    """What a function gives; what it raises gets a note of what it was given and, where it is an array, must give."""
    try:
        return function(*arguments)
    except Exception as error:
        shapes = [str(each.shape) for each in arguments if isinstance(each, np.ndarray)]
        given = f" for {', '.join(shapes)}, where it must give {wanted}" if wanted is not None else ""
        error.add_note(f"{what} fails{given}: ")
        raise


def _numbers(function: Callable[..., Any], arguments: tuple[Any, ...], shape: tuple[int, ...], what: str) -> Array:
    """What a function gives for whole arrays, if it is an array of numbers of the right shape."""
    return _right_numbers(_asked(function, arguments, what, shape), shape, arguments[0].shape, what)


def _right_numbers(found: Any, shape: tuple[int, ...], of: tuple[int, ...], what: str) -> Array:
    try:
        given = np.asarray(found)
    except ValueError:
        raise InputError(f"{what} gives rows of different lengths, but must give the shape {shape} for {of}") from None
    if given.dtype.kind not in "fiu":
        raise InputError(f"{what} gives {given.reshape(-1)[:1].tolist()}, but must give numbers")
    if given.shape != shape:
        wanted = "the Jacobian of each sample" if len(shape) > 2 else "one number for each that it is given"
        raise InputError(f"{what} gives the shape {given.shape} for {of}, but must give {shape}: {wanted}")
    return given


def _expression(function: Callable[..., Any], arguments: tuple[Any, ...], what: str) -> None:
    given = _asked(function, arguments, f'{what}, which is made of + - * / ** and call("tanh", z),')
    if not isinstance(given, Expr):
        raise InputError(
            f"{what} gives {given!r}, but must give an expression, as in 1 / (1 + E_CONSTANT**-z) or expr(1), from "
            "workings.algebra.expression"
        )

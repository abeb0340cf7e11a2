"""Which shapes fit together in a network file, and which targets its output can reach."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from workings.errors import InputError
from workings.network.network import Array, Example, Network
from workings.network.network_fields import comma_meant, counted

_MOST_DECADES = 9  # targets further off are no matter of scale


def check_layer(W: Array, b: Array, before: Array | Example, place: str) -> None:
    """Refuse weights and biases that do not fit each other or what comes before them.

    Parameters
    ----------
    W, b : arrays of shape (n_out, n_in) and (n_out,)
    before : array of shape (n_in,) or Example
        The biases of the layer before; for the first layer the example.
    place : str
        The beginning of a message, such as ``net.toml: layers[1]``.
    """
    if isinstance(before, Example):
        n_in, each = before.inputs.shape[1], "input"
        _check_inputs_not_transposed(W, b, before, place)
    else:
        n_in, each = len(before), "output"
    n_out, expected = len(b), (len(b), n_in)
    if W.shape[1] == n_in and W.shape[0] != n_out:
        raise InputError(
            f"{place}.biases has shape ({n_out},) but must be ({W.shape[0]},): one bias for each neuron of this layer, "
            f"that is for each row of its weights{comma_meant(b, W.shape[0])}"
        )
    if W.shape != expected:
        neurons = "the neuron" if n_out == 1 else f"each of the {n_out} neurons"
        columns = f"the {each}" if n_in == 1 else f"each of the {n_in} {each}s"
        question = _transposed(W, expected) or comma_meant(W, n_in)
        raise InputError(
            f"{place}.weights has shape {W.shape} but must be {expected}: one row for {neurons} of this layer, one "
            f"column for {columns}{'' if each == 'input' else ' of the layer before'}{question}"
        )


def check_example(example: Example, network: Network, file: str) -> None:
    """Refuse inputs and targets that are not as many as the network has, and targets that its output cannot reach."""
    _check_width(example.inputs, network.sizes[0], "input of the network", f"{file}: inputs", example.is_batch)
    each = f"neuron of layers[{network.depth}], the output layer"
    _check_width(example.targets, network.sizes[-1], each, f"{file}: targets", example.is_batch)
    output, loss = network.layers[-1].activation, network.loss
    low, high = output.range
    for i, row in enumerate(example.targets.tolist(), start=1):
        for j, target in enumerate(row, start=1):
            place = f"targets[{i}][{j}]" if example.is_batch else f"targets[{j}]"
            if not loss.can_take(target):
                advice = _scaled(target, example.targets, *loss.domain) if not loss.targets else ""
                raise InputError(
                    f"{file}: {place}: a target of {loss.name} is {loss.wanted}, not {_short(target)}"
                    + (advice and f"; {advice}")
                )
            if not low <= target <= high:
                article = "an" if output.name[:1] in "aeiou" else "a"
                raise InputError(
                    f"{file}: {place}: {article} {output.name} cannot reach {_short(target)}; "
                    + (_scaled(target, example.targets, low, high) or f"its outputs lie between {low:g} and {high:g}")
                )


def check_sample_weights(weights: Array, n_samples: int, place: str) -> None:
    """Refuse weights of samples that are not one for each, or negative, or no numbers, or all 0."""
    if weights.shape != (n_samples,):
        raise InputError(f"{place} has shape {weights.shape} but must be ({n_samples},): one for each sample")
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(wrong):
        raise InputError(
            f"{place}[{wrong[0]}] is {weights[wrong[0]]:g}, but the weight of a sample must be 0 or more, and finite"
        )
    with np.errstate(over="ignore"):
        total = weights.sum()
    if not np.isfinite(total):
        raise InputError(f"{place} add up to more than the largest number there is")
    if not weights.any():
        raise InputError(f"{place} are all 0, so no sample counts; at least one must be more")


def _check_inputs_not_transposed(W: Array, b: Array, example: Example, place: str) -> None:
    # Where turning the inputs around makes them fit the first layer, the layer is not to blame.
    turned = example.inputs.T
    if example.is_batch and example.inputs.shape[1] != W.shape[1] and (len(b), turned.shape[1]) == W.shape:
        raise InputError(
            f"{place.removesuffix('layers[1]')}inputs has shape {example.inputs.shape} but must be {turned.shape}: one "
            f"row for each sample, one column for each of the {W.shape[1]} columns of layers[1].weights. "
            "Is it transposed?"
        )


def _check_width(rows: Array, size: int, each: str, place: str, is_batch: bool) -> None:
    n_samples, width = rows.shape
    if width == size:
        return
    if is_batch:
        expected = (n_samples, size)
        raise InputError(
            f"{place} has shape {rows.shape} but must be {expected}: one row for each sample, one column for each "
            f"{each}{_transposed(rows, expected) or comma_meant(rows, size)}"
        )
    raise InputError(
        f"{place} has {counted(width, 'number')} but must have {size}: one for each {each}{comma_meant(rows, size)}"
    )


def _transposed(array: Array, expected: tuple[int, int]) -> str:
    return ". Is it transposed?" if array.T.shape == expected else ""


def _scaled(target: float, targets: Array, low: float, high: float) -> str:
    """A target divided by the power of ten that brings all targets into range, as a question; empty if none does."""
    for decades in range(1, _MOST_DECADES + 1):
        if (targets / 10.0**decades >= low).all() and (targets / 10.0**decades <= high).all():
            return f"scale it to {Decimal(repr(target)).scaleb(-decades).normalize():f}?"
    return ""


def _short(x: float) -> str:
    return repr(x).removesuffix(".0")

"""Writing a network file: every field with a comment that explains it, so that the file teaches its own format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from workings.errors import InputError
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Array, Example, Network
from workings.network.notations import NOTATIONS
from workings.network.optimizers import OPTIMIZERS, bounds_of
from workings.network.quantity import Quantity
from workings.network.reductions import REDUCTIONS
from workings.network.schedules import SCHEDULES

_WIDEST_NAMED = 8
"""Numbers in a row that still get their names beside it."""


def dump(network: Network) -> str:
    """The text of a network file; reading it gives the same network again, bit for bit.

    Parameters
    ----------
    network : Network
        With its example. float32 parameters are written in full, and read as the same numbers in float64.

    Raises
    ------
    InputError
        For a network without an example: a network file is a worked example.
    """
    if network.example is None:
        raise InputError("this network has no example (inputs, targets, learning rate), which a network file must have")
    return "\n".join([*_head(network, network.example), *_layers(network)]) + "\n"


def _head(network: Network, example: Example) -> Iterator[str]:
    yield "# A network with the numbers to work it through. What follows a # is a comment."
    yield ""
    yield f"title = {_string(network.title)}"
    yield ""
    yield "# One number for each input and each output. A mini-batch is a list of samples: [[0.1, 0.2], [0.3, 0.4]]"
    yield from _samples("inputs", example.inputs, example.is_batch)
    yield from _samples("targets", example.targets, example.is_batch)
    if example.sample_weights is not None:
        yield "# How much each sample counts: one of weight 2 as much as two of weight 1"
        yield f"sample_weights = {_numbers(example.sample_weights)}"
    gathered = " or the ".join(map(_string, REDUCTIONS))
    step = "How far to go: of sgd, new weight = old weight - learning_rate * gradient; usually between 0 and 1"
    if network.has_dropout:
        yield ""
        yield "# Decides, with the number of the update, which activations dropout leaves out"
        yield f"dropout_seed = {network.dropout_seed}"
    bounds = bounds_of(example.optimizer)
    of_some = [
        ("l1", "The cost grows by l1 * (sum of all |weights|)", network.l1),
        ("clip_norm", "Where the whole gradient is longer, it is shortened to this", bounds.get("clip_norm")),
        ("clip_value", "Where a gradient is larger, in either direction, it is cut to this", bounds.get("clip_value")),
    ]
    for comment, key, value in (
        (step, "learning_rate", example.learning_rate),
        (f"What makes the update: {_names(OPTIMIZERS)}", "optimizer", str(example.optimizer)),
        (f"What becomes of the learning rate: {_names(SCHEDULES)}", "schedule", str(example.schedule)),
        (f"What a wrong output costs: {_names(LOSSES)}", "loss", network.loss.name),
        (f"The cost of a mini-batch: the {gathered} of its samples' losses", "reduction", network.reduction),
        ("Weight decay: the cost grows by l2/2 * (sum of all squared weights); 0 for none", "l2", network.l2),
        *((comment, key, value) for key, comment, value in of_some if value),
        ("false holds the biases as they are", "train_biases", network.train_biases),
        (f"How the numbers are called: {_names(NOTATIONS)}", "notation", network.notation),
    ):
        yield from ("", f"# {comment}", f"{key} = {_value(value)}")


def _layers(network: Network) -> Iterator[str]:
    sizes = network.sizes
    yield ""
    yield f"# The layers, from the first after the inputs to the outputs: {' - '.join(map(str, sizes))}"
    yield f"# Activations: {_names(ACTIVATIONS)}"
    for number, layer in enumerate(network.layers, start=1):
        before = "input" if number == 1 else "neuron of the layer before"
        yield ""
        yield "[[layers]]"
        goes_with = number == network.depth and layer.activation.name == network.loss.output
        reason = f"  # of the outputs: what goes with {network.loss.name}" if goes_with else ""
        yield f"activation = {_string(layer.activation.name)}{reason}"
        if layer.dropout:
            yield f"dropout = {_value(layer.dropout)}  # the share of its activations that is left out in an update"
        yield f"weights = [  # one row for each neuron of this layer, one column for each {before}"
        for j, row in enumerate(network.W(number)):
            names = _called((Quantity("W", number, (j, k)) for k in range(layer.n_in)), layer.n_in, network)
            yield f"  {_numbers(row)},{names}"
        yield "]"
        names = _called((Quantity("b", number, (j,)) for j in range(layer.n_out)), layer.n_out, network)
        yield f"biases = {_numbers(network.b(number))}{names or '  # one for each neuron'}"


def _samples(key: str, rows: Array, is_batch: bool) -> Iterator[str]:
    if not is_batch and len(rows) == 1:
        yield f"{key} = {_numbers(rows[0])}"
    else:
        yield f"{key} = ["
        yield from (f"  {_numbers(row)}," for row in rows)
        yield "]"


def _called(quantities: Iterable[Quantity], count: int, network: Network) -> str:
    """A comment with what the network's notation calls the numbers of a row, while they are few."""
    notation = NOTATIONS.get(network.notation)
    if notation is None or count > _WIDEST_NAMED:
        return ""
    names = dict.fromkeys(notation.text(quantity, network) for quantity in quantities)
    return f"  # {' '.join(names)}"


def _numbers(row: Array) -> str:
    return str(row.tolist())  # Python's shortest digits that read back as the same number


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _string(value) if isinstance(value, str) else repr(float(value))


def _string(text: str) -> str:
    # TOML's escapes are JSON's, and one control character more has to be escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _names(registry: Iterable[str]) -> str:
    return ", ".join(registry)

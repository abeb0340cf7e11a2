"""From the table of a network file to a Network: which keys there are, and what each may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePath
from typing import Any, TypeVar

from workings.errors import InputError
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.clipping import CLIPPINGS, clipping_of
from workings.network.losses import LOSSES, Loss
from workings.network.network import Array, Example, Layer, Network, Parameters
from workings.network.network_fields import (
    boolean,
    check_keys,
    counted,
    described,
    listed,
    matrix,
    named,
    number,
    samples,
    sequence,
    string,
    vector,
    whole_number,
)
from workings.network.network_parts import dropout_of_all
from workings.network.network_shapes import check_example, check_layer, check_sample_weights
from workings.network.network_values import parameters_of
from workings.network.notations import NOTATIONS
from workings.network.optimizers import Optimizer, optimizer_named, with_settings
from workings.network.reductions import REDUCTIONS
from workings.network.schedules import Schedule, refuse_without_length, schedule_named
from workings.network.schedules import with_settings as schedule_with

Record = TypeVar("Record")

REQUIRED = ("inputs", "targets", "learning_rate", "loss")
OF_TRAINING = ("optimizer", "schedule", *CLIPPINGS)
OF_THE_OBJECTIVE = ("reduction", "l2", "l1", "sample_weights", "dropout_seed")
OPTIONAL = ("title", "notation", *OF_TRAINING, "train_biases", *OF_THE_OBJECTIVE)
IN_A_LAYER = ("activation", "weights", "biases")
BESIDE_VALUES = ("sizes", "activation", "activations", "dropout")


@dataclass(frozen=True, slots=True)
class Records:
    """The activations and losses a file may name."""

    activations: Mapping[str, Activation]
    losses: Mapping[str, Loss]

    @classmethod
    def with_own(cls, activations: Mapping[str, Activation], losses: Mapping[str, Loss]) -> Records:
        """The built-in ones and the user's own."""
        return cls({**ACTIVATIONS, **activations}, {**LOSSES, **losses})


def network_of(table: Mapping[str, Any], file: str, records: Records) -> Network:
    """The network that the table of a network file describes; ``file`` begins every message.

    Raises
    ------
    InputError
        Says which key, what it got and what it wants.
    """
    _check_form(table, file)
    example = _example(table, file)
    notation = named(NOTATIONS, table.get("notation", "textbook"), "notation", f"{file}: notation")
    if "values" in table:
        sizes = _sizes(table["sizes"], f"{file}: sizes")
        activations = _activations(table, len(sizes) - 1, records, file)
        values = _table(table["values"], "[values]", f"{file}: values")
        parameters = parameters_of(values, sizes, notation, f"{file}: values")
        rates = dropout_of_all(number(table.get("dropout", 0.0), f"{file}: dropout"), len(activations))
    else:
        parameters, activations = _rows(table["layers"], example, records, f"{file}: layers")
        sizes, rates = parameters.sizes, _dropout(table["layers"], f"{file}: layers")
    parts = zip(pairwise(sizes), activations, rates, strict=True)
    layers = tuple(Layer(*size, activation, rate) for size, activation, rate in parts)
    settings: dict[str, Any] = {
        "loss": named(records.losses, table["loss"], "loss", f"{file}: loss"),
        "l2": number(table.get("l2", 0.0), f"{file}: l2"),
        "l1": number(table.get("l1", 0.0), f"{file}: l1"),
        "reduction": named(REDUCTIONS, table.get("reduction", "mean"), "reduction", f"{file}: reduction").name,
        "dropout_seed": whole_number(table.get("dropout_seed", 0), f"{file}: dropout_seed"),
        "train_biases": boolean(table.get("train_biases", True), f"{file}: train_biases"),
        "title": string(table.get("title", PurePath(file).name), f"{file}: title"),
    }
    try:
        network = Network(layers, parameters, example=example, notation=notation.name, **settings)
    except InputError as error:
        raise InputError(f"{file}: {error}") from None
    check_example(example, network, file)
    return network


def _check_form(table: Mapping[str, Any], file: str) -> None:
    """Weights stand in ``[[layers]]`` or in ``[values]``, and each form has its keys."""
    if not table:
        raise InputError(f"{file} is empty; workings new 2-3-1 writes a network file to start from")
    known = (*REQUIRED, *OPTIONAL, *BESIDE_VALUES, "values", "layers")
    check_keys(table, known, (*REQUIRED, *(("sizes",) if "values" in table else ("layers",))), file)
    if "values" not in table:
        stray = [key for key in BESIDE_VALUES if key in table]
        if stray:
            raise InputError(f"{file}: {listed(stray)} at the top goes with [values], but this file has layers")
    elif "layers" in table:
        raise InputError(f"{file} has both layers and values; the weights must be given once")
    elif ("activation" in table) == ("activations" in table):
        raise InputError(
            f'{file}: beside [values] stands either activation = "..." for all layers, or activations = [...] with one '
            "for each"
        )


def _example(table: Mapping[str, Any], file: str) -> Example:
    inputs, is_batch = samples(table["inputs"], f"{file}: inputs")
    targets, targets_are_batch = samples(table["targets"], f"{file}: targets")
    if is_batch != targets_are_batch:
        one, many = ("targets", "inputs") if is_batch else ("inputs", "targets")
        raise InputError(
            f"{file}: {many} is a list of samples, but {one} is a single flat one; both must be flat, or both lists of "
            "samples: [[...], [...]]"
        )
    if len(inputs) != len(targets):
        fits = {
            "Is inputs transposed?": inputs.shape[1] == len(targets),
            "Is targets transposed?": len(inputs) == targets.shape[1],
            "Are both transposed?": inputs.shape[1] == targets.shape[1],
        }
        question = next((f". {question}" for question, fitting in fits.items() if fitting), "")
        raise InputError(
            f"{file}: inputs has shape {inputs.shape} and targets has shape {targets.shape}, but both must have one "
            f"row for each sample{question}"
        )
    optimizer = _optimizer(table.get("optimizer", "sgd"), f"{file}: optimizer")
    bounds = {name: number(table[name], f"{file}: {name}") for name in CLIPPINGS if name in table}
    try:
        optimizer = replace(optimizer, clipping=clipping_of(**bounds))
    except InputError as error:
        raise InputError(f"{file}: {error}") from None
    learning_rate = number(table["learning_rate"], f"{file}: learning_rate")
    schedule = _schedule(table.get("schedule", "constant"), f"{file}: schedule")
    weights = _sample_weights(table["sample_weights"], is_batch, inputs, file) if "sample_weights" in table else None
    how: dict[str, Any] = {"optimizer": optimizer, "schedule": schedule, "sample_weights": weights}
    return Example(inputs, targets, learning_rate, is_batch, **how)


def _sample_weights(value: Any, is_batch: bool, inputs: Array, file: str) -> Array:
    where = f"{file}: sample_weights"
    if not is_batch:
        raise InputError(f"{where} goes with a batch, a list of samples, but there is a single one here")
    weights = vector(value, where)
    check_sample_weights(weights, len(inputs), where)
    return weights


def _optimizer(value: Any, where: str) -> Optimizer:
    return _with_settings(value, where, optimizer_named, with_settings)


def _schedule(value: Any, where: str) -> Schedule:
    schedule = _with_settings(value, where, schedule_named, schedule_with)
    try:
        refuse_without_length(schedule, "an example")
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    return schedule


def _with_settings(
    value: Any, where: str, by_name: Callable[[str], Record], change: Callable[[Record, Mapping[str, Any]], Record]
) -> Record:
    """A name, with its settings behind a colon or in a table: ``{ name = "adam", beta1 = 0.8 }``."""
    try:
        if not isinstance(value, dict):
            return by_name(string(value, where))
        name = string(value.get("name", ""), f"{where}.name")
        return change(by_name(name), {key: value[key] for key in value if key != "name"})
    except InputError as error:
        raise InputError(str(error) if str(error).startswith(where) else f"{where}: {error}") from None


def _rows(value: Any, example: Example, records: Records, where: str) -> tuple[Parameters, list[Activation]]:
    """Weights and biases layer by layer, each of the shape that the layer before asks for."""
    if isinstance(value, dict):
        raise InputError(f"{where} is a single table, but must be a list of them: write [[layers]], with two brackets")
    weights: list[Array] = []
    biases: list[Array] = []
    activations = []
    for i, item in enumerate(sequence(value, "layers", where), start=1):
        place = f"{where}[{i}]"
        layer = _table(item, "[[layers]]", place)
        check_keys(layer, (*IN_A_LAYER, "dropout"), IN_A_LAYER, place)
        activations.append(named(records.activations, layer["activation"], "activation", f"{place}.activation"))
        for key, of in (("weights", "row"), ("biases", "number")):
            if layer[key] == []:
                raise InputError(f"{place} is empty: {key} must have one {of} for each neuron, at least one")
        W, b = matrix(layer["weights"], f"{place}.weights"), vector(layer["biases"], f"{place}.biases")
        check_layer(W, b, biases[-1] if biases else example, place)
        weights.append(W)
        biases.append(b)
    return Parameters.of(weights, biases), activations


def _dropout(layers: list[dict[str, Any]], where: str) -> list[float]:
    """The share of each layer's activations that is left out in an update."""
    return [number(layer.get("dropout", 0.0), f"{where}[{i}].dropout") for i, layer in enumerate(layers, start=1)]


def _sizes(value: Any, where: str) -> tuple[int, ...]:
    """Inputs, then neurons of each layer."""
    sizes = sequence(value, "whole numbers", where)
    for i, size in enumerate(sizes, start=1):
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            got = repr(size) if isinstance(size, int | float) else described(size)
            raise InputError(f"{where}[{i}] must be a whole number of at least 1, but is {got}")
    if len(sizes) < 2:
        raise InputError(f"{where} must count the inputs, then the neurons of each layer, as in [2, 3, 1]; got {sizes}")
    return tuple(sizes)


def _activations(table: Mapping[str, Any], n_layers: int, records: Records, file: str) -> list[Activation]:
    """One for each layer, from ``activation`` (the same for all) or ``activations``."""
    if "activation" in table:
        return [named(records.activations, table["activation"], "activation", f"{file}: activation")] * n_layers
    where = f"{file}: activations"
    names = sequence(table["activations"], "names", where)
    if len(names) != n_layers:
        raise InputError(
            f"{where} has {counted(len(names), 'name')}, but sizes counts {counted(n_layers, 'layer')} after the inputs"
        )
    return [named(records.activations, name, "activation", f"{where}[{i}]") for i, name in enumerate(names, start=1)]


def _table(value: Any, heading: str, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{where} must be a table under the heading {heading}, but is {described(value)}")
    return value

"""From the table of a network file to a Network: which keys there are, which shapes fit, which targets can be reached."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, cast

import numpy as np

from workings.errors import InputError
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.losses import LOSSES, Loss
from workings.network.network import Array, Example, Layer, Network, Parameters
from workings.network.network_fields import (
    boolean,
    check_keys,
    counted,
    described,
    matrix,
    named,
    number,
    samples,
    sequence,
    string,
    vector,
)

REQUIRED = ("inputs", "targets", "learning_rate", "loss")
OPTIONAL = ("title", "notation", "train_biases", "reduction", "l2")
IN_ROWS = ("layers",)
IN_LAYER = ("activation", "weights", "biases")
BY_NAME = ("sizes", "activation", "activations", "values")
REDUCTIONS: dict[str, Literal["mean", "sum"]] = {"mean": "mean", "sum": "sum"}


@dataclass(frozen=True, slots=True)
class _Records:
    activations: Mapping[str, Activation]
    losses: Mapping[str, Loss]


def network_of(
    table: Mapping[str, Any],
    file: str,
    activations: Mapping[str, Activation],
    losses: Mapping[str, Loss],
) -> Network:
    """The network that the table of a network file describes.

    Parameters
    ----------
    table : mapping
        The parsed TOML.
    file : str
        What messages call the file.
    activations, losses : mapping of name to record
        Records known beside the built-in ones.

    Raises
    ------
    InputError
        A sentence that begins with the file and the key.
    """
    records = _Records({**ACTIVATIONS, **activations}, {**LOSSES, **losses})
    by_name = "values" in table
    check_keys(table, (*REQUIRED, *OPTIONAL, *IN_ROWS, *BY_NAME), REQUIRED, file)
    _check_form(table, file)
    example = _example(table, file)
    notation = _notation(table, file)
    layers, parameters = (_by_name if by_name else _in_rows)(table, example, notation, records, file)
    l2 = number(table.get("l2", 0.0), f"{file}: l2")
    if l2 < 0:
        raise InputError(f"{file}: l2 is {l2:g}; a penalty on the weights must be 0 or more")
    try:
        network = Network(
            layers,
            parameters,
            named(records.losses, table["loss"], "loss", f"{file}: loss"),
            l2=l2,
            reduction=named(REDUCTIONS, table.get("reduction", "mean"), "reduction", f"{file}: reduction"),
            train_biases=boolean(table.get("train_biases", True), f"{file}: train_biases"),
            example=example,
            title=string(table.get("title", _name_of(file)), f"{file}: title"),
            notation=notation,
        )
    except InputError as error:
        raise InputError(str(error) if str(error).startswith(f"{file}: ") else f"{file}: {error}") from None
    _check_targets(example, layers[-1], file)
    return network

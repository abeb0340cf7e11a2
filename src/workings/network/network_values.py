"""Weights and biases given one by one under the names of a notation: ``w0 = 0.15``, ``b1 = 0.5``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

import numpy as np

from workings.errors import AddressError, InputError, nearest
from workings.network.network import Array, Network, Parameters
from workings.network.network_fields import counted, listed, number, shortened
from workings.network.notation import Notation
from workings.network.notations import NOTATIONS
from workings.network.quantity import KINDS, Quantity

_MOST_NAMED = 10_000  # parameters of which a message still names those that are missing
_SHOWN = 6


def parameters_of(values: Mapping[str, Any], sizes: tuple[int, ...], notation: Notation, where: str) -> Parameters:
    """The parameters that a table of names gives.

    Parameters
    ----------
    values : mapping of name to number
        Every weight, and for every layer its biases one by one or, where the notation has such a name, one for all.
    sizes : tuple of int
        Inputs, then neurons of each layer.
    notation : Notation
        What the names mean.
    where : str
        The beginning of a message: the file and the table.

    Raises
    ------
    InputError
        For a name that means no weight and no bias, is given twice, or is missing.
    """
    n_weights = sum(n_in * n_out for n_in, n_out in pairwise(sizes))
    if n_weights > max(_MOST_NAMED, len(values)):
        raise InputError(
            f"{where} names {counted(len(values), 'number')}, but sizes = {list(sizes)} has {n_weights} weights"
        )
    parameters = Parameters(np.zeros(n_weights + sum(sizes[1:])), sizes)
    given_by: dict[Quantity, str] = {}
    for name, value in values.items():
        quantity = _quantity_of(name, values, sizes, notation, where)
        for part in _parts(quantity, sizes):
            if part in given_by:
                raise InputError(f"{where}: {given_by[part]} and {name} are the same {KINDS[part.kind].meaning}")
            given_by[part] = name
        _array_of(quantity, parameters)[quantity.index] = number(value, f"{where}.{shortened(name)}")
    missing = [part for part in _all_parts(sizes) if part not in given_by]
    if missing:
        names = _names(missing, sizes, notation)
        shown = names if len(names) <= _SHOWN else [*names[: _SHOWN - 1], f"{len(names) - _SHOWN + 1} more"]
        verb = "is" if len(names) == 1 else "are"
        raise InputError(f"{where}: {listed(shown)} {verb} missing in a network of sizes {list(sizes)}")
    return parameters


def _quantity_of(
    name: str, values: Collection[str], sizes: tuple[int, ...], notation: Notation, where: str
) -> Quantity:
    """The weight, the bias, or the biases of a layer that a name stands for."""
    quantity = _parameter(name, sizes, notation)
    if quantity is None:
        raise InputError(
            f"{where}: {shortened(name)!r} names no weight and no bias of a network of sizes {list(sizes)} in the "
            f"{notation.name} notation. {_meant(name, values, sizes, notation)}"
        )
    if quantity.kind not in ("W", "b") or quantity.sample is not None or (quantity.kind == "W" and quantity.is_whole):
        raise InputError(
            f"{where}: {name} means {quantity} ({KINDS[quantity.kind].meaning}); here stand single weights and biases"
        )
    return quantity


def _meant(name: str, values: Collection[str], sizes: tuple[int, ...], notation: Notation) -> str:
    """Advice about a name that means nothing: the notation it is of, the nearest spelling, or names there are."""
    other = _notation_of_all(values, sizes)
    if other is not None:
        return f'All these names are of the {other} notation. Write notation = "{other}" at the top'
    known = _names(list(islice(_all_parts(sizes), _MOST_NAMED)), sizes, notation)
    advice = nearest(name, known)
    choices = known if len(known) <= _SHOWN else [*known[:_SHOWN], "..."]
    return advice if advice.startswith("Did") else f"Known: {', '.join(choices)}"


def _notation_of_all(names: Collection[str], sizes: tuple[int, ...]) -> str | None:
    """The notation in which every one of the names is a weight or a bias of the network."""
    return next((n.name for n in NOTATIONS.values() if all(_parameter(name, sizes, n) for name in names)), None)


def _parameter(name: str, sizes: tuple[int, ...], notation: Notation) -> Quantity | None:
    """What a name stands for, if that is something of a layer that the network has."""
    try:
        quantity = notation.parse(name, sizes)
    except AddressError:
        return None
    return quantity if quantity.layer is None or 0 < quantity.layer < len(sizes) else None


def _parts(quantity: Quantity, sizes: tuple[int, ...]) -> Iterator[Quantity]:
    """The single numbers of a quantity: itself, or every bias of its layer."""
    if quantity.is_whole and quantity.layer is not None:
        yield from (Quantity("b", quantity.layer, (j,)) for j in range(sizes[quantity.layer]))
    else:
        yield quantity


def _all_parts(sizes: tuple[int, ...]) -> Iterator[Quantity]:
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1):
        yield from (Quantity("W", layer, (j, k)) for j in range(n_out) for k in range(n_in))
    for layer in range(1, len(sizes)):
        yield from (Quantity("b", layer, (j,)) for j in range(sizes[layer]))


def _array_of(quantity: Quantity, parameters: Parameters) -> Array:
    assert quantity.layer is not None  # weights and biases belong to a layer
    return (parameters.W if quantity.kind == "W" else parameters.b)[quantity.layer - 1]


def _names(parts: list[Quantity], sizes: tuple[int, ...], notation: Notation) -> list[str]:
    """What the notation calls them; a layer of which all biases are among them is called by its one name, if any."""
    network = Network.create(sizes, initializer="zeros")
    fixed = Network(network.layers, network.parameters, network.loss, train_biases=False)
    biases = Counter(part.layer for part in parts if part.kind == "b")
    whole = {layer for layer, count in biases.items() if layer is not None and count == sizes[layer]}
    named = (notation.text(part, fixed if part.kind == "b" and part.layer in whole else network) for part in parts)
    return list(dict.fromkeys(named))

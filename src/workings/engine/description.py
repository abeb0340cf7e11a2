"""What is written of a run so that another process can make it again: its network and its optimizer, by their names."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from workings.engine.checkpoint import digest
from workings.network.activations import ACTIVATIONS
from workings.network.clipping import CLIPPINGS, clipping_of
from workings.network.losses import LOSSES
from workings.network.network import Array, Layer, Network, Parameters, lookup
from workings.network.optimizers import Optimizer, bounds_of, optimizer_named
from workings.network.own_records import own_records

FORMAT, VERSION = "workings.run", 1


def described(
    network: Network, optimizer: Optimizer, data: tuple[Array, ...], made_by: dict[str, Any], **settings: Any
) -> dict[str, Any]:
    """What ``run.json`` says of a run: two that agree in it make the same numbers."""
    seldom = {"l1": float(network.l1), "own": [*own_records(network, optimizer)]}
    return {
        "format": FORMAT,
        "version": VERSION,
        "sizes": list(network.sizes),
        "activations": [layer.activation.name for layer in network.layers],
        "loss": network.loss.name,
        "l2": float(network.l2),
        "reduction": network.reduction,
        "train_biases": network.train_biases,
        "dtype": str(network.parameters.flat.dtype),
        "optimizer": str(optimizer),
        **{name: value for name, value in seldom.items() if value},
        **bounds_of(optimizer),
        **_dropout(network),
        **settings,
        "data": digest(data),
        "shown_as": {"title": network.title, "notation": network.notation},
        "made_by": made_by,
    }


def _dropout(network: Network) -> dict[str, Any]:
    if not network.has_dropout:
        return {}
    return {"dropout": [float(layer.dropout) for layer in network.layers], "dropout_seed": int(network.dropout_seed)}


def network_of(described: dict[str, Any]) -> Network:
    """The network that was described, without its numbers."""
    sizes = tuple(map(int, described["sizes"]))
    activations = [lookup(ACTIVATIONS, name, "activation") for name in described["activations"]]
    pairs = list(pairwise(sizes))
    rates = [float(rate) for rate in described.get("dropout", [0.0] * len(pairs))]
    parts = zip(pairs, activations, rates, strict=True)
    layers = tuple(Layer(*pair, activation, rate) for pair, activation, rate in parts)
    zeros = np.zeros(sum((n_in + 1) * n_out for n_in, n_out in pairs), described["dtype"])
    return Network(
        layers,
        Parameters(zeros, sizes),
        lookup(LOSSES, described["loss"], "loss"),
        l2=float(described["l2"]),
        reduction=described["reduction"],
        train_biases=bool(described["train_biases"]),
        notation=str(described["shown_as"]["notation"]),
        l1=float(described.get("l1", 0.0)),
        dropout_seed=int(described.get("dropout_seed", 0)),
    )


def optimizer_of(described: dict[str, Any]) -> Optimizer:
    """The optimizer that was described."""
    clipping = clipping_of(**{name: described.get(name) for name in CLIPPINGS})
    return replace(optimizer_named(described["optimizer"]), clipping=clipping)

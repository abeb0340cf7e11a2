"""Model files: a trained network's numbers in safetensors, everything else as JSON in its metadata; nothing is run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workings.errors import InputError, WorkingsError, nearest
from workings.network.activations import ACTIVATIONS
from workings.network.atomic import write_at_once
from workings.network.clipping import CLIPPINGS, clipping_of
from workings.network.losses import LOSSES
from workings.network.network import Array, Example, Layer, Network, Parameters, lookup
from workings.network.network_shapes import check_sample_weights
from workings.network.optimizers import SGD, bounds_of, optimizer_named
from workings.network.own_records import own_records
from workings.network.schedules import CONSTANT, SCHEDULES, schedule_named

FORMAT, VERSION = "workings.model", 1
_KEYS = ("format", "version", "network", "extra")


def save_model(path: str | Path, network: Network, extra: dict[str, Any] | None = None) -> None:
    """Write a network to a file, all at once or not at all.

    Parameters
    ----------
    path : str or Path
        Replaced if it exists.
    network : Network
        Of built-in activations and losses; its example is kept too.
    extra : dict, optional
        Anything else that JSON can hold.

    Raises
    ------
    InputError
        When the file cannot be written, or holds a record of the user's own, which a file cannot.
    """
    from safetensors.numpy import save

    _refuse_own_records(network)
    tensors: dict[str, Array] = {}
    for number in range(1, network.depth + 1):
        tensors[f"W{number}"], tensors[f"b{number}"] = network.W(number), network.b(number)
    if network.example is not None:
        tensors["inputs"], tensors["targets"] = network.example.inputs, network.example.targets
        if network.example.sample_weights is not None:
            tensors["sample_weights"] = network.example.sample_weights
    metadata = {
        "format": FORMAT,
        "version": str(VERSION),
        "network": _dumped(_described(network)),
        "extra": _dumped(extra or {}),
    }
    data = save({name: np.ascontiguousarray(array) for name, array in tensors.items()}, metadata)
    _write(Path(path), data)


def load_model(path: str | Path) -> tuple[Network, dict[str, Any]]:
    """Read a network and what was saved with it.

    Raises
    ------
    InputError
        When there is no such file, or it is no model, damaged, or made by a later version of this program.
    """
    metadata, tensors = _read(Path(path))
    try:
        extra = json.loads(metadata["extra"])
        if not isinstance(extra, dict):
            raise TypeError("extra is no object")
        return _network(json.loads(metadata["network"]), tensors), extra
    except WorkingsError as error:
        raise InputError(f"{path}: {error}") from None
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError):
        raise InputError(f"{path} is a damaged model: its parts do not fit together") from None


def _described(network: Network) -> dict[str, Any]:
    example = network.example
    return {
        "activations": [layer.activation.name for layer in network.layers],
        "loss": network.loss.name,
        "l2": network.l2,
        "l1": network.l1,
        "dropout": [layer.dropout for layer in network.layers],
        "dropout_seed": network.dropout_seed,
        "reduction": network.reduction,
        "train_biases": network.train_biases,
        "title": network.title,
        "notation": network.notation,
        "example": example
        and {
            "learning_rate": example.learning_rate,
            "is_batch": example.is_batch,
            "optimizer": str(example.optimizer),
            **bounds_of(example.optimizer),
            "schedule": str(example.schedule),
        },
    }


def _network(described: dict[str, Any], tensors: dict[str, Array]) -> Network:
    activations = [lookup(ACTIVATIONS, name, "activation") for name in described["activations"]]
    numbers = range(1, len(activations) + 1)
    weights, biases = [tensors[f"W{n}"] for n in numbers], [tensors[f"b{n}"] for n in numbers]
    _check_arrays(weights, biases)
    parameters = Parameters.of(weights, biases, weights[0].dtype)
    rates = [float(rate) for rate in described.get("dropout", [0.0] * len(weights))]
    layers = tuple(
        Layer(W.shape[1], W.shape[0], activation, rate)
        for W, activation, rate in zip(weights, activations, rates, strict=True)
    )
    network = Network(
        layers,
        parameters,
        lookup(LOSSES, described["loss"], "loss"),
        l2=float(described["l2"]),
        reduction=described["reduction"],
        train_biases=bool(described["train_biases"]),
        title=str(described["title"]),
        notation=str(described["notation"]),
        l1=float(described.get("l1", 0.0)),
        dropout_seed=int(described.get("dropout_seed", 0)),
    )
    return replace(network, example=_example(described["example"], tensors, network.sizes))


def _example(described: dict[str, Any] | None, tensors: dict[str, Array], sizes: tuple[int, ...]) -> Example | None:
    if described is None:
        return None
    inputs, targets = tensors["inputs"], tensors["targets"]
    if inputs.shape != (len(targets), sizes[0]) or targets.shape != (len(inputs), sizes[-1]):
        raise ValueError("the example does not fit the network")
    optimizer = optimizer_named(str(described.get("optimizer", "sgd")))
    bounds = {name: described.get(name) for name in CLIPPINGS}
    optimizer = replace(optimizer, clipping=clipping_of(**bounds))
    weights = tensors.get("sample_weights")
    if weights is not None:
        check_sample_weights(weights, len(inputs), "sample_weights")
    schedule = schedule_named(str(described.get("schedule", "constant")))
    rate, is_batch = float(described["learning_rate"]), bool(described["is_batch"])
    how: dict[str, Any] = {"optimizer": optimizer, "schedule": schedule, "sample_weights": weights}
    return Example(inputs, targets, rate, is_batch, **how)


def _check_arrays(weights: list[Array], biases: list[Array]) -> None:
    n_in = weights[0].shape[1]
    for W, b in zip(weights, biases, strict=True):
        if W.shape != (len(b), n_in) or b.shape != (len(W),) or W.size == 0:
            raise ValueError("the layers do not fit each other")
        if W.dtype != weights[0].dtype or b.dtype != W.dtype or W.dtype not in (np.float32, np.float64):
            raise ValueError("the parameters are of different or unknown types")
        if not (np.isfinite(W).all() and np.isfinite(b).all()):
            raise InputError("the model holds numbers that are not finite")
        n_in = len(b)


def _read(path: Path) -> tuple[dict[str, str], dict[str, Array]]:
    """The metadata and arrays of a model file."""
    from safetensors import SafetensorError, safe_open

    try:
        if not path.is_file():
            raise InputError(_not_found(path))
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            _check_format(metadata, path)
            return metadata, {name: np.array(file.get_tensor(name)) for name in file.keys()}  # noqa: SIM118
    except SafetensorError:
        raise InputError(f"{path} is no trained model, or one that was damaged or cut short") from None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _check_format(metadata: dict[str, str], path: Path) -> None:
    if metadata.get("format") != FORMAT or any(key not in metadata for key in _KEYS):
        raise InputError(f"{path} is a safetensors file, but no model of workings")
    if metadata["version"] != str(VERSION):
        raise InputError(
            f"{path} is a model of version {metadata['version']}, but this program reads version {VERSION}; a newer "
            "workings will read it"
        )


def _not_found(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder, not a trained model"
    if not path.parent.is_dir():
        return f"{path}: there is no folder {str(path.parent)!r}"
    models = sorted(file.name for file in path.parent.glob("*.safetensors"))
    hint = f" {nearest(path.name, models)}" if models else " `workings train` makes one"
    return f"{path}: there is no such model.{hint}"


def _write(path: Path, data: bytes) -> None:
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a device or a pipe is written to, not replaced
        else:
            write_at_once(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _refuse_own_records(network: Network) -> None:
    example = network.example
    own = [*own_records(network, SGD if example is None else example.optimizer)]
    schedule = CONSTANT if example is None else example.schedule
    if schedule.name not in SCHEDULES or SCHEDULES[schedule.name].value != schedule.value:
        own.append(f"the schedule {schedule.name!r}")
    if own:
        raise InputError(f"{own[0]} is your own, and a model file cannot hold it")

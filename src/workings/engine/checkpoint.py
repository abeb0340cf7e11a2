"""Checkpoints: all that a training needs to go on as if it had never stopped, in a file that says whether it is whole.

The arrays stand in safetensors, everything else as JSON beside them, with a SHA-256 of both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from workings.engine.progress import Best, Moment
from workings.errors import InputError
from workings.network.atomic import write_at_once
from workings.network.network import Array
from workings.network.schedules import NOTHING_YET, Followed

FORMAT, VERSION = "workings.checkpoint", 1


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A training between two updates.

    Attributes
    ----------
    update : int
        How many updates have been made.
    epoch, done : int
        Epochs that have ended, and rows taken of the one at hand.
    memory : tuple of arrays of shape (n_parameters,)
        The parameters, and what the optimizer remembers of them.
    sums : tuple of float
        What the epoch at hand has seen; see :class:`~workings.engine.descent.Seen`.
    generator : dict, optional
        The random state from which the order of the epoch at hand is drawn; None where nothing is shuffled.
    history : tuple of Moment
    followed : Followed
        What the schedule of the learning rate has seen of the cost.
    best : Best, optional
        The best weights so far, where they are kept.
    """

    update: int
    epoch: int
    done: int
    memory: tuple[Array, ...]
    sums: tuple[float, ...]
    generator: dict[str, Any] | None
    history: tuple[Moment, ...]
    followed: Followed = NOTHING_YET
    best: Best | None = None


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, all at once or not at all.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    from safetensors.numpy import save

    arrays = {f"memory{i}": np.ascontiguousarray(array) for i, array in enumerate(checkpoint.memory)}
    best = checkpoint.best
    if best is not None:
        arrays["best"] = best.flat
    told = json.dumps(
        {
            "update": checkpoint.update,
            "epoch": checkpoint.epoch,
            "done": checkpoint.done,
            "sums": checkpoint.sums,
            "generator": checkpoint.generator,
            "history": [_written(moment) for moment in checkpoint.history],
            "followed": asdict(checkpoint.followed),
            "best": None if best is None else best.moment.update,
        }
    )
    metadata = {"format": FORMAT, "version": str(VERSION), "told": told, "sha256": digest(arrays.values(), told)}
    write_at_once(path, save(arrays, metadata))


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises
    ------
    InputError
        When it is damaged, or no checkpoint, or one of a later version of this program.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            arrays = {name: np.array(file.get_tensor(name)) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise InputError(f"{path} is damaged: {error}") from None
    if metadata.get("format") != FORMAT:
        raise InputError(f"{path} is no checkpoint of workings")
    if metadata.get("version") != str(VERSION):
        raise InputError(f"{path} is a checkpoint of version {metadata.get('version')}; this program reads {VERSION}")
    told = metadata.get("told", "")
    best = (arrays["best"],) if "best" in arrays else ()
    names = [f"memory{i}" for i in range(len(arrays) - len(best))]
    if not names or not arrays.keys() >= {*names}:
        raise InputError(f"{path} is damaged: it holds the arrays {', '.join(sorted(arrays))}")
    memory = tuple(arrays[name] for name in names)
    if digest((*memory, *best), told) != metadata.get("sha256"):
        raise InputError(f"{path} is damaged: its checksum does not fit what it holds")
    fields = json.loads(told)
    history = tuple(_read(moment, memory[0].dtype) for moment in fields.pop("history"))
    followed, update = fields["followed"], fields["best"]
    fields["followed"] = Followed(**followed | {"cuts": tuple(followed["cuts"])})
    moments = {moment.update: moment for moment in history}
    fields["best"] = Best(moments[update], *best) if best else None
    return Checkpoint(memory=memory, history=history, **fields | {"sums": tuple(fields["sums"])})


def refuse_foreign(checkpoint: Checkpoint, path: Path, flat: Array, n_memory: int, n_samples: int) -> None:
    """Refuse a checkpoint that cannot be of the run in whose folder it lies.

    Parameters
    ----------
    checkpoint : Checkpoint
    path : Path
        Where it was read from.
    flat : array of shape (n_parameters,)
        The parameters of the run's network.
    n_memory : int
        These, and as many vectors as the optimizer remembers beside them.
    n_samples : int
        Of the run's data.

    Raises
    ------
    InputError
        Says what it holds and what it must hold.
    """
    best = () if checkpoint.best is None else (checkpoint.best.flat,)
    held, wanted = _counted(*checkpoint.memory), _counted(*[flat] * n_memory)
    if held != wanted or any(each.shape != flat.shape for each in best):
        what = f"it holds {held}, but this one has {wanted}: its parameters, and what its optimizer remembers of each"
    elif checkpoint.done > n_samples:
        what = f"it has taken {checkpoint.done:,} rows of an epoch, but this one has {n_samples:,}"
    else:
        return
    raise another_run(path, what)


def another_run(path: Path, what: str) -> InputError:
    """The error that tells that a checkpoint is of another run, and by what it shows."""
    return InputError(f"{path} is a checkpoint of another run: {what}. Without it the one before is taken")


def _counted(*arrays: Array) -> str:
    kinds = " and ".join(dict.fromkeys(f"{each.size:,} numbers of type {each.dtype}" for each in arrays))
    return f"a vector of {kinds}" if len(arrays) == 1 else f"{len(arrays)} vectors of {kinds}"


def digest(arrays: Iterable[Array], told: str = "") -> str:
    """The SHA-256 of arrays, their types and shapes included, after that of a text."""
    found = hashlib.sha256(told.encode())
    for array in arrays:
        found.update(f"{array.dtype}{array.shape}".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


def _written(moment: Moment) -> dict[str, Any]:
    outputs = None if moment.outputs is None else moment.outputs.tolist()
    return asdict(replace(moment, outputs=None)) | {"outputs": outputs}


def _read(fields: Mapping[str, Any], dtype: Any) -> Moment:
    outputs = fields["outputs"]
    return Moment(**{**fields, "outputs": None if outputs is None else np.array(outputs, dtype)})

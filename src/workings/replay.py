"""A recorded run, made again up to any of its updates: the one place that knows both the engine and the derivation."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from workings.derivation.source import StepT
from workings.derivation.trace import Trace, Work
from workings.engine.checkpoint import Checkpoint, digest, refuse_foreign
from workings.engine.choice import descent_for, engine_for
from workings.engine.descent import Seen
from workings.engine.description import network_of, optimizer_of
from workings.engine.run_folder import RunFolder
from workings.errors import InputError
from workings.network.network import Array, Example, Network, Parameters
from workings.network.optimizers import Optimizer
from workings.network.schedules import Schedule, schedule_named

MOST_ROWS_NAMED = 6
UPDATES_AT_ONCE = 10_000


class RecordedRun:
    """A run kept in a folder: each of its updates can be shown as it was really made.

    Parameters
    ----------
    path : str or Path
        The folder that was given to :func:`~workings.engine.training.train` as ``checkpoint``.

    Raises
    ------
    InputError
        When there is no run in it, or it is damaged, or made with records of the user's own.
    """

    def __init__(self, path: str | Path) -> None:
        self._folder, self.path = RunFolder(path), Path(path)
        told = self.path / "run.json"
        if not told.is_file():
            raise InputError(f"{path} holds no run: workings train --checkpoint {path} makes one")
        try:
            described: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
            for record in described.get("own", []):
                raise InputError(f"{record} is not the built-in one")
            self._data = _data(self.path / "data.safetensors", str(described["data"]))
            self._optimizer: Optimizer = optimizer_of(described)
            self._batch_size = int(described["batch_size"])
            in_an_epoch = math.ceil(len(self._data[0]) / self._batch_size)
            self._schedule: Schedule = replace(schedule_named(described["schedule"]), epoch=in_an_epoch)
            self._learning_rate = float(described["learning_rate"])
            self._engine, self._threads = str(described["made_by"]["engine"]), int(described["made_by"]["threads"])
            self._network = network_of(described)
        except InputError as error:
            raise InputError(
                f"{path}: {error}; a run made with records of one's own cannot be shown from its folder"
            ) from None
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, OSError) as error:
            raise InputError(f"{path} holds a damaged run: {error}") from None

    @cached_property
    def updates(self) -> int:
        """How many updates the run had made at its last checkpoint."""
        return self._checkpoint(None).update

    @property
    def network(self) -> Network:
        """The network before its first update, with the batch of that update as its example."""
        return self.at(1, lambda trace: trace).network

    def at(self, update: int, work: Work[StepT]) -> StepT:
        """An update as it was made, counted from 1; see :class:`~workings.derivation.trace.Course`."""
        return work(self._trace(update))

    @cached_property
    def _trace(self) -> Callable[[int], Trace]:
        return cache(self._made_again)

    def _made_again(self, update: int) -> Trace:
        if not 1 <= update <= max(1, self.updates):
            raise InputError(f"update {update}: {self.path} has made {self.updates:,}, counted from 1")
        start = self._checkpoint(update - 1)
        network = self._network.with_parameters(start.memory[0])
        begun_on = self._engine if start.update < update - 1 else "numpy"  # where nothing is made, nothing is loaded
        what = self._data, self._batch_size
        engine, _ = engine_for(network, self._optimizer, *what, update, begun_on=begun_on)
        descent = descent_for(
            network,
            self._optimizer,
            self._learning_rate,
            *what,
            engine=engine,
            threads=self._threads,
            schedule=self._schedule,
        )
        followed = self._checkpoint(None).followed  # the last one knows of every cut there was
        descent.cuts = followed.cuts
        descent.resume(start.update, start.memory)
        rows = self._go_on(descent, start, update - 1)
        parameters, *state = (Parameters(flat, network.sizes) for flat in descent.memory)
        n_named = [str(int(row) + 1) for row in rows[:MOST_ROWS_NAMED]]
        more = ", ..." if len(rows) > MOST_ROWS_NAMED else ""
        named = f"{'row' if len(rows) == 1 else 'rows'} {', '.join(n_named)}{more} of its data"
        X, Y, *weights = (array[rows] for array in self._data)
        s, is_batch = (weights[0], True) if weights else (None, len(rows) > 1)
        how: dict[str, Any] = {"optimizer": self._optimizer, "schedule": self._schedule, "sample_weights": s}
        example = Example(X, Y, self._learning_rate, is_batch, **how)
        network = replace(network, parameters=parameters, example=example, title=f"{self.path}: {named}")
        return Trace(network, update, tuple(state), followed)

    def _go_on(self, descent: Any, start: Checkpoint, updates: int) -> Array:
        """Make updates until there are so many; returns the rows of the next one."""
        n_samples, size = len(self._data[0]), self._batch_size
        if start.generator is None:  # an example is always taken whole, as it stands
            whole = np.arange(n_samples)
            while descent.update < updates:
                descent.advance(np.tile(whole, min(updates - descent.update, UPDATES_AT_ONCE)), Seen())
            return whole
        generator = np.random.default_rng()
        generator.bit_generator.state = start.generator
        done, order = start.done, generator.permutation(n_samples)
        while descent.update < updates or done >= n_samples:
            if done >= n_samples:
                done, order = 0, generator.permutation(n_samples)
            rows = order[done : done + (updates - descent.update) * size]
            descent.advance(rows, Seen())
            done += len(rows)
        return order[done : done + size]

    def _checkpoint(self, most: int | None) -> Checkpoint:
        found = self._folder.latest(most)
        if found is None:
            raise InputError(f"{self.path} holds no checkpoint that can be read")
        file, n_memory = self._folder.file_of(found.update), 1 + len(self._optimizer.state)
        refuse_foreign(found, file, self._network.parameters.flat, n_memory, len(self._data[0]))
        return found


def _data(path: Path, digested: str) -> tuple[Array, ...]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays = load_file(path)
    except SafetensorError as error:
        raise ValueError(f"{path.name}: {error}") from None
    data = (arrays["X"], arrays["Y"], *([arrays["s"]] if "s" in arrays else []))
    if digest(data) != digested:
        raise ValueError(f"{path.name} does not hold the rows that it was made with")
    return data

"""Which engine a training runs on: compiled code where that pays, else plain NumPy; and on how many threads."""

from __future__ import annotations

import math
import os
import platform
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from workings.engine.compiled.home import home
from workings.engine.descent import Descent
from workings.engine.pace import SECONDS_A_MULTIPLICATION, most_threads, multiplications
from workings.network.network import Array, Network
from workings.network.optimizers import Optimizer
from workings.network.schedules import CONSTANT, Schedule

if TYPE_CHECKING:
    from workings.engine.compiled.descent import CompiledDescent

NEEDED = ("numba", "llvmlite")
"""What the compiled engine is made with; the extra ``[train]`` brings it."""

WORTH_LOADING = 1.0
"""Seconds on the plain engine; loading the compiled one takes about 0.6.

It does not matter whether it is loaded already: the same training is to come to the same bits whatever came before.
"""

WORTH_COMPILING = 20.0
"""Seconds on the plain engine; the first time, compiling takes about 10."""

SLOWER = "training runs on NumPy, slower, because"


def engine_for(
    network: Network,
    optimizer: Optimizer,
    data: tuple[Array, ...],
    batch_size: int,
    n_updates: int,
    *,
    begun_on: str | None = None,
) -> tuple[str, bool]:
    """The engine that is likely to be done first, "numpy" or "compiled", and whether it must be compiled before.

    Parameters
    ----------
    n_updates : int
        How many are to be made.
    begun_on : {"numpy", "compiled"}, optional
        That one, whatever it takes, because a run was begun on it.
    """
    size = min(batch_size, len(data[0]))
    seconds = math.inf if begun_on == "compiled" else n_updates * _seconds_an_update(network, size)
    if begun_on == "numpy" or seconds <= WORTH_LOADING or not is_compilable(network):
        return "numpy", False
    missing = [package for package in NEEDED if not find_spec(package)]
    if missing:
        if seconds > WORTH_COMPILING:
            are_not = "is not" if len(missing) == 1 else "are not"
            lacking = f"{' and '.join(missing)} {are_not} installed: pip install 'workings[train]'"
            warnings.warn(f"{SLOWER} {lacking}", stacklevel=2)
        return "numpy", False
    is_cold = not (home().is_dir() and _is_warm(network, optimizer, size, is_weighted=len(data) > 2))
    return ("numpy", False) if is_cold and seconds <= WORTH_COMPILING else ("compiled", is_cold)


def _is_warm(network: Network, optimizer: Optimizer, batch_size: int, *, is_weighted: bool) -> bool:
    from workings.engine.compiled.descent import is_warm  # half a second

    return is_warm(network, optimizer, batch_size, is_weighted=is_weighted)


def is_compilable(network: Network) -> bool:
    """Whether all of it can be a loop: an activation of a whole layer only at the output, with its loss."""
    *hidden, output = (layer.activation.scope for layer in network.layers)
    is_by_entry = network.pair is not None and network.pair.entry is not None
    return "layer" not in hidden and (output == "neuron" or is_by_entry)


def descent_for(
    network: Network,
    optimizer: Optimizer,
    learning_rate: float,
    data: tuple[Array, ...],
    batch_size: int,
    *,
    engine: str,
    threads: int | None,
    schedule: Schedule = CONSTANT,
) -> Descent | CompiledDescent:
    """A network ready to go down on an engine, which is compiled first where it must be.

    Parameters
    ----------
    engine : {"numpy", "compiled"}
    threads : int, optional
        Of the compiled engine; as many as pay when left out.
    """
    if engine == "compiled":
        from workings.engine.compiled.descent import CompiledDescent
        from workings.engine.compiled.loop import NotCompilableError

        size = min(batch_size, len(data[0]))
        n_threads = threads or most_threads(network, size)
        try:
            return CompiledDescent(network, optimizer, learning_rate, data, size, n_threads, schedule=schedule)
        except NotCompilableError as error:
            warnings.warn(f"{SLOWER} a record cannot be compiled: {error}", stacklevel=2)
    return Descent(network, optimizer, learning_rate, data, batch_size, schedule=schedule)


def made_by(descent: Descent | CompiledDescent) -> dict[str, Any]:
    """What the last digits of a run depend on beside its settings."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    by: dict[str, Any] = {"engine": descent.engine, "numpy": np.__version__, "processor": platform.machine()}
    if descent.engine == "numpy":
        return by | {"blas": f"{blas['name']} {blas['version']}", "threads": os.cpu_count()}
    from workings.engine.compiled.kept import folder

    return by | {"kernels": folder().name, "threads": descent.n_threads}


def _seconds_an_update(network: Network, batch_size: int) -> float:
    """About what the plain engine takes: for its calls of NumPy, and for the multiplications in them."""
    return 3e-5 + 2e-5 * network.depth + multiplications(network, batch_size) * SECONDS_A_MULTIPLICATION

"""Backpropagation, step by step.

Train a feed-forward network, ask how any number came about, have somebody's working marked::

    import workings as wk

    net = wk.load("two-two-two")
    print(wk.explain(net, "dC/dW[2][1,1]"))
    run = wk.train(net, updates=10_000)
    print(wk.mark(answer, network=net))

The public names are loaded when they are first used, so importing the package costs nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # for type checkers it is true; typing takes longer to load than all else here
if TYPE_CHECKING:
    from typing import Any

    from workings.derivation.derive import Step as Step
    from workings.derivation.gradient_check import gradient_check as gradient_check
    from workings.engine.training import train as train
    from workings.marking.mark import mark as mark
    from workings.network.activations import Activation as Activation
    from workings.network.losses import Loss as Loss
    from workings.network.network import Example as Example
    from workings.network.network import Network as Network
    from workings.network.network_file import load as load
    from workings.network.optimizers import Optimizer as Optimizer
    from workings.network.schedules import Schedule as Schedule
    from workings.presentation.explain import explain as explain
    from workings.presentation.lesson import Lesson as Lesson
    from workings.replay import RecordedRun as RecordedRun

_HOMES = {
    "Activation": "workings.network.activations",
    "Example": "workings.network.network",
    "Lesson": "workings.presentation.lesson",
    "Loss": "workings.network.losses",
    "Network": "workings.network.network",
    "Optimizer": "workings.network.optimizers",
    "RecordedRun": "workings.replay",
    "Schedule": "workings.network.schedules",
    "Step": "workings.derivation.derive",
    "explain": "workings.presentation.explain",
    "gradient_check": "workings.derivation.gradient_check",
    "load": "workings.network.network_file",
    "mark": "workings.marking.mark",
    "train": "workings.engine.training",
}

__all__ = [
    "Activation",
    "Example",
    "Lesson",
    "Loss",
    "Network",
    "Optimizer",
    "RecordedRun",
    "Schedule",
    "Step",
    "__version__",
    "explain",
    "gradient_check",
    "load",
    "mark",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'workings' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__

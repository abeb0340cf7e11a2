"""Trying out a user's own records when they are first put to work from Python: what is wrong is told in a sentence."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from workings.errors import InputError
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.optimizers import OPTIMIZERS, Optimizer
from workings.network.record_trial import try_activation, try_loss, try_optimizer

if TYPE_CHECKING:
    from workings.network.network import Network

_TRIED: deque[tuple[Any, bool]] = deque(maxlen=32)
"""Records that work, and whether their formulas were looked at; each is tried once and not again with every call."""


def try_own_records(network: Network, optimizer: object = None, *, formulas: bool) -> None:
    """Refuse records of one's own that do not give what they must; the built-in ones are known to.

    Parameters
    ----------
    network : Network
    optimizer : Optimizer, optional
        Beside that of the network's example; what is no record, such as a name, is left alone.
    formulas : bool
        Whether formulas are needed too; training does without.

    Raises
    ------
    InputError
        Says which field of which record, what it got, what it gave or raised, and what it must give.
    """
    for record, attempt in _own(network, optimizer):
        if any(record is tried and (looked or not formulas) for tried, looked in _TRIED):
            continue
        try:
            attempt(record, formulas=formulas)
        except InputError:
            raise
        except Exception as error:
            during = "".join(getattr(error, "__notes__", [])) or f"{record.name} cannot be tried out: "
            raise InputError(f"{during}{type(error).__name__}: {error}") from error
        _TRIED.append((record, formulas))


def _own(network: Network, optimizer: object) -> Iterator[tuple[Any, Callable[..., None]]]:
    """Each record that is not one of the built-in ones, and how it is tried out."""
    for layer in network.layers:
        if ACTIVATIONS.get(layer.activation.name) is not layer.activation:
            yield layer.activation, try_activation
    if LOSSES.get(network.loss.name) is not network.loss:
        yield network.loss, try_loss
    for each in (optimizer, None if network.example is None else network.example.optimizer):
        if isinstance(each, Optimizer) and not _is_known(each):
            yield each, try_optimizer


def _is_known(optimizer: Optimizer) -> bool:
    """Whether it is a built-in one, be it with other settings or with clipping."""
    known = OPTIMIZERS.get(optimizer.name)
    functions = ("update", "factors", "formula", "lines", "derived", "state")
    return known is not None and all(getattr(optimizer, each) is getattr(known, each) for each in functions)

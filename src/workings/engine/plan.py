"""What is to be done: which network is trained on what, how much, and in which order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from workings.engine.scores import Score
from workings.engine.validation import Validation, score_of_rows
from workings.network.network import Array, Example, Network

DEFAULT_UPDATES, DEFAULT_EPOCHS = 10_000, 50
DEFAULT_BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is to be done, and in which order; nothing is shuffled where there is no generator.

    Attributes
    ----------
    updates, epochs : int
        How many; no epochs where an example is trained.
    batch_size : int
    in_an_epoch : int
        Updates; an example is taken whole, so that each is an epoch.
    seed : int, optional
    generator : Generator, optional
    """

    updates: int
    epochs: int
    batch_size: int
    in_an_epoch: int = 1
    seed: int | None = None
    generator: np.random.Generator | None = None

    def state(self) -> dict[str, Any] | None:
        """The random state, as JSON can hold it."""
        return None if self.generator is None else dict(self.generator.bit_generator.state)


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A network and what it is trained on.

    Attributes
    ----------
    network : Network
    example : Example, optional
        None where it is trained on data.
    data : tuple of arrays
        Inputs, targets and, where they have any, the weights of the samples.
    plan : Plan
    validation : Validation, optional
    marks : tuple of int
        The updates of an example whose moments are recorded beside the start.
    train_measure : callable, optional
        What the data are scored with after each epoch; None where nobody asks for it, because it takes its time.
    """

    network: Network
    example: Example | None
    data: tuple[Array, ...]
    plan: Plan
    validation: Validation | None = None
    marks: tuple[int, ...] = ()
    train_measure: Score | None = None

    @property
    def n_samples(self) -> int:
        """How many samples there are."""
        return len(self.data[0])

    def judged(self, network: Network) -> dict[str, Any]:
        """What the validation data, and the data themselves, say of a network, by the names that a Moment has for it.

        Nothing of either that nobody gave or asked for.
        """
        found: dict[str, Any] = {} if self.validation is None else self.validation.of(network)
        if self.train_measure is not None:
            X, Y, *_ = self.data
            found["train_score"] = score_of_rows(network, X, Y, self.train_measure)
        return found


def plan_for_data(n_samples: int, updates: int | None, epochs: int | None, batch_size: int, seed: int | None) -> Plan:
    """The plan for so many rows, by updates or by epochs."""
    in_an_epoch, generator = math.ceil(n_samples / batch_size), np.random.default_rng(seed)
    if updates is not None:
        return Plan(updates, math.ceil(updates / in_an_epoch), batch_size, in_an_epoch, seed, generator)
    epochs = DEFAULT_EPOCHS if epochs is None else epochs
    return Plan(epochs * in_an_epoch, epochs, batch_size, in_an_epoch, seed, generator)

"""Starting weights: one record for each way of drawing them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Draw = Callable[["np.random.Generator", int, int], NDArray[np.float64]]  # in quotes: loading np.random takes time


@dataclass(frozen=True, slots=True)
class Initializer:
    """A way of drawing the weights of a layer, shape (n_out, n_in); biases start at 0.

    Attributes
    ----------
    name : str
        What files and options call it.
    draw : callable
        ``(generator, n_in, n_out)`` gives the weights.
    because : str
        One sentence of intuition.
    source : str
        Where it is from.
    """

    name: str
    draw: Draw
    because: str
    source: str = ""


def _uniform(limit: Callable[[int, int], float]) -> Draw:
    def draw(generator: np.random.Generator, n_in: int, n_out: int) -> NDArray[np.float64]:
        return generator.uniform(-limit(n_in, n_out), limit(n_in, n_out), (n_out, n_in))

    return draw


GLOROT = Initializer(
    name="glorot",
    draw=_uniform(lambda n_in, n_out: math.sqrt(6.0 / (n_in + n_out))),
    because="keeps the size of signals and of errors about equal from layer to layer",
    source="Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010",
)

HE = Initializer(
    name="he",
    draw=_uniform(lambda n_in, n_out: math.sqrt(6.0 / n_in)),
    because="as glorot, with twice the variance, for activations that switch half of their inputs off",
    source="He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015",
)

LECUN = Initializer(
    name="lecun",
    draw=_uniform(lambda n_in, n_out: math.sqrt(3.0 / n_in)),
    because="keeps the weighted input of a neuron at the size of its inputs",
    source="LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998",
)

ZEROS = Initializer(
    name="zeros",
    draw=lambda generator, n_in, n_out: np.zeros((n_out, n_in)),
    because="shows why weights must differ: all neurons of a layer stay the same for ever",
)

INITIALIZERS: dict[str, Initializer] = {record.name: record for record in (GLOROT, HE, LECUN, ZEROS)}

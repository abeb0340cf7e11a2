"""The network of a script that is marked without one: made of the arrays that it begins with.

It is believed only where the script works out its forward pass: an unfounded network would accuse the innocent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

import numpy as np

from workings.errors import WorkingsError
from workings.marking.binding.custom import told
from workings.marking.code.sandbox import Record
from workings.marking.recovery.costs import LOSSES_TRIED
from workings.marking.recovery.layouts import Layout
from workings.marking.recovery.retrace import ACTIVATIONS_TRIED
from workings.network.activations import ACTIVATIONS, IDENTITY
from workings.network.losses import LOSSES
from workings.network.network import Array, Example, Layer, Network, Parameters
from workings.network.reductions import REDUCTIONS

MOST_PROPOSALS = 64


def own_networks(records: Sequence[Record]) -> Iterator[Network]:
    """The networks that a script may be about, one for each cost; none where it shows no forward pass.

    Parameters
    ----------
    records : sequence of Record
        What the script has worked out, in order.
    """
    begun: dict[str, Array] = {}
    for record in records:
        begun.setdefault(record.name, record.value)
    rates = [value.item() for value in _of_kind(begun, "eta") if value.size == 1]
    for inputs, targets, layout in islice(_proposals(begun), MOST_PROPOSALS):
        names = _activations(layout, inputs, [record.value for record in records])
        if names is not None:
            yield from _networks(layout, names, Example(inputs, targets, rates[0] if rates else 1.0, len(inputs) > 1))
            return


def _of_kind(begun: dict[str, Array], kind: str) -> list[Array]:
    """The arrays whose names are those of a kind, in the order of the script."""
    return [value for name, value in begun.items() if kind in told(name)]


def _proposals(begun: dict[str, Array]) -> Iterator[tuple[Array, Array, Layout]]:
    """Inputs and targets, a sample a row, and layers that take them."""
    weights = [value for value in _of_kind(begun, "W") if value.ndim == 2]
    biases = _of_kind(begun, "b")
    for x in _of_kind(begun, "x"):
        for y in _of_kind(begun, "y"):
            for inputs in _as_rows(x):
                for targets in _as_rows(y):
                    if len(inputs) == len(targets):
                        for layout in _layouts(inputs.shape[1], weights, biases):
                            if layout.fits(inputs.shape[1], targets.shape[1]):
                                yield inputs, targets, layout


def _as_rows(value: Array) -> Iterator[Array]:
    """An array with a sample a row: a vector is one sample, or one number of each."""
    matrix = np.atleast_2d(value)
    if matrix.ndim == 2:
        yield matrix
        if matrix.size > 1:
            yield matrix.T


def _layouts(n_in: int, weights: Sequence[Array], biases: Sequence[Array]) -> Iterator[Layout]:
    """The weights one after the other, each the way round that takes what the one before gives."""
    if not weights:
        yield Layout((), ())
        return
    first, *rest = weights
    for W in (first, first.T):
        if W.shape[1] != n_in:
            continue
        n = len(W)
        has_own = bool(biases) and biases[0].size in {1, n}
        b = np.broadcast_to(biases[0].ravel(), n).astype(float) if has_own else np.zeros(n)
        for above in _layouts(n, rest, biases[1:] if has_own else biases):
            yield Layout((W, *above.weights), (b, *above.biases))


def _activations(layout: Layout, inputs: Array, values: Sequence[Array]) -> list[str] | None:
    """The activation of each layer whose answers the script has; None where it has none of a layer."""
    names, below = [], inputs
    for W, b in zip(layout.weights, layout.biases, strict=True):
        Z = below @ W.T + b
        answers = {name: np.asarray(ACTIVATIONS[name].value(Z.copy())) for name in (*ACTIVATIONS_TRIED, IDENTITY.name)}
        name = next((name for name, A in answers.items() if _has(values, A)), None)
        if name is None:
            return None
        names.append(name)
        below = answers[name]
    return names


def _has(values: Sequence[Array], wanted: Array) -> bool:
    """Whether some array holds just these numbers, a sample a row or a column."""
    return any(
        value.size == wanted.size and np.allclose(value.ravel(), turned.ravel(), rtol=1e-9, atol=1e-12)
        for value in values
        for turned in (wanted, wanted.T)
    )


def _networks(layout: Layout, names: Sequence[str], example: Example) -> Iterator[Network]:
    layers = tuple(Layer(W.shape[1], len(W), ACTIVATIONS[name]) for W, name in zip(layout.weights, names, strict=True))
    parameters = Parameters.of(layout.weights, layout.biases)
    losses = ("cross_entropy",) if layers[-1].activation.scope == "layer" else LOSSES_TRIED
    for loss, reduction in product(losses, REDUCTIONS if example.is_batch else ("mean",)):
        try:
            yield Network(layers, parameters, LOSSES[loss], reduction=reduction, example=example)
        except WorkingsError:
            continue  # this output is outside the domain of the loss

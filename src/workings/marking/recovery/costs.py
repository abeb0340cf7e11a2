"""Which loss a document has: the one that gives the cost it claims, or where it claims none, its derivatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workings.errors import WorkingsError
from workings.marking.binding.custom import is_cost
from workings.marking.checking.comparing import decimals, last_place
from workings.marking.reading.claims import Claim
from workings.network import reference
from workings.network.losses import LOSSES
from workings.network.network import Array, Network

LOSSES_TRIED = ("half_squared_error", "squared_error", "mean_squared_error", "binary_cross_entropy")
_FEWEST_DECIMALS = 2
_REACH = 3.0
"""Units of the last place within which a cost is that of a loss; the outputs it is made of are rounded too."""


@dataclass(frozen=True, slots=True)
class _Fit:
    has_cost: bool
    n_slopes: int
    network: Network


def with_loss(network: Network, outputs: Array, claims: Sequence[Claim]) -> Network:
    """The network with the loss and the reduction that fit a document best; half the squared error where none is told.

    Parameters
    ----------
    network : Network
        With its example, and any loss.
    outputs : array of shape (n_samples, n_out)
        As the document has them.
    claims : sequence of Claim
        All of the document.
    """
    of_costs = sorted((c for c in claims if c.subject and is_cost(c.subject)), key=lambda c: c.is_given)
    costs = [claim.result for claim in of_costs if claim.result is not None]
    telling = [number for claim in claims for number in claim.numbers if decimals(number) >= _FEWEST_DECIMALS]
    fits = []
    for candidate in _candidates(network):
        try:
            total, slopes = _cost_and_slopes(candidate, outputs)
        except WorkingsError:
            continue
        has_cost = any(abs(total - float(c)) <= _REACH * min(float(last_place(c)), 0.01) for c in costs[:4])
        met = sum(any(abs(abs(float(n)) - s) <= _REACH * float(last_place(n)) for n in telling) for s in slopes)
        fits.append(_Fit(has_cost, met, candidate))
    return max(fits, key=lambda fit: (fit.has_cost, fit.n_slopes)).network if fits else network


def _candidates(network: Network) -> Iterator[Network]:
    assert network.example is not None  # seen to by recover
    is_softmax = network.layers[-1].activation.scope == "layer"
    reductions = ("mean", "sum") if network.example.is_batch else ("mean",)
    for name in ("cross_entropy",) if is_softmax else LOSSES_TRIED:
        for reduction in reductions:
            try:
                yield replace(network, loss=LOSSES[name], reduction=reduction)
            except WorkingsError:
                continue  # this output is outside the domain of the loss


def _cost_and_slopes(network: Network, outputs: Array) -> tuple[float, list[float]]:
    """The cost at the written outputs, and the sizes of the errors at the output layer."""
    assert network.example is not None  # seen to by recover
    example = network.example
    Z, _A = reference.forward(network, example.inputs)
    with np.errstate(all="ignore"):
        shares = reference.shares(network, example.targets, Z[-1], outputs)
    total = reference.cost(network, shares, None)
    run = reference.run(network, example.inputs, example.targets)
    return total, [abs(float(value)) for array in (run.dC_da[-1], run.delta[-1]) for value in array.ravel()]

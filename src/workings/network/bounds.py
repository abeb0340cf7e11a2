"""Whether a network has a quantity: layers, indices and samples held against its shape."""

from __future__ import annotations

from dataclasses import replace

from workings.errors import AddressError
from workings.network.clipping import CLIPPINGS
from workings.network.network import Network
from workings.network.optimizers import OPTIMIZERS, SGD
from workings.network.quantity import KINDS, OF_A_PARAMETER, Quantity
from workings.network.schedules import CONSTANT, NUMBERS


def rank(network: Network, quantity: Quantity) -> int:
    """How many indices name one number: as the kind says, but two for the slopes of a whole-layer activation."""
    if quantity.kind == "da/dz" and quantity.layer and network.layer(quantity.layer).activation.scope == "layer":
        return 2
    return KINDS[quantity.kind].rank


def shape(network: Network, quantity: Quantity) -> tuple[int, ...]:
    """The shape of the whole vector or matrix that a quantity belongs to."""
    layer = network.layer(quantity.layer) if quantity.layer else None
    if layer is None:
        sizes = {"x": network.sizes[:1], "y": network.sizes[-1:]}
        return sizes.get(quantity.kind, ())
    below = layer.n_out if quantity.kind == "da/dz" else layer.n_in
    return (layer.n_out, below)[: rank(network, quantity)]


def checked(network: Network, quantity: Quantity) -> Quantity:
    """The quantity, if the network has it; ``@1`` is dropped where there is no batch.

    Raises
    ------
    AddressError
        For a layer, an index, an output or a sample that is not there, or a sample that is missing.
    """
    kind, L = KINDS[quantity.kind], network.depth
    _check_optimizer(network, quantity)
    _check_schedule(network, quantity)
    if kind.name == "s" and (network.example is None or network.example.sample_weights is None):
        raise AddressError(f"{quantity}: the samples of this network have no weights, so each counts as one")
    if quantity.layer is not None and not 1 <= quantity.layer <= L:
        raise AddressError(f"{quantity}: the layers of this network are numbered 1 to {L}")
    if kind.name in ("f", "mask", "p") and not (quantity.layer and network.layer(quantity.layer).dropout):
        raise AddressError(f"{quantity}: layer {quantity.layer} has no dropout, so there is no such number")
    quantity = _with_right_sample(network, quantity)
    sizes = shape(network, quantity)
    if quantity.index and len(quantity.index) != len(sizes):
        example = replace(quantity, index=(0,) * len(sizes))
        raise AddressError(f"{quantity}: {kind.meaning} takes {len(sizes)} numbers here, as in {example}")
    for position, (index, size) in enumerate(zip(quantity.index, sizes, strict=False)):
        if index >= size:
            which = "the last number" if len(sizes) == 1 else ("the first index", "the second index")[position]
            raise AddressError(f"{quantity}: {which} goes from 1 to {size} here, and got {index + 1}")
    n_outputs = network.sizes[-1]
    if quantity.output is not None and not (kind.shared and quantity.output < n_outputs):
        raise AddressError(f"{quantity}: the outputs are numbered 1 to {n_outputs}")
    return quantity


def _with_right_sample(network: Network, quantity: Quantity) -> Quantity:
    kind, example = KINDS[quantity.kind], network.example
    n_samples = 1 if example is None else len(example.inputs)
    if quantity.sample is not None:
        if not 0 <= quantity.sample < n_samples:
            raise AddressError(f"{quantity}: the samples are numbered 1 to {n_samples}")
        if kind.sampled == "never":
            raise AddressError(
                f"{quantity}: {kind.meaning} belongs to all samples together; leave out @{quantity.sample + 1}"
            )
    if example is None or not example.is_batch:
        return quantity if quantity.sample is None else replace(quantity, sample=None)
    needs_one = kind.sampled == "always" or quantity.output is not None
    if quantity.sample is None and needs_one:
        if n_samples > 1:
            raise AddressError(
                f"{quantity}: which of the {n_samples} samples? {replace(quantity, sample=0)} is that of the first"
            )
        return replace(quantity, sample=0)
    return quantity


def _check_optimizer(network: Network, quantity: Quantity) -> None:
    """Refuse what only another optimizer than the network's has."""
    optimizer = SGD if network.example is None else network.example.optimizer
    clipping = optimizer.clipping
    if quantity.kind in ("G", "g", "gb", *CLIPPINGS):
        own = () if clipping is None else ("g", "gb", clipping.name, *(("G",) if clipping.of_norm else ()))
        if quantity.kind not in own:
            how = "not clipped" if clipping is None else f"clipped by {clipping.name}"
            raise AddressError(f"{quantity}: the gradient of this network is {how}, so there is no such number")
        return
    worked_out = [line.kind for line in optimizer.lines]
    asked = OF_A_PARAMETER.get(quantity.kind, (quantity.kind,))[0].rstrip("-")
    is_constant = any(asked in record.settings for record in OPTIMIZERS.values())
    if (quantity.kind in OF_A_PARAMETER and asked not in worked_out) or (
        is_constant and asked not in optimizer.settings
    ):
        has = ", ".join((*worked_out, *optimizer.settings))
        raise AddressError(f"{quantity}: the optimizer is {optimizer.name}, which has {has or 'no numbers of its own'}")


def _check_schedule(network: Network, quantity: Quantity) -> None:
    """Refuse what only another schedule than the network's has."""
    schedule = CONSTANT if network.example is None else network.example.schedule
    if quantity.kind in NUMBERS and quantity.kind not in schedule.numbers:
        has = ", ".join(schedule.numbers)
        raise AddressError(f"{quantity}: the schedule is {schedule.name}, which has {has or 'no numbers of its own'}")

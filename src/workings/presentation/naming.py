"""What a person typed, as a quantity: an address, or a name in the notation in use."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from workings.derivation.order import scalars
from workings.errors import AddressError, nearest
from workings.network.bounds import checked, rank
from workings.network.network import Network
from workings.network.notation import Notation, has_one_bias
from workings.network.quantity import KINDS, Quantity, check_length, parse_address
from workings.network.symbol import plain, read_slopes

MOST_CANDIDATES = 3_000
"""Names among which the nearest spelling is looked for."""


def quantity_named(text: str, network: Network, notation: Notation, sample: int | None = None) -> Quantity:
    """The quantity of this network that an address or a name means.

    Parameters
    ----------
    text : str
    network : Network
    notation : Notation
    sample : int, optional
        The sample of a batch that is meant where the text names none, from 0.

    Raises
    ------
    AddressError
        When it is neither; shows both ways of asking, and the nearest right spelling.
    """
    check_length(text)
    bare, update = _without_update(text)
    if "[" in bare or ":" in bare or bare.split("@")[0] in KINDS:
        return checked(network, _of_sample(parse_address(text), network, sample))
    try:
        quantity = notation.parse(bare, network.sizes)
    except AddressError as unknown:
        example = Quantity("dC/dW", network.depth, (0, 0), 0 if _is_batch(network) else None)
        advice = f"{_nearest_name(bare, network, notation)}By address one asks like this: {example}"
        raise AddressError(f"{unknown}. {advice}") from unknown
    if quantity.layer and notation.names_one_bias(bare) and has_one_bias(network, quantity.layer):
        quantity = replace(quantity, index=(0,))
    if quantity.kind == "da/dz" and len(quantity.index) == 1 and rank(network, quantity) == 2:
        quantity = replace(quantity, index=quantity.index * 2)  # da_1/dz_1 of a softmax is an entry of its Jacobian
    quantity = checked(network, _of_sample(quantity, network, sample))
    _check_function(text, quantity, network, notation)
    return replace(quantity, update=update)


def _of_sample(quantity: Quantity, network: Network, sample: int | None) -> Quantity:
    """The quantity, of the sample that was asked for where it can be of one."""
    if sample is None or not _is_batch(network) or KINDS[quantity.kind].sampled == "never":
        return quantity
    if quantity.sample not in (None, sample):
        raise AddressError(f"{quantity} is of sample {quantity.sample + 1}, but sample {sample + 1} was asked for")
    return replace(quantity, sample=sample)


def _nearest_name(text: str, network: Network, notation: Notation) -> str:
    """``Did you mean 'w5'? ``, or nothing where no name is near."""
    names = {notation.text(quantity, network) for quantity in islice(scalars(network), MOST_CANDIDATES)}
    advice = nearest(text, names)
    return f"{advice} " if advice.startswith("Did") else ""


def _check_function(text: str, quantity: Quantity, network: Network, notation: Notation) -> None:
    """Refuse tanh'(z^1) where the activation of layer 1 is another."""
    slopes = read_slopes(plain(text))
    if slopes and quantity.layer:
        activation = network.layer(quantity.layer).activation
        if slopes[0] != plain(activation.symbol):
            name = notation.text(quantity, network)
            raise AddressError(f"{text!r}: the activation there is {activation.name}; its slopes are called {name}")


def _without_update(text: str) -> tuple[str, int | None]:
    bare, mark, update = text.strip().strip("'\"`“”‘’").partition("#")
    if mark and not (update.isascii() and update.isdigit()):
        raise AddressError(f"{text!r}: after # stands the number of an update, as in {bare}#5")
    return bare, int(update) if mark else None


def _is_batch(network: Network) -> bool:
    return network.example is not None and network.example.is_batch

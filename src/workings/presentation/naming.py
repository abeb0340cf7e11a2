"""What a person typed, as a quantity: an address, or a name in the notation in use."""

from __future__ import annotations

from dataclasses import replace

from workings.errors import AddressError
from workings.network.bounds import checked, rank
from workings.network.network import Network
from workings.network.notation import Notation, has_one_bias
from workings.network.quantity import KINDS, Quantity, check_length, parse_address
from workings.network.symbol import plain, read_slopes


def quantity_named(text: str, network: Network, notation: Notation) -> Quantity:
    """The quantity of this network that an address or a name means.

    Raises
    ------
    AddressError
        When it is neither; shows both ways of asking.
    """
    check_length(text)
    bare, update = _without_update(text)
    if "[" in bare or ":" in bare or bare.split("@")[0] in KINDS:
        return checked(network, parse_address(text))
    try:
        quantity = notation.parse(bare, network.sizes)
    except AddressError as unknown:
        example = Quantity("dC/dW", network.depth, (0, 0), 0 if _is_batch(network) else None)
        raise AddressError(f"{unknown}. By address one asks like this: {example}") from unknown
    if quantity.layer and notation.names_one_bias(bare) and has_one_bias(network, quantity.layer):
        quantity = replace(quantity, index=(0,))
    if quantity.kind == "da/dz" and len(quantity.index) == 1 and rank(network, quantity) == 2:
        quantity = replace(quantity, index=quantity.index * 2)  # da_1/dz_1 of a softmax is an entry of its Jacobian
    quantity = checked(network, quantity)
    _check_function(text, quantity, network, notation)
    return replace(quantity, update=update)


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

"""Dropout: which activations of a hidden layer are left out in an update, and by how much the others grow.

Whether one is left out is a function of the network's seed, the update, the layer, the place of the sample in its batch
and the neuron, so nothing has to be remembered to find it again. The numbers are those of SplitMix64 (Steele, Lea and
Flood, Fast splittable pseudorandom number generators, 2014), one generator for each update and layer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from workings.network.network import Array, Network

_ONE, _GAMMA = np.uint64(1), np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)

UNUSED_BITS = np.uint64(11)
"""Of 64, so that as many are left as a float64 has digits."""


def drawn(key: Any, place: Any) -> Any:
    """The number at a place, from 0, of the generator with that key; uint64 numbers or arrays, in compiled code too."""
    x = key + (place + _ONE) * _GAMMA
    x = (x ^ (x >> _30)) * _FIRST
    x = (x ^ (x >> _27)) * _SECOND
    return x ^ (x >> _31)


def threshold(rate: float) -> int:
    """What the upper 53 bits of a number must reach for an activation to be kept."""
    return round(rate * 2**53)


def keys(network: Network, updates: Array) -> Array:
    """The key of each update, from 1, and layer, from 0: shape (n_updates, n_layers + 1)."""
    of_update = drawn(np.array([network.dropout_seed], np.uint64), updates.astype(np.uint64))
    return np.asarray(drawn(of_update[:, None], np.arange(network.depth + 1, dtype=np.uint64)))


def mask(network: Network, number: int, n_samples: int, update: int) -> Array:
    """1 where an activation of a layer is kept and 0 where it is left out, shape (n_samples, n_out)."""
    layer = network.layer(number)
    key = keys(network, np.array([update]))[0, number : number + 1]
    places = np.arange(n_samples * layer.n_out, dtype=np.uint64)
    is_kept = (drawn(key, places) >> UNUSED_BITS) >= np.uint64(threshold(layer.dropout))
    return np.asarray(is_kept, network.parameters.flat.dtype).reshape(n_samples, layer.n_out)


def scales_of(network: Network, n_samples: int, update: int) -> tuple[Array | None, ...]:
    """What activations are multiplied by: mask/(1 - rate); None for layers without dropout, empty where none has it.

    What is kept grows, so that the sum that the next layer gets is about what it would be without dropout, and nothing
    has to be done where the network is used (Srivastava and others, Dropout, 2014, section 10).
    """
    if not network.has_dropout:
        return ()
    numbers = range(1, network.depth + 1)
    rates = {number: network.layer(number).dropout for number in numbers}
    return (
        None,
        *(mask(network, n, n_samples, update) / (1.0 - rates[n]) if rates[n] else None for n in numbers),
    )


def dropped(numbers: Array, scale: Array | None) -> Array:
    """What dropout makes of numbers of a layer: 0 where one is left out, however large it was, else times the scale."""
    if scale is None:
        return numbers
    with np.errstate(all="ignore"):
        found = numbers * scale
        is_finite = np.isfinite(found.sum())
    return found if is_finite else np.where(scale > 0.0, found, 0)  # 0 * inf is not a number, but seldom there

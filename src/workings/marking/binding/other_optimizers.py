"""Which other optimizer than its network's a document may have: one that it tells of, or another way to write one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from unicodedata import normalize

from workings.errors import InputError
from workings.network.network import Network
from workings.network.optimizers import MOMENTUM, OPTIMIZERS, Line, Optimizer, with_settings

_STEP = replace(
    MOMENTUM,
    update=lambda w, g, m, eta, mu: (w + (mu * m - eta * g), mu * m - eta * g),
    formula=lambda of: of("parameter") + of("m"),
    lines=(
        Line("m", lambda of: of("momentum") * of("m-") - of("eta") * of("gradient"), "the step itself is gathered"),
    ),
)
_AVERAGE = replace(
    MOMENTUM,
    update=lambda w, g, m, eta, mu: (w - eta * (mu * m + (1 - mu) * g), mu * m + (1 - mu) * g),
    lines=(Line("m", lambda of: of("momentum") * of("m-") + (1 - of("momentum")) * of("gradient"), "a running mean"),),
)
_WAYS: Mapping[str, tuple[Optimizer, ...]] = MappingProxyType({
    **{name: (record,) for name, record in OPTIMIZERS.items() if not record.is_plain},
    MOMENTUM.name: (MOMENTUM, _STEP, _AVERAGE),
})  # fmt: skip
"""How texts write each optimizer, the usual way first: what momentum gathers may also be the step, or a mean."""

_SPELT_OUT = str.maketrans({"β": "beta", "ρ": "rho", "ε": "epsilon", "μ": "momentum", "\\": None})
_SET_TO = r"{name}[\s_}}$]*(?:=|of|is|:|,)?\s*(\d*\.\d+|\de-?\d+)"
"""A setting with its number behind it: ``momentum of 0.9``, ``beta_1 = 0.8``."""


def with_other_optimizers(network: Network, text: str) -> Iterator[Network]:
    """The network with each other optimizer that may have made the updates of a text.

    Parameters
    ----------
    network : Network
        With an example.
    text : str
    """
    example = network.example
    if example is None or example.optimizer.clipping is not None:
        return
    own = example.optimizer
    if not own.is_plain:
        settings = tuple(own.settings.items())
        yield from (_with_optimizer(network, own.name, way, settings) for way in range(1, len(_WAYS.get(own.name, ()))))
        return
    lowered = text.lower()
    named = [name for name in _WAYS if name in lowered and re.search(rf"\b{name}\b", lowered)]
    spoken = normalize("NFKC", lowered).translate(_SPELT_OUT) if named else ""
    for name in named:
        settings = tuple(_as_told(OPTIMIZERS[name], spoken).settings.items())
        yield from (_with_optimizer(network, name, way, settings) for way in range(len(_WAYS[name])))


@lru_cache(maxsize=16)  # the answers of a class are about the same networks
def _with_optimizer(network: Network, name: str, way: int, settings: tuple[tuple[str, float], ...]) -> Network:
    """The network with one of the ways to write an optimizer."""
    assert network.example is not None  # seen to by who asks
    optimizer = replace(_WAYS[name][way], settings=dict(settings))
    return replace(network, example=replace(network.example, optimizer=optimizer))


def _as_told(record: Optimizer, spoken: str) -> Optimizer:
    """The optimizer with the settings that are told."""
    told = {}
    for name in record.settings:
        spelt = re.sub(r"(\d)$", r"_?{?\1", name)
        if found := re.search(_SET_TO.format(name=spelt), spoken):
            told[name] = float(found[1])
    try:
        return with_settings(record, told)
    except InputError:  # what stands behind the word is not its setting
        return record

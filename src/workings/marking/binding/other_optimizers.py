"""Which other optimizer than its network's a document may have: one that it tells of, or another way to write one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
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
_OTHER_WAYS: Mapping[str, tuple[Optimizer, ...]] = MappingProxyType({MOMENTUM.name: (_STEP, _AVERAGE)})
"""How else texts write an optimizer: what momentum gathers may be the step, or a mean."""

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
    spoken = normalize("NFKC", text).translate(_SPELT_OUT).lower()
    told = [
        _as_told(record, spoken) for record in OPTIMIZERS.values() if not record.is_plain and _is_named(record, spoken)
    ]
    for record in told if own.is_plain else [own]:
        ways = [replace(way, settings=record.settings) for way in _OTHER_WAYS.get(record.name, ())]
        for optimizer in [record, *ways] if own.is_plain else ways:
            yield replace(network, example=replace(example, optimizer=optimizer))


def _is_named(record: Optimizer, spoken: str) -> bool:
    return re.search(rf"\b{record.name}\b", spoken) is not None


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

"""Optimizers that look along a line for the length of each step: they train, but an update has no formula to show.

Their mathematics is SciPy's; what stands here is how files and options name them, and with which constants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workings.network.settings import POSITIVE, Limit


@dataclass(frozen=True, slots=True)
class Search:
    """A way to train that takes all samples for every step, and as many looks at the objective as a step needs.

    Attributes
    ----------
    name : str
        What options call it.
    method : str
        What ``scipy.optimize.minimize`` calls it.
    settings : mapping of str to float
        Its constants.
    options : mapping of str to callable
        The same as ``scipy.optimize.minimize`` takes them.
    source : str
        Where it is from.
    """

    name: str
    method: str
    settings: Mapping[str, float] = field(default_factory=dict)
    options: Mapping[str, Callable[[Mapping[str, float]], float]] = field(default_factory=dict)
    source: str = ""


LBFGS = Search(
    name="lbfgs",
    method="L-BFGS-B",
    settings={"memory": 10, "tolerance": 1e-8},
    options={"maxcor": lambda settings: int(settings["memory"]), "gtol": lambda settings: settings["tolerance"]},
    source="Liu and Nocedal, On the limited memory BFGS method for large scale optimization, 1989",
)

SEARCHES: dict[str, Search] = {record.name: record for record in (LBFGS,)}

LIMITS = {
    "memory": Limit(lambda value: 1.0 <= value <= 1000.0 and value == int(value), "that is whole and from 1 to 1000"),
    "tolerance": POSITIVE,
}
"""How many steps are remembered; and how small the largest gradient has to be for the end."""

"""Training by a search that SciPy makes: every step takes all samples, and finds its own length by trying."""

from __future__ import annotations

import math
from importlib.util import find_spec
from typing import Any

import numpy as np

from workings.engine.checkpoint import Checkpoint
from workings.engine.descent import Descent, Seen, refuse_weightless
from workings.engine.journey import Journey
from workings.engine.method import Method
from workings.engine.plan import Work
from workings.engine.progress import Moment
from workings.errors import DivergenceError, InputError
from workings.network.network import Array
from workings.network.optimizers import SGD
from workings.network.schedules import CONSTANT
from workings.network.searches import Search

NO_LOWER = 64 * float(np.finfo(np.float64).eps)
"""Where a step lowers the objective by a smaller share than this, its digits have come to an end."""

NOT_IN_A_SEARCH = {
    "learning_rate": "it finds the length of each step by trying",
    "schedule": "it finds the length of each step by trying",
    "batch_size": "every step takes all samples",
    "clipping": "it needs the gradient as it is",
    "dropout": "it compares objectives, and with dropout each would be that of another network",
    "checkpoint": "what it remembers stays inside SciPy, so it could not go on to the same bits",
}


def begin_search(search: Search, method: Method, work: Work) -> Journey:
    """A network ready to be searched for better parameters.

    Raises
    ------
    InputError
        For what has no meaning in a search, and where SciPy is not installed.
    """
    network, data, plan, schedule = work.network, work.data, work.plan, method.schedule_for(work.example)
    asked = {
        "learning_rate": method.learning_rate is not None,
        "schedule": schedule != CONSTANT,
        "batch_size": plan.batch_size < work.n_samples,
        "clipping": method.clipping_for(work.example) is not None,
        "dropout": network.has_dropout,
        "checkpoint": method.folder is not None,
    }
    for name, reason in NOT_IN_A_SEARCH.items():
        if asked[name]:
            raise InputError(f"{name} does not go with the optimizer {search.name}: {reason}")
    if not (find_spec("scipy") and find_spec("threadpoolctl")):
        raise InputError(
            f"the optimizer {search.name} is SciPy's, which is not installed: pip install 'workings[train]'"
        )
    if len(data) > 2:
        refuse_weightless(network, data[2], 1)
    descent = Descent(network, SGD, math.nan, data, plan.batch_size)
    start = Checkpoint(0, 0, 0, (), Seen().told(), None, ())
    return Journey(descent, plan, schedule, start, folder=None, report=method.report, patience=method.patience)


class Objective:
    """J of all samples and its gradient, as functions of the parameters that are trained.

    Attributes
    ----------
    measured : (float, float, array), optional
        Cost, objective and outputs where it was last looked at; None where it was not finite.

    Raises
    ------
    DivergenceError
        When the objective is not finite to begin with.
    """

    def __init__(self, descent: Descent, rows: Array) -> None:
        self._descent, self._rows, self._flat = descent, rows, descent.network.parameters.flat
        self._free = np.broadcast_to(descent.trained, self._flat.shape)
        self.measured: tuple[float, float, Array] | None = descent.measure(rows)
        self._too_high = self.measured[1] + abs(self.measured[1]) + 1.0

    @property
    def place(self) -> Array:
        """The parameters that are trained, as they are now."""
        return np.asarray(self._flat[self._free], np.float64)

    def __call__(self, place: Array) -> tuple[float, Array]:
        """J and its gradient; where J is out of all proportion, so much that a step a third as long is tried."""
        self._flat[self._free] = place
        try:
            self.measured = self._descent.measure(self._rows)
        except DivergenceError:
            self.measured = None
        if self.measured is None or self.measured[1] > self._too_high:
            return self._too_high, np.zeros_like(place)
        return self.measured[1], self._descent.gradient()[self._free].astype(np.float64)

    def settle(self, place: Array) -> tuple[float, float, Array]:
        """What was measured at a place that a step has come to: the one it last looked at, most of the time."""
        if self.measured is None or not np.array_equal(self.place, place.astype(self._flat.dtype)):
            self._flat[self._free] = place
            self.measured = self._descent.measure(self._rows)
        return self.measured


def train_by_search(journey: Journey, search: Search, work: Work, threads: int | None) -> None:
    """Search, and record a moment after each step over data, of an example at the marks and at the end."""
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits

    plan, descent = work.plan, journey.descent
    assert isinstance(descent, Descent)  # begin_search made it
    objective = Objective(descent, np.arange(work.n_samples))
    if work.example is not None:
        journey.record(Moment(0, 0, *objective.settle(objective.place)))
    journey.tell()
    if journey.stopped or not plan.updates:
        return

    def after_step(intermediate_result: Any) -> None:
        cost, J, outputs = objective.settle(intermediate_result.x)
        descent.update += 1
        if work.example is None:
            journey.epoch += 1
            journey.record(Moment(descent.update, journey.epoch, cost, J, **work.judged(descent.network)))
        elif descent.update in work.marks:
            journey.record(Moment(descent.update, 0, cost, J, outputs))
        journey.tell()
        if journey.is_over:
            raise StopIteration

    options: dict[str, Any] = {name: of(search.settings) for name, of in search.options.items()}
    options |= {"maxiter": plan.updates, "maxfun": np.iinfo(np.int32).max, "ftol": NO_LOWER}
    how: dict[str, Any] = {"method": search.method, "jac": True, "options": options, "callback": after_step}
    with threadpool_limits(threads):
        found = minimize(objective, objective.place, **how)
    measured = objective.settle(found.x)
    if work.example is not None and journey.history[-1].update < descent.update:
        journey.record(Moment(descent.update, 0, *measured))
        journey.tell()
    if not journey.is_over and descent.update < plan.updates:
        journey.remarks.append(_ending(journey, float(np.abs(found.jac).max()), search.settings["tolerance"]))


def _ending(journey: Journey, largest: float, tolerance: float) -> str:
    """Why a search came to its end before its time."""
    made = f"the search ended after {journey.descent.update:,} of {journey.plan.updates:,} updates"
    if largest <= tolerance:
        return f"{made}: no gradient is larger than its tolerance, {tolerance:g}"
    return f"{made}: no step lowers the objective any more"

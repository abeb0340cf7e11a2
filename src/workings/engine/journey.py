"""A training under way, the same for examples and data: where it stands, what it tells, what it keeps; and its end."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workings.engine.checkpoint import Checkpoint
from workings.engine.descent import Descent, Seen
from workings.engine.idle import idle_neurons
from workings.engine.plan import Plan
from workings.engine.progress import Best, Moment, Reporter, Stride
from workings.engine.run_folder import RunFolder
from workings.engine.takeover import Takeover
from workings.errors import DivergenceError
from workings.network.network import Array, Network
from workings.network.schedules import Schedule

if TYPE_CHECKING:
    from workings.engine.compiled.descent import CompiledDescent


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Run:
    """A training that has ended.

    Attributes
    ----------
    network : Network
        The trained one; with patience as it was at its best.
    history : tuple of Moment
        At the milestones of an example, or after each epoch over data.
    updates : int
        How many were made.
    stopped : bool
        Whether ``on_progress`` ended it before its time.
    remarks : tuple of str
        What is worth knowing about the trained network: the epoch that it is from, neurons that no longer learn.
    best : Moment, optional
        With patience, the moment that the network is from.
    """

    network: Network
    history: tuple[Moment, ...]
    updates: int
    stopped: bool = False
    remarks: tuple[str, ...] = ()
    best: Moment | None = None

    def __repr__(self) -> str:
        cost = f", cost {self.history[-1].cost:.9g}" if self.history else ""
        return f"<Run: {self.updates:,} updates{cost}; {self.network!r}>"


class Journey:
    """A training under way.

    Attributes
    ----------
    descent : Descent or CompiledDescent
    plan : Plan
    history : list of Moment
    epoch, done : int
        Epochs that have ended, and rows taken of the one at hand.
    seen : Seen
        Of the epoch at hand.
    order : dict, optional
        The random state from which the order of the epoch at hand is drawn.
    best : Best, optional
        With patience, the parameters that cost the validation data least.
    stopped : bool
        Whether ``on_progress`` wants it to end.
    remarks : list of str
        What there is to be said of it at its end.
    """

    def __init__(
        self,
        descent: Descent | CompiledDescent,
        plan: Plan,
        schedule: Schedule,
        start: Checkpoint,
        *,
        folder: RunFolder | None,
        report: Reporter,
        patience: int | None,
        takeover: Takeover | None = None,
    ) -> None:
        self.descent, self.plan, self.stride = descent, plan, Stride()
        self.history, self.epoch, self.done = [*start.history], start.epoch, start.done
        self.seen, self.order = Seen(start.sums), start.generator
        self.best = None if patience is None else start.best
        self.stopped = False
        self.remarks: list[str] = []
        self._schedule, self._followed = schedule, start.followed
        self._folder, self._report, self._patience, self._takeover = folder, report, patience, takeover
        descent.cuts = start.followed.cuts

    @property
    def follows_cost(self) -> bool:
        """Whether the learning rate depends on the cost of every epoch."""
        return self._schedule.follow is not None

    @property
    def is_over(self) -> bool:
        """Whether it is to end before its time: somebody wants it to, or it has waited long enough for a lower cost."""
        return self.stopped or self._has_waited

    @property
    def _has_waited(self) -> bool:
        since = 0 if self.best is None else self.best.moment.epoch
        return self._patience is not None and self.epoch - since >= self._patience

    def advance(self, rows: Array, seen: Seen) -> None:
        """Make the updates of some rows, in compiled code from the moment it is there."""
        if self._takeover is not None and self._takeover.is_due:
            self.descent, self._takeover = self._takeover.after(self.descent), None
            self.remarks.append(
                f"the first {self.descent.update:,} updates were made on NumPy, while the code for all others was "
                "compiled for this machine, once; the next training like it is compiled from the start, and the last "
                "digits may differ"
            )
        self.stride.take(self.descent, rows, seen)

    def tell(self) -> None:
        """Report how far it has come."""
        self.stopped = self._report(self) or self.stopped

    def record(self, moment: Moment) -> None:
        """Add a moment to the history, and keep the parameters if it is the best."""
        self.history.append(moment)
        lowest = math.inf if self.best is None else self.best.moment.validation_cost
        if self._patience is not None and moment.validation_cost < lowest:  # type: ignore[operator]  # it has data
            self.best = Best(moment, self.descent.memory[0])

    def follow(self, cost: float) -> None:
        """Let the schedule see what an epoch cost."""
        self._followed = self._schedule.after_epoch(self._followed, cost, self.descent.update)
        self.descent.cuts = self._followed.cuts

    def keep(self, *, is_last: bool) -> None:
        """Write a checkpoint if there is a folder and it is time to, unless the parameters are no numbers any more."""
        if self._folder is None or not (is_last or self._folder.is_due()):
            return
        memory = self.descent.memory
        if np.isfinite(memory[0]).all():
            at = self.descent.update, self.epoch, self.done, memory, self.seen.told(), self.order
            self._folder.write(Checkpoint(*at, tuple(self.history), self._followed, self.best))

    def run(self, make: Callable[[], None], X: Array) -> Run:
        """Make the updates; the run, with remarks on what its network makes of the data.

        Raises
        ------
        DivergenceError
            When the objective stops being finite; with what there was before.
        """
        try:
            with self._takeover or nullcontext():
                make()
        except DivergenceError as error:
            raise self._diverged(error) from None
        return self._ended(X)

    def _diverged(self, error: DivergenceError) -> DivergenceError:
        """The error with what there was before."""
        kept = self._folder.checkpoints() if self._folder is not None else []
        text = str(error)
        if self._folder is not None and kept:
            text += f". {self._folder.path} holds the run up to update {int(kept[-1].stem.rpartition('-')[2]):,}"
        told = DivergenceError(text)
        told.history = tuple(self.history)
        return told

    def _ended(self, X: Array) -> Run:
        network, best = self.descent.network, self.best
        remarks = [*self.remarks]
        if best is not None:
            network = network.with_parameters(best.flat)
            remarks.append(self._said_of(best.moment))
        remarks += idle_neurons(network, X)
        stopped = self.stopped and self.descent.update < self.plan.updates
        moment = None if best is None else best.moment
        return Run(network, tuple(self.history), self.descent.update, stopped, tuple(remarks), moment)

    def _said_of(self, best: Moment) -> str:
        n_epochs, cost = self.history[-1].epoch, best.validation_cost
        then = f": in {self._patience} more it was not lower" if self._has_waited and not self.stopped else ""
        return (
            f"the weights are those of epoch {best.epoch} of {n_epochs}, where the cost of the validation data was "
            f"lowest, {cost:.6g}{then}"
        )

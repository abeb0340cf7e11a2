"""How a network is trained, the same for examples and data; and the beginning, or the going on, of a training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from workings.engine.checkpoint import Checkpoint, another_run, digest, refuse_foreign
from workings.engine.choice import descent_for, engine_for, made_by
from workings.engine.descent import Descent, Seen
from workings.engine.description import described
from workings.engine.journey import Journey
from workings.engine.plan import Plan, Work
from workings.engine.progress import Reporter
from workings.engine.run_folder import RunFolder
from workings.engine.takeover import Takeover
from workings.errors import InputError
from workings.network.clipping import Clipping
from workings.network.network import Example
from workings.network.optimizers import SGD, Optimizer
from workings.network.schedules import CONSTANT, Schedule

if TYPE_CHECKING:
    from workings.engine.compiled.descent import CompiledDescent


@dataclass(frozen=True, slots=True)
class Method:
    """How a network is trained; what is None is as its example has it, or else as is usual."""

    optimizer: Optimizer | None
    clipping: Clipping | None
    learning_rate: float | None
    schedule: Schedule | None
    patience: int | None
    threads: int | None
    report: Reporter
    folder: RunFolder | None
    resume: bool

    def schedule_for(self, example: Example | None) -> Schedule:
        """The one asked for, else that of the example, if there is one."""
        return self.schedule or (CONSTANT if example is None else example.schedule)

    def clipping_for(self, example: Example | None) -> Clipping | None:
        """The one asked for, else that of the example, if there is one."""
        return self.clipping or (None if example is None else example.optimizer.clipping)

    def begin(self, work: Work) -> Journey:
        """The network ready to go down: from the start, or from the last checkpoint of the run that is resumed."""
        network, example, data, plan = work.network, work.example, work.data, work.plan
        record = self.optimizer or (SGD if example is None else example.optimizer)
        clipping = self.clipping_for(example)
        record = record if clipping is None else replace(record, clipping=clipping)
        usual = record.learning_rate if example is None else example.learning_rate
        rate = usual if self.learning_rate is None else self.learning_rate
        schedule = self.schedule_for(example).for_run(plan.updates, plan.in_an_epoch)
        by = self.folder.made_by() if self.folder is not None and self.resume else {}
        engine, is_cold = engine_for(network, record, data, plan.batch_size, plan.updates, begun_on=by.get("engine"))
        how = network, record, rate, data, plan.batch_size
        make = partial(descent_for, *how, threads=self.threads or by.get("threads"), schedule=schedule)
        takeover = self._takeover(work, record, partial(make, engine=engine)) if is_cold else None
        descent = make(engine=engine if takeover is None else "numpy")
        start = Checkpoint(0, 0, 0, (), Seen().told(), plan.state(), ())
        if self.folder is not None:
            settings: dict[str, Any] = {"learning_rate": rate, "schedule": str(schedule)}
            settings |= {"batch_size": plan.batch_size, "seed": plan.seed}
            settings["validation_data"] = None if work.validation is None else digest(work.validation.data)
            told = described(network, record, data, made_by(descent), **settings)
            found = self.folder.begin(told, data, resume=self.resume)
            if found is None:
                self.folder.write(replace(start, memory=descent.memory))
            else:
                n_memory, path = 1 + len(record.state), self.folder.file_of(found.update)
                refuse_foreign(found, path, network.parameters.flat, n_memory, work.n_samples)
                self._check(found, plan, self.folder)
                start = found
                descent.resume(start.update, start.memory)
        kept: dict[str, Any] = {"folder": self.folder, "report": self.report, "patience": self.patience}
        return Journey(descent, plan, schedule, start, **kept, takeover=takeover)

    def _takeover(
        self, work: Work, record: Optimizer, compiled: Callable[[], Descent | CompiledDescent]
    ) -> Takeover | None:
        """What has it begin on NumPy while it is compiled; None where it waits.

        A run that is kept waits, because all of it is to be of one kind; so does one that nobody watches, which comes
        to the same bits as later ones, and one with records of a user's own, which have no name elsewhere.
        """
        size = min(work.plan.batch_size, work.n_samples)
        told = described(work.network, record, (), {}, batch_size=size, is_weighted=len(work.data) > 2)
        if self.report.is_heard and self.folder is None and "own" not in told:
            return Takeover(told, compiled)
        self.report.compiling(work.network, work.plan)
        return None

    def _check(self, start: Checkpoint, plan: Plan, folder: RunFolder) -> None:
        """Refuse to go on with a run that is longer than asked for, or whose best weights nobody has kept."""
        if (start.generator is None) != (plan.generator is None):
            what = ("an example", "data") if start.generator is None else ("data", "an example")
            raise another_run(
                folder.file_of(start.update), f"it was trained on {what[0]}, and this one is on {what[1]}"
            )
        if start.update > plan.updates:
            raise InputError(
                f"the run in {folder.path} has made {start.update:,} updates already, more than the "
                f"{plan.updates:,} asked for"
            )
        if self.patience is not None and start.best is None and start.epoch:
            raise InputError(
                f"the run in {folder.path} was begun without patience, so its best weights so far are not known; "
                "resume it without, or begin a new one in another folder"
            )

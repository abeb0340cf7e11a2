"""Watching a long job: a progress bar with the time left on stderr, and Ctrl-C that ends it with what it has.

The first Ctrl-C asks a training to end, which it does within a tenth of a second; what there is is saved and printed.
One that follows within a second is taken for the same, because some terminals and programs send it twice; a later one
breaks in.
"""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from workings.engine.progress import Progress as TrainingProgress

TAKEN_FOR_ONE = 1.0
"""Seconds."""


class Watch:
    """A progress bar while its block lasts; where stderr is no terminal there is none."""

    def __init__(self, score_name: str = "") -> None:
        self.score_name = score_name
        self._bar: Any = None
        self._stopping, self._asked = False, 0.0
        self._before: Any = None

    def __enter__(self) -> Watch:
        from rich.console import Console

        console = Console(stderr=True)
        if console.is_terminal:
            self._bar = _bar(console)
            self._bar.start()
            self._task = self._bar.add_task("starting", total=None)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._handle_interrupts(False)
        if self._bar is not None:
            self._bar.stop()

    def say(self, remark: str) -> None:
        """Print a remark on stderr, above the bar."""
        if self._bar is not None:
            self._bar.console.print(f"note: {remark}", markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(f"note: {remark}", err=True)

    def rows(self, doing: str) -> Any:
        """A callback that shows how many rows were read or predicted."""
        self._show(doing, None, None)
        return lambda n: self._show(f"{doing}: {n:,} rows", None, None)

    def training(self, progress: TrainingProgress) -> bool:
        """Show how far a training has come; True when Ctrl-C was pressed, which ends it."""
        if progress.is_compiling:  # nothing is lost yet where Ctrl-C breaks in
            self.say("so long a training is compiled for this machine first, once; that takes about ten seconds")
            return False
        self._handle_interrupts(True)
        if self._bar is not None:
            self._show(self._told(progress), progress.update, progress.updates)
        return self._stopping

    def documents(self, done: int, total: int) -> bool:
        """Show how many documents are marked; True when Ctrl-C was pressed, which ends it."""
        self._handle_interrupts(True)
        self._show(f"document {done:,} of {total:,}", done, total)
        return self._stopping

    def finish(self) -> None:
        """The job is done: no bar any more, and one Ctrl-C does not keep from saving and printing what came of it."""
        self._handle_interrupts(True)
        self._stopping = False
        if self._bar is not None:
            self._bar.stop()

    def _told(self, progress: TrainingProgress) -> str:
        moment = progress.moment
        n, unit, of = (
            (progress.epoch, "epoch", progress.epochs)
            if progress.epochs
            else (progress.update, "update", progress.updates)
        )
        told = f"{unit} {n:,} of {of:,}"
        if moment is not None:
            told += f"  cost {moment.cost:.4g}"
            if moment.score is not None:
                told += f"  held-out {self.score_name} {moment.score:.3f}"
            if moment.train_score is not None:
                told += f"  training {self.score_name} {moment.train_score:.3f}"
        return told

    def _show(self, text: str, done: int | None, total: int | None) -> None:
        if self._bar is not None:
            self._bar.update(self._task, description=text, completed=done or 0, total=total)

    def _handle_interrupts(self, wanted: bool) -> None:
        """Let Ctrl-C ask for an end instead of breaking in; a second one breaks in after all."""
        if threading.current_thread() is not threading.main_thread() or wanted == (self._before is not None):
            return
        if wanted:
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        else:
            signal.signal(signal.SIGINT, self._before)
            self._before = None

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping and time.monotonic() - self._asked > TAKEN_FOR_ONE:
            raise KeyboardInterrupt
        self._stopping, self._asked = True, time.monotonic()
        self._show("ending", None, None)


def _bar(console: Any) -> Any:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(20), TimeRemainingColumn(compact=True))
    # What is printed to stdout is data, and must not be sent above the bar, to stderr.
    return Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)

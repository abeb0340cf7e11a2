"""How long a document may take: one that would never end must not keep all others from being marked."""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

SECONDS = 30
"""Of processor time, for one document; the slowest that were seen took two."""

PATIENCE = 10
"""Times as long on the clock, until the process itself is ended: a busy machine is no reason to."""


class TooLong(BaseException):
    """A document has taken too long; whoever catches errors on the way does not catch this."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """A block in which :class:`TooLong` is raised after so much processor time, where the system can tell.

    Signals reach the main thread alone, so in others there is no limit.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


@contextmanager
def ending_process_after(seconds: float) -> Iterator[None]:
    """A block after whose time the process ends, whatever it is at: for work that no signal interrupts."""
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

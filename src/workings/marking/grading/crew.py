"""Several processes that mark the documents of a folder, and give their rows in order.

A process that dies takes no other document with it; Ctrl-C reaches only the one that started them.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process

from workings.marking.grading.answers import Answers, Row, shown_name
from workings.marking.grading.limit import PATIENCE, SECONDS, ending_process_after

AHEAD = 8
"""Documents handed out for each process before the first of them is back."""

FEWEST_EACH = 20
"""Documents that are worth the start of a process."""


def jobs_for(n_documents: int, wanted: int | None = None) -> int:
    """How many processes to start: as many as wanted or as there are cores, but no idle ones."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, min(wanted or cores, -(-n_documents // FEWEST_EACH)))


def rows(answers: Answers, names: Iterable[str], jobs: int) -> Iterator[Row]:
    """The rows of some documents, in their order.

    Parameters
    ----------
    answers : Answers
    names : iterable of str
    jobs : int
        Processes; 1 is this one.
    """
    if jobs == 1:
        yield from map(answers.row, names)
        return
    left = iter(names)
    waiting: deque[str] = deque()
    futures: deque[Future[Row]] = deque()
    pool = _pool(answers, jobs)
    try:
        while True:
            try:
                with _without_interrupts():
                    for name in islice(left, AHEAD * jobs - len(waiting)):
                        waiting.append(name)
                        futures.append(pool.submit(_row, name))
                if not waiting:
                    return
                row = futures[0].result()
            except BrokenProcessPool:
                yield from (_alone(answers, name) for name in waiting)
                waiting.clear()
                futures.clear()
                pool.shutdown()
                pool = _pool(answers, jobs)
                continue
            waiting.popleft()
            futures.popleft()
            yield row
    finally:
        pool.shutdown(cancel_futures=True)


def _alone(answers: Answers, name: str) -> Row:
    """The row of a document that may have ended a process."""
    with _pool(answers, 1) as pool:
        try:
            with _without_interrupts():
                future = pool.submit(_row, name)
            return future.result()
        except BrokenProcessPool:
            return Row(shown_name(name), "could not be marked: the process that did it ended")


_answers: Answers


def _pool(answers: Answers, jobs: int) -> ProcessPoolExecutor:
    # Started afresh, not forked: a fork copies locks that other threads hold.
    return ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (answers,))


def _begin(answers: Answers) -> None:
    global _answers  # noqa: PLW0603  what a process is for
    _answers = answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _row(name: str) -> Row:
    with ending_process_after(PATIENCE * SECONDS):
        return _answers.row(name)


def _leave_with_parent() -> None:
    parent = parent_process()
    assert parent is not None  # this process was started
    parent.join()
    os._exit(1)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes started in this block never see Ctrl-C; one that comes meanwhile comes after it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

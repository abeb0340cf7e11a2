"""Changing engines in the middle of a training: its first updates need not wait for the compiler."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from workings.engine.descent import Descent

if TYPE_CHECKING:
    import subprocess

    from workings.engine.compiled.descent import CompiledDescent


class Takeover:
    """While its block lasts, another process compiles what a training needs, and keeps it on the disk.

    However this process ends, that one ends with it; what it has compiled by then is kept.

    Parameters
    ----------
    described : dict
        What is trained and how, as :func:`~workings.engine.compiled.warm.warm_for` takes it.
    compiled : callable
        Gives the network at its start, on the compiled engine. Where the other process could not keep what it has
        compiled, or there was none, everything is compiled here.
    """

    def __init__(self, described: dict[str, Any], compiled: Callable[[], Descent | CompiledDescent]) -> None:
        self._described, self._compiled = described, compiled
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Takeover:
        from subprocess import DEVNULL, PIPE, Popen

        # -P: what lies in the current folder is no module of ours
        command = [sys.executable, "-P", "-m", "workings.engine.compiled.warm", json.dumps(self._described)]
        if not getattr(sys, "frozen", False):  # of a frozen program that would be the program itself
            with suppress(OSError):
                self._process = Popen(command, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    @property
    def is_due(self) -> bool:
        """Whether the other process has ended."""
        return self._process is None or self._process.poll() is not None

    def after(self, plain: Descent | CompiledDescent) -> Descent | CompiledDescent:
        """The network where the plain engine has brought it, on the compiled one."""
        descent = self._compiled()
        descent.cuts = plain.cuts
        descent.resume(plain.update, plain.memory)
        return descent

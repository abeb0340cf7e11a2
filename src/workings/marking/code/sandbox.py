"""A script run in a process of its own, with limits, and what it worked out.

The child has a bare environment, an empty folder, limits on time, memory, file size and processes, and no network. This
keeps a careless script from doing harm: see :func:`run` for what it does not keep a hostile one from.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from workings.errors import InputError
from workings.marking.code.sites import Site, instrumented
from workings.network.network import Array

_START = "import sys; sys.path.insert(0, sys.argv[1]); from workings.marking.code.child import main; main()"
_MOST_RESULTS = 16 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What a script may use.

    Attributes
    ----------
    seconds : int
        Of processor time; of time on the clock, half as much again.
    memory, file_size : int
        Bytes, of all memory and of one file.
    """

    seconds: int = 10
    memory: int = 2 * 2**30
    file_size: int = _MOST_RESULTS

    def of_system(self) -> dict[str, int]:
        """By the names that the operating system has for them."""
        return {
            "CPU": self.seconds, "AS": self.memory, "FSIZE": self.file_size, "NPROC": 0, "NOFILE": 64, "CORE": 0
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Record:
    """What one statement worked out at one of its runs.

    Attributes
    ----------
    site : Site
    name : str
    value : array
    at : int
        How many records came before it.
    is_single : bool
        Whether the script works with fewer digits than float64 has.
    """

    site: Site
    name: str
    value: Array
    at: int
    is_single: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a script did.

    Attributes
    ----------
    records : tuple of Record
        In the order in which they were worked out.
    reason : str, optional
        Why it did not go through to its end.
    line : int, optional
        Where, as far as that is known.
    """

    records: tuple[Record, ...]
    reason: str | None = None
    line: int | None = None


def run(source: str, limits: Limits | None = None) -> Outcome:
    """Run a script apart from everything and take down what it works out.

    Parameters
    ----------
    source : str
        Python.
    limits : Limits, optional

    Raises
    ------
    InputError
        When it is no Python, or this system has no limits for processes.

    Notes
    -----
    The operating system bounds time, memory, the size of files and, for everybody but root, processes; where it lets a
    user have a network namespace, the child has an empty one. Python refuses sockets, processes, threads, machine code
    and changes of files outside of the child's folder. This guards against accidents and carelessness. It is no jail:
    files that the user can read can be read, and who sets out to trick Python from within can get around what Python
    refuses. Scripts of people who may be hostile belong into a container or a virtual machine.
    """
    if os.name != "posix":
        raise InputError("scripts are run on Linux and macOS only: this system has no limits for processes")
    _tree, sites = instrumented(source)
    limits = limits or Limits()
    package = str(Path(__file__).parents[3])
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as results, tempfile.TemporaryFile() as text:
        text.write(source.encode())
        text.seek(0)
        fd = results.fileno()
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _START, package, str(fd), json.dumps(limits.of_system())],
            stdin=text, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, pass_fds=(fd,),
            start_new_session=True, env=_environment(folder),
        )  # fmt: skip
        reason = _waited(child, limits)
        return _read(results, sites, reason)


def _environment(folder: str) -> dict[str, str]:
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    own = dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), folder)
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", **one_thread, **own}


def _waited(child: subprocess.Popen[bytes], limits: Limits) -> str | None:
    """Wait for the child, and say why it was stopped, if it was; nothing of it is left behind."""
    import signal

    too_long = f"it did not come to its end in {limits.seconds} seconds"
    try:
        status = child.wait(timeout=1.5 * limits.seconds)
    except subprocess.TimeoutExpired:
        return too_long
    finally:
        if child.returncode is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        return too_long
    return None if status == 0 else f"its process broke off with status {status}"


def _read(results: IO[bytes], sites: list[Site], reason: str | None) -> Outcome:
    """What the child has written; lines that are no records are left out, for the script could write there too."""
    results.seek(0)
    records: list[Record] = []
    for line in results.read(_MOST_RESULTS).splitlines():
        try:
            told: dict[str, Any] = json.loads(line)
            if "reason" in told:
                at = told["line"]
                return Outcome(tuple(records), told["reason"] and str(told["reason"]), at and int(at))
            value = np.array(told["values"], dtype=float).reshape(told["shape"])
            site = sites[told["site"]]
            records.append(Record(site, str(told["name"]), value, len(records), bool(told["single"])))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            continue
    return replace(Outcome(tuple(records)), reason=reason or "it ended its process before its last line")

"""What runs in the child process: it binds its own hands, then runs the script and writes down what it works out.

The limits of the operating system hold whatever the script does. The hook is told by Python itself of files, sockets
and processes, so it holds for what is written in Python; it guards against accidents, and is no jail for machine code.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

MOST_FILES = 100
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_REFUSED = {
    "socket": "open a network connection",
    "subprocess": "start a process",
    "pty": "start a process",
    "ctypes": "call machine code",
    "resource": "change its limits",
    "signal": "send a signal",
    **dict.fromkeys(("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"), "start a process"),
    **dict.fromkeys(("os.kill", "os.killpg"), "send a signal"),
    "_posixsubprocess.fork_exec": "start a process",
}
_OF_PATHS = {
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "os.mkfifo", "os.setxattr", "os.removexattr",
}  # fmt: skip


class Refused(BaseException):
    """What a script was not allowed to do; no ``except Exception`` of the script catches it."""


def main() -> None:
    """Run the script on standard input; arguments: the package's folder, where results go, the limits as JSON."""
    package, descriptor, told = sys.argv[1:4]
    limits = json.loads(told)
    source = sys.stdin.read()
    out = os.fdopen(int(descriptor), "w", encoding="utf-8")
    _limit(limits)
    _without_network()
    import numpy as np

    from workings.marking.code.record import Recorder
    from workings.marking.code.sites import TAKE, instrumented

    sys.path.remove(package)
    tree, sites = instrumented(source)
    code = compile(tree, "<script>", "exec")
    sys.argv = ["script.py"]
    np.random.seed(0)  # noqa: NPY002  (a script that draws without a seed is to draw the same each time)
    refusals = _guard(Path.cwd().resolve())
    names: dict[str, Any] = {"__name__": "__main__", TAKE: Recorder(sites, out).take}
    end = _ended(lambda: exec(code, names))
    if refusals and end["reason"] is None:
        end = {"reason": refusals[0], "line": None}
    _finish(out, end)


def _finish(out: TextIO, end: dict[str, Any]) -> None:
    with suppress(OSError, ValueError):
        out.write(json.dumps(end) + "\n")
        out.flush()
    os._exit(0)  # what the script wants done at its end is not


def _ended(run: Callable[[], None]) -> dict[str, Any]:
    """How a script came to its end: the reason, None where it went through, and the line."""
    reason: str | None = None
    error: BaseException | None = None
    try:
        run()
    except SystemExit:
        pass
    except Refused as refused:
        reason, error = str(refused), refused
    except MemoryError as full:
        reason, error = "it ran out of the memory it is allowed", full
    except BaseException as raised:  # whatever a student's script raises is told, not passed on
        reason, error = f"it stopped with {type(raised).__name__}: {str(raised)[:200]}", raised
    return {"reason": reason, "line": _line(error)}


def _line(error: BaseException | None) -> int | None:
    """The innermost line of the script that an error passed through."""
    line, step = None, error.__traceback__ if error is not None else None
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<script>":
            line = step.tb_lineno
        step = step.tb_next
    return line


def _limit(limits: dict[str, int]) -> None:
    for name, limit in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _soft, most = resource.getrlimit(kind)
        bound = limit if most == resource.RLIM_INFINITY else min(limit, most)
        with suppress(OSError, ValueError):  # some systems know a limit by name only
            resource.setrlimit(kind, (bound, bound))


def _without_network() -> None:
    """A network of its own, with nothing in it, where the system lets a user have one."""
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _guard(folder: Path) -> list[str]:
    """Refuse from now on what a pass through a network has no need of; the list fills with what was refused."""
    refusals: list[str] = []
    written = 0

    def is_inside(path: object, at: object = -1) -> bool:
        if isinstance(path, int):
            return True  # a descriptor that is open already
        if at not in (-1, None) or not isinstance(path, str | bytes | os.PathLike):
            return False
        return Path(os.path.realpath(os.fsdecode(path))).is_relative_to(folder) or os.fsdecode(path) == os.devnull

    def refuse(what: str) -> None:
        refusals.append(f"it tried to {what}, which is not allowed here")
        raise Refused(refusals[-1])

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal written
        if event == "open":
            path, mode, flags = args
            if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITES):
                written += 1
                if not is_inside(path) or written > MOST_FILES:
                    refuse("write outside of its own folder" if written <= MOST_FILES else "write very many files")
        elif event in _OF_PATHS:
            paths = args[:2] if event in {"os.rename", "os.link", "os.symlink"} else args[:1]
            places = [arg for arg in args[1:] if isinstance(arg, int)] if event in {"os.remove", "os.rmdir"} else []
            if not all(map(is_inside, paths)) or any(place != -1 for place in places):
                refuse("change files outside of its own folder")
        elif (what := _REFUSED.get(event) or _REFUSED.get(event.partition(".")[0])) is not None:
            refuse(what)

    sys.addaudithook(hook)
    return refusals

"""Seconds from the command to the first sign of it on a terminal, and to the first sign of the training itself.

The start of Python counts. Cold is the first time after an installation: no byte code of any package, nothing compiled
by earlier trainings. What the system keeps of files in memory is left as it is.
"""

import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import figure, told

WARM, COLD = {"network file": 1.0, "data": 2.0}, 3.0
"""Seconds at most."""

COMMANDS = {
    "train two-two-two": "network file",
    "train digits --layers 100": "data",
    "train digits --layers 1000,1000 --epochs 500": "data",  # so long that it is worth compiling for
}
ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
SIGNS = {
    "anything": re.compile(rb"[^\s]"),
    "training": re.compile(rb"(epoch|update) +[\d,]+ of|update +cost|held-out"),
}
PATIENCE = 120.0


def measured(asked):
    """For each command, warm and cold, the seconds to each sign."""
    for command, kind in COMMANDS.items():
        for state, most in (("warm", WARM[kind]), ("cold", COLD)):
            seconds = [seconds_to_signs(command, state == "cold") for _ in range(asked.rounds + 1)][1:]
            figures = {sign: figure([each[sign] for each in seconds], at_most=most) for sign in SIGNS}
            yield {"command": f"workings {command}", "state": state, "figures": figures}


def line(found):
    cells = [f"{sign}: {told(each, ' s')}" for sign, each in found["figures"].items()]
    return "   ".join([f"{found['command']}, {found['state']}", *cells])


def seconds_to_signs(command, is_cold):
    """Run a command on a terminal of its own until all signs were seen, then end it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"}
        if is_cold:
            environment |= {name: str(Path(folder) / name) for name in ("WORKINGS_CACHE", "PYTHONPYCACHEPREFIX")}
        ours, theirs = pty.openpty()
        start = time.perf_counter()
        process = subprocess.Popen(
            [Path(sys.executable).with_name("workings"), *command.split()],
            stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, cwd=folder, env=environment,
        )  # fmt: skip
        os.close(theirs)
        try:
            return signs(ours, start)
        finally:
            process.kill()
            process.wait()
            os.close(ours)


def signs(terminal, start):
    """When each sign was first seen, in seconds since the start."""
    seen, text = {}, b""
    while len(seen) < len(SIGNS):
        left = start + PATIENCE - time.perf_counter()
        chunk = read(terminal) if select.select([terminal], [], [], max(0.0, left))[0] else b""
        now, text = time.perf_counter() - start, text + chunk
        shown = ESCAPE.sub(b"", text)
        seen |= {sign: now for sign, pattern in SIGNS.items() if sign not in seen and pattern.search(shown)}
        if not chunk and len(seen) < len(SIGNS):
            raise SystemExit(f"of {', '.join(SIGNS)} only {', '.join(seen) or 'nothing'} was seen in: {shown.decode()}")
    return seen


def read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so where the other end is closed
        return b""

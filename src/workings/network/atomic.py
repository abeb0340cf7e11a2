"""Writing a file all at once or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_at_once(path: Path, data: bytes) -> None:
    """Write beside the file, then put it in its place: whenever the machine stops, the old file is there or the new.

    Raises
    ------
    OSError
        When it cannot be written; then the old file, if there was one, is as it was.
    """
    target = path.resolve()  # a link stays a link
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        _make_lasting(target.parent)
    finally:
        beside.unlink(missing_ok=True)


def _make_lasting(folder: Path) -> None:
    """See to it that a new name in a folder survives a loss of power; not every system lets a folder be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

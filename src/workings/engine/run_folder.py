"""The folder of a run: what was trained and how, on which numbers, and its last checkpoints.

``run.json`` says what the run is, ``data.safetensors`` holds its rows, and ``checkpoint-...`` where it was; the first
checkpoint, of the start, is always kept, so that every update can be made again.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from workings.engine.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from workings.engine.data_change import ARRAYS, change_of_data
from workings.engine.description import FORMAT, VERSION
from workings.errors import InputError
from workings.network.arguments import finite_number, whole_number
from workings.network.atomic import write_at_once
from workings.network.network import Array

DEFAULT_SECONDS = 30.0
DEFAULT_KEPT = 3


class RunFolder:
    """A folder that a run is kept in while it is made.

    Parameters
    ----------
    path : str or Path
        Made if it is not there.
    seconds : float
        About how far apart checkpoints lie.
    kept : int
        How many of the last checkpoints are kept, beside that of the start.

    Raises
    ------
    InputError
        When these are no folder and no such numbers.
    """

    def __init__(self, path: str | Path, seconds: float = DEFAULT_SECONDS, kept: int = DEFAULT_KEPT) -> None:
        if not isinstance(path, str | Path):
            raise InputError(f"a run is kept in a folder, named as a text or a Path, not in {path!r:.40}")
        self.path, self._kept = Path(path), whole_number("checkpoints_kept", kept, 1)
        self._seconds = finite_number("seconds_between_checkpoints", seconds)
        self._next = time.monotonic() + self._seconds

    def begin(self, described: dict[str, Any], data: tuple[Array, ...], *, resume: bool) -> Checkpoint | None:
        """Begin a run here, or find where the one that is here stopped; None where there is none yet.

        Raises
        ------
        InputError
            When there is a run and it is not to be resumed, or it is a different one, or nothing can be written.
        """
        with _telling(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            found = self._told()
            if found is not None:
                self._check(found, described, data, resume=resume)
                return self.latest()
            if self.checkpoints():
                raise InputError(
                    f"{self.path} holds checkpoints but no run.json that says of which run; begin in another folder"
                )
            from safetensors.numpy import save

            arrays = {name: np.ascontiguousarray(array) for name, array in zip(ARRAYS, data, strict=False)}
            write_at_once(self.path / "data.safetensors", save(arrays))
            write_at_once(self.path / "run.json", (json.dumps(described, indent=1) + "\n").encode())
        return None

    def made_by(self) -> dict[str, Any]:
        """On which engine, and on how many threads of it, the run that is here was begun; empty where there is none."""
        with _telling(self.path):
            found = (self._told() or {}).get("made_by")
        return found if isinstance(found, dict) else {}

    def _told(self) -> dict[str, Any] | None:
        """What ``run.json`` says; None where there is no run yet."""
        path = self.path / "run.json"
        if not path.exists():
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it holds no object")
        return found

    def is_due(self) -> bool:
        """Whether it is time for a checkpoint."""
        return time.monotonic() >= self._next

    def write(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint, and delete those that are too old to be kept."""
        with _telling(self.path):
            write_checkpoint(self.file_of(checkpoint.update), checkpoint)
            _, *later = self.checkpoints()
            for old in later[: -self._kept]:
                old.unlink(missing_ok=True)
        self._next = time.monotonic() + self._seconds

    def file_of(self, update: int) -> Path:
        """Where the checkpoint after so many updates is."""
        return self.path / f"checkpoint-{update:012}.safetensors"

    def checkpoints(self) -> list[Path]:
        """The files of the checkpoints, the earliest first; what is called otherwise is somebody's own."""
        found = self.path.glob("checkpoint-*.safetensors")
        return sorted(path for path in found if path.stem.removeprefix("checkpoint-").isdecimal())

    def latest(self, most: int | None = None) -> Checkpoint | None:
        """The last checkpoint that is whole, of at most so many updates; a damaged one is skipped with a warning."""
        for path in reversed(self.checkpoints()):
            if most is not None and int(path.stem.removeprefix("checkpoint-")) > most:
                continue
            try:
                found = read_checkpoint(path)
                if path != self.file_of(found.update):
                    raise InputError(f"{path} is not what its name says, but of update {found.update:,}")
                return found
            except InputError as error:
                warnings.warn(f"{error}; the checkpoint before it is taken", stacklevel=2)
        return None

    def _check(self, found: dict[str, Any], asked: dict[str, Any], data: tuple[Array, ...], *, resume: bool) -> None:
        """Refuse to overwrite a run, and to go on with another one than was asked for."""
        if not resume:
            raise InputError(f"{self.path} holds a run already: resume it, or begin a new one in another folder")
        if (found.get("format"), found.get("version")) != (FORMAT, VERSION):
            raise InputError(f"{self.path}/run.json is not of a kind that this program reads")
        for name in dict.fromkeys((*asked, *found)):
            value = asked.get(name)
            if name not in _TOLD_OTHERWISE and found.get(name) != value:
                raise InputError(
                    f"{self.path} holds a run with {name} {found.get(name)!r:.200}, but now it is {value!r:.200}; "
                    "a run is resumed as it was begun"
                )
        change = None
        if found.get("data") != asked["data"]:
            change = change_of_data(self.path / "data.safetensors", data)
        elif found.get("validation_data") != asked.get("validation_data"):
            change = _change_of_held_out(found, asked)
        if change is not None:
            raise InputError(f"{self.path} holds a run with other data: {change}; a run is resumed as it was begun")
        _compare_makers(self.made_by(), asked["made_by"])


_TOLD_OTHERWISE = ("shown_as", "data", "validation_data", "made_by")
"""What may differ, or is worth more words than its value: of data that is a SHA-256."""


def _change_of_held_out(found: dict[str, Any], asked: dict[str, Any]) -> str:
    """How the rows held out differ; they are not kept, so no more can be said of them."""
    before, now = (told.get("validation_data") is not None for told in (found, asked))
    if before == now:
        return "the rows held out are not those that it was begun with"
    had, has = ("rows", "none") if before else ("no rows", "some")
    return f"it was begun with {had} held out, and now there are {has}"


def _compare_makers(found: dict[str, Any], now: dict[str, Any]) -> None:
    """Warn of what may change the last digits."""
    changed = [f"{name} {found.get(name)} is now {value}" for name, value in now.items() if found.get(name) != value]
    if changed:
        warnings.warn(
            f"resumed with other means than it was begun with, so the last digits may differ from those of a run that "
            f"was never stopped: {'; '.join(changed)}",
            stacklevel=2,
        )


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Files that cannot be read or written are told in a sentence."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path} cannot hold a run: {error.strerror or error}") from None
    except ValueError as error:
        raise InputError(f"{path}/run.json is damaged: {error}") from None

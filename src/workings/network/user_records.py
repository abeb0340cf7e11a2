"""A user's own activations and losses: running the Python file that makes them, and trying them out.

What goes wrong in somebody's own code is told like any other mistake: a sentence with the file and the line.
"""

from __future__ import annotations

import builtins
import contextlib
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from workings.errors import InputError, nearest
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.losses import LOSSES, Loss
from workings.network.record_trial import try_activation, try_loss


@dataclass(frozen=True, slots=True)
class UserRecords:
    """The records of one file, by name."""

    activations: Mapping[str, Activation]
    losses: Mapping[str, Loss]


def load_records(path: str | Path) -> UserRecords:
    """Run a Python file and collect every Activation and Loss that stands at the top of it.

    Parameters
    ----------
    path : str or Path
        It is run as it is: load only what you trust.

    Raises
    ------
    InputError
        When the file cannot be read or run, makes no record, or makes one that does not work; says in which line.
    """
    file = Path(path)
    module = _run(_source(file), file)
    found = [
        value for value in vars(module).values() if isinstance(value, Activation | Loss) and not _is_built_in(value)
    ]
    if not found:
        raise InputError(
            f"{file} makes no activation and no loss: a record stands at the top level, as in "
            'MY_SWISH = Activation(name="my_swish", ...)'
        )
    activations: dict[str, Activation] = {}
    losses: dict[str, Loss] = {}
    for record in found:
        known: Mapping[str, Activation | Loss] = activations if isinstance(record, Activation) else losses
        if known.get(record.name, record) is not record:
            raise InputError(f"{file} makes two records with the name {record.name!r}")
        with blaming(file):
            if isinstance(record, Activation):
                try_activation(record)
                activations[record.name] = record
            else:
                try_loss(record)
                losses[record.name] = record
    return UserRecords(activations, losses)


@contextlib.contextmanager
def blaming(file: Path) -> Iterator[None]:
    """Tell whatever a user's code raises as a sentence, with the last line of their file that was at work."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{file}: {error}") from error
    except (Exception, SystemExit) as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
        during = "".join(getattr(error, "__notes__", []))
        if not (lines or during):
            raise
        place = f"{file}:{lines[-1]}" if lines else str(file)
        raise InputError(f"{place}: {during}{_told(error)}") from error


def _source(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        beside = [other.name for other in file.parent.glob("*.py")] if file.parent.is_dir() else []
        advice = f". {nearest(file.name, beside)}" if beside else ""
        raise InputError(f"{file}: there is no such file{advice}") from None
    except (OSError, ValueError) as error:
        reason = "it is a folder" if file.is_dir() else getattr(error, "strerror", None) or str(error)
        raise InputError(f"{file} cannot be read: {reason}") from None


def _run(source: bytes, file: Path) -> ModuleType:
    """The module that a file makes; beside it, it may import its neighbours."""
    try:
        code = compile(source, str(file), "exec")
    except SyntaxError as error:
        line = (error.text or "").strip()
        place = f":{error.lineno}" if error.lineno else ""
        raise InputError(f"{file}{place}: this is no Python: {error.msg}{f': {line!r}' if line else ''}") from None
    except ValueError as error:
        raise InputError(f"{file} is no Python file: {error}") from None
    module = ModuleType(f"records of {file.stem}")
    module.__file__ = str(file)
    sys.modules[module.__name__] = module  # a dataclass in the file looks its module up
    sys.path.insert(0, str(file.parent.resolve()))
    try:
        with blaming(file):
            exec(code, vars(module))
    finally:
        sys.path.remove(str(file.parent.resolve()))
    return module


def _told(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "it ends the program; a file of records only makes them"
    if isinstance(error, NameError) and error.name:
        advice = nearest(error.name, [*_names_where(error), *dir(builtins)])
        return f"{error}. {advice}" if advice.startswith("Did") else str(error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _names_where(error: BaseException) -> list[str]:
    """The names known where an error was raised."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return [] if at is None else [*at.tb_frame.f_globals, *at.tb_frame.f_locals]


def _is_built_in(record: Activation | Loss) -> bool:
    registry: Mapping[str, Activation | Loss] = ACTIVATIONS if isinstance(record, Activation) else LOSSES
    return registry.get(record.name) is record

"""Whether a name given to ``train`` means a network or data."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from workings.errors import InputError, nearest

_NETWORK_FILE = re.compile(
    rb"^\s*(\[\[?\s*(layers|values)\b|(inputs|targets|learning_rate|loss|title|sizes|layers)\s*=)", re.MULTILINE
)
_ENDINGS = (".csv", ".tsv", ".txt", ".gz", ".toml", ".safetensors")


def is_network(source: str) -> bool:
    """Whether a source is a network (a file, a shipped example, a model) rather than data.

    A shipped name wins over a file of that name; a file is judged by its ending, else by how it begins.

    Raises
    ------
    InputError
        When there is nothing of that name.
    """
    from workings.engine.bundled import DATA_SETS
    from workings.network.network_file import examples, is_model

    if source in examples() or source in DATA_SETS or source == "-":
        return source in examples()
    path = Path(source)
    if path.suffix.lower() == ".toml" or is_model(path):
        return True
    try:
        if not path.exists():
            raise InputError(_not_found(path, [*examples(), *DATA_SETS]))
        if path.suffix or not path.is_file():
            return False
        with path.open("rb") as file:
            return _NETWORK_FILE.search(file.read(4096)) is not None
    except OSError:
        return False  # reading it as data tells what is wrong with it


def tell_shadowed(source: str, say: Callable[[str], object]) -> None:
    """Say that a name means a data set although there is a file of that name."""
    from workings.engine.bundled import DATA_SETS

    if source in DATA_SETS and Path(source).exists():
        say(f"{source!r} is taken as the data set of that name; for the file write ./{source}")


def _not_found(path: Path, names: list[str]) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"{path}: there is no folder {str(folder)!r}"
    files = sorted(file.name for file in islice(folder.iterdir(), 1000) if file.suffix.lower() in _ENDINGS)
    return f"{path}: there is no such file, example or data set. {nearest(path.name, [*files, *names])}"

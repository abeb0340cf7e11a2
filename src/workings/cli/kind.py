"""What a name on the command line means: a network, a model, data, or nothing that is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from workings.errors import InputError, nearest

_NETWORK_FILE = re.compile(
    rb"^\s*(\[\[?\s*(layers|values)\b|(inputs|targets|learning_rate|loss|title|sizes|layers)\s*=)", re.MULTILINE
)
_TABLE_ENDINGS = (".csv", ".tsv", ".gz")
_ENDINGS = (*_TABLE_ENDINGS, ".txt", ".toml", ".safetensors", ".model")


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
    path, shipped = Path(source), (*examples(), *DATA_SETS)
    if path.suffix.lower() == ".toml" or is_model(path):
        return True
    refuse_missing(source, "file, example or data set", lambda file: file.suffix.lower() in _ENDINGS, shipped)
    try:
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


def is_file(name: str) -> bool:
    """Whether there is a file of that name; not where the name itself is impossible."""
    try:
        return Path(name).is_file()
    except OSError:
        return False


def refuse_table(file: str) -> None:
    """Refuse data where a network is wanted, and say where it belongs.

    Raises
    ------
    InputError
        When the name is that of a data set, or has the ending of a table.
    """
    from workings.engine.bundled import DATA_SETS

    is_table = Path(file).suffix.lower() in _TABLE_ENDINGS if is_file(file) else file in DATA_SETS
    if is_table:
        raise InputError(
            f"{file} is a table, not a network: `workings train {file}` trains one on it, and a trained model takes it "
            f"with --data {file}"
        )


def refuse_missing(file: str, what: str, fits: Callable[[Path], bool], shipped: Sequence[str] = ()) -> None:
    """Refuse a name that means nothing, with the nearest one that does.

    Parameters
    ----------
    file : str
    what : str
        What it should be, for the sentence.
    fits : callable
        Which files of the same folder could have been meant.
    shipped : sequence of str
        Names that need no file.

    Raises
    ------
    InputError
        When there is no such file; not where nothing else could be meant.
    """
    path = Path(file)
    try:
        if file in shipped or path.exists():
            return
        if not path.parent.is_dir():
            raise InputError(f"{file}: there is no folder {str(path.parent)!r}")
        names = [*(other.name for other in sorted(islice(path.parent.iterdir(), 1000)) if fits(other)), *shipped]
    except (OSError, ValueError):
        return  # reading it tells what is wrong with the name
    if names:
        raise InputError(f"{file}: there is no such {what}. {nearest(path.name, names)}")

"""What FILE means on the command line: a network file, a shipped name, standard input, or a model with its data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workings.errors import InputError

if TYPE_CHECKING:
    from workings.derivation.trace import Course
    from workings.network.network import Network
    from workings.network.user_records import UserRecords


def network_of(file: str, data: str | None = None, row: int | None = None, own: UserRecords | None = None) -> Network:
    """The network of a FILE, with the example to work through.

    Parameters
    ----------
    file : str
    data : str, optional
        A table of the kind the model was trained on; only a trained model takes one.
    row : int, optional
        The row of the table, from 1.
    own : UserRecords, optional
        Activations and losses that a network file may name beside the built-in ones.

    Raises
    ------
    InputError
        When the file cannot be used, or data goes with a network file, or is missing for a model.
    """
    from workings.cli.kind import refuse_missing, refuse_table
    from workings.network.network_file import LARGEST, examples, is_model, load, load_text

    records: dict[str, Any] = {} if own is None else {"activations": own.activations, "losses": own.losses}
    if file == "-":
        network = load_text(sys.stdin.buffer.read(LARGEST + 1), "<stdin>", **records)
    elif is_model(file):
        return _of_model(file, data, row)
    else:
        refuse_table(file)
        refuse_missing(
            file, "file, model or example", lambda other: other.suffix.lower() == ".toml" or is_model(other), examples()
        )
        network = load(file, **records)
    if data is not None:
        raise InputError(f"{file} is a network file, which carries its own example; --data goes with a trained model")
    tell_remarks(network)
    return network


def course_of(file: str, data: str | None, row: int | None) -> tuple[Network | Course, bool]:
    """What FILE is to be explained as, and whether it is a run that was recorded: a run is a folder."""
    if not Path(file, "run.json").is_file():
        return network_of(file, data, row), False
    if data is not None:
        raise InputError(f"{file} is a run, which holds its data; --data goes with a trained model")
    from workings.replay import RecordedRun

    return RecordedRun(file), True


def _of_model(file: str, data: str | None, row: int | None) -> Network:
    from workings.engine.model import Model
    from workings.engine.tables import read_table

    model = Model.load(file)
    if model.preparation is None and data is None:
        return model.network  # trained on its own example, which it has kept
    if data is None:
        raise InputError(f"{file} is a trained model: say which data to work through, with --data FILE --sample 17")
    table = read_table(data)
    if row is None and len(table) > 1:
        tell(f"row 1 of {data}; --sample I takes another")
    return model.example(table, row or 1, tell)


def tell(remark: str) -> None:
    """Say something on stderr that is worth knowing but stops nothing."""
    click.echo(f"note: {remark}", err=True)


def tell_remarks(network: Network) -> None:
    """Say on stderr what is worth a remark about a network file."""
    from workings.network.network_file import remarks

    for remark in remarks(network):
        tell(remark)

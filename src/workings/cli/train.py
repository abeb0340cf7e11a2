"""The command ``train``: a network on its own example, or a new network on data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workings.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def _sizes(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """``16,8`` as (16, 8), and ``0`` as no hidden layer."""
    if value is None:
        return None
    texts = [text.strip() for text in value.split(",")]
    if texts == ["0"]:
        return ()
    if not all(text.isdecimal() and int(text) > 0 for text in texts):
        raise click.BadParameter(f"{value!r} is no list of layers. 16,8 means 16 neurons, then 8; 0 means none")
    return tuple(int(text) for text in texts)


class _WithRecords(click.Command):
    """A command whose help ends with the optimizers and schedules that there are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # as click has it
        from workings.cli.records import OPTIMIZERS, SCHEDULES

        with formatter.section("Optimizers, with the settings that may stand behind a colon"):
            formatter.write_dl(OPTIMIZERS)
        with formatter.section("Schedules, likewise (over=0: the whole run)"):
            formatter.write_dl(SCHEDULES)


@click.command(cls=_WithRecords)
@click.argument("source", metavar="FILE|DATA")
@click.option("--target", metavar="COLUMN", help="The column to predict; the last one otherwise.")
@click.option(
    "--layers", callback=_sizes, metavar="16,8", help="Neurons of each hidden layer; 32 otherwise, 0 for none."
)
@click.option("--activation", metavar="A", help="Of the hidden layers; relu otherwise.")
@click.option("--loss", metavar="L", help="cross_entropy for classes, half_squared_error for numbers otherwise.")
@click.option(
    "--optimizer", metavar="O", help="The file's own, sgd otherwise; adam, momentum:momentum=0.95, lbfgs, ..."
)
@click.option(
    "--learning-rate",
    type=click.FloatRange(min=0, min_open=True),
    metavar="R",
    help="The file's own; for data the optimizer's, of sgd 0.1 (classes) or 0.03 (numbers), otherwise.",
)
@click.option("--clip-norm", type=float, metavar="C", help="The longest that the whole gradient may be.")
@click.option(
    "--clip-value", type=float, metavar="C", help="The largest that each gradient may be, in either direction."
)
@click.option("--l2", type=click.FloatRange(0), metavar="L", help="Weight decay: the cost grows by L/2 * sum of w^2.")
@click.option("--l1", type=click.FloatRange(0), metavar="L", help="The cost grows by L * sum of |w|.")
@click.option(
    "--dropout",
    type=click.FloatRange(0, 1, max_open=True),
    metavar="P",
    help="The share of each hidden layer's activations that is left out in an update; 0 otherwise.",
)
@click.option("--class-weight", metavar="W", help="balanced, or how much the rows of a class count: yes=5,no=1.")
@click.option("--weight-column", metavar="COLUMN", help="The column that says how much a row counts; it is no input.")
@click.option(
    "--schedule", metavar="S", help="Of the learning rate: constant otherwise; cosine, step:every=10,factor=0.5, ..."
)
@click.option("--batch-size", type=click.IntRange(1), metavar="B", help="Rows for each update; 32 otherwise.")
@click.option("--updates", type=click.IntRange(0), metavar="N", help="How many updates; 10000 for a file otherwise.")
@click.option(
    "--epochs", type=click.IntRange(0), metavar="N", help="How often to go over the data; 50 or more otherwise."
)
@click.option(
    "--validation",
    type=click.FloatRange(0, 1, max_open=True),
    metavar="SHARE",
    help="The share of rows held out to judge the model; 0.2 otherwise.",
)
@click.option(
    "--train-score",
    is_flag=True,
    default=None,
    help="Score the rows trained on too, after each epoch; takes up to a third more time.",
)
@click.option(
    "--patience",
    type=click.IntRange(1),
    metavar="N",
    help="End when the cost of the rows held out has not fallen for N epochs, and take the best weights.",
)
@click.option(
    "--seed", type=click.IntRange(0), metavar="S", help="Of the starting weights and of the shuffling; 0 otherwise."
)
@click.option("--threads", type=click.IntRange(1), metavar="N", help="As many as pay otherwise.")
@click.option("--checkpoint", metavar="FOLDER", help="Keep the run in a folder, so that it can go on where it stopped.")
@click.option("--resume", is_flag=True, default=None, help="Go on with the run in that folder, if there is one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "-o", "--output", metavar="MODEL", help="Where to save the model; of data, NAME.model.safetensors otherwise."
)
def train(source: str, as_json: bool, output: str | None, **options: Any) -> int:
    """Train a network on its own example, or a new network on data.

    FILE is a network file or a shipped example: a table of cost and outputs is printed. DATA is a CSV file whose first
    line names the columns, or one of digits, iris, wine, breast_cancer and diabetes, which come with scikit-learn:
    a share of the rows is held out, and the model is judged on it and saved. Ctrl-C ends early and keeps what there is.

    A schedule changes the learning rate from epoch to epoch, for a FILE from update to update. All schedules and
    optimizers stand at the end, with their settings as they are when nobody says otherwise.

    \b
    workings train two-two-two --updates 10000
    workings train digits --layers 100 --epochs 50 -o digits.model
    workings train houses.csv --target price --layers 16,8
    workings train digits --epochs 500 --patience 10 --schedule cosine:warmup=5
    """  # noqa: D301
    from workings.cli.kind import is_network
    from workings.cli.output import refuse_overwriting
    from workings.cli.train_file import train_file
    from workings.cli.train_table import train_table

    given = {name: value for name, value in options.items() if value is not None}
    if given.keys() >= {"updates", "epochs"}:
        raise InputError("say how long to train with --updates or with --epochs, not with both")
    path = writable(output)
    if is_network(source):
        refuse_overwriting(output, file=source)
        return train_file(source, given, as_json, path)
    refuse_overwriting(output, data=source)
    return train_table(source, given, as_json, path)


def writable(output: str | None) -> Path | None:
    """The path to save to, refused before hours of training and not after them."""
    import os
    from pathlib import Path

    if output == "-":
        raise InputError("a model is no text to print: name a file to save it in")
    path = Path(output or "model")
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"{path}: there is no folder {str(folder)!r} to save in")
    if path.is_dir() and output is not None:
        raise InputError(f"{path} is a folder; name a file in it to save the model in")
    if not os.access(folder, os.W_OK):
        where = "the current folder" if output is None else f"the folder {str(folder)!r}"
        raise InputError(f"{where} cannot be written to; say where to save the model with -o")
    return None if output is None else path

"""``train`` on a network file: its own example over and over, told as a table."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from workings.cli.start import INTERRUPTED
from workings.errors import DivergenceError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from workings.engine.journey import Run
    from workings.engine.progress import Moment
    from workings.network.network import Network

SCHEMA = "workings.train/1"

NOT_FOR_A_FILE = {
    "target": "its targets stand in the file",
    "layers": "its layers stand in the file",
    "activation": "its activations stand in the file",
    "loss": "its loss stands in the file",
    "l2": "its l2 stands in the file",
    "l1": "its l1 stands in the file",
    "class_weight": "its sample_weights stand in the file",
    "weight_column": "its sample_weights stand in the file",
    "dropout": "its layers say so in the file",
    "batch_size": "its example is always taken whole",
    "epochs": "it has one example, and --updates says how often to go over it",
    "validation": "there is nothing to hold out of one example",
    "train_score": "the table shows its outputs, and how far they are off",
    "patience": "there is nothing held out whose cost could stop falling",
    "seed": "nothing about it is left to chance",
}


def train_file(source: str, given: dict[str, Any], as_json: bool, path: Path | None) -> int:
    """Train the network of a file and print what became of its cost; the exit status."""
    from workings.cli.output import write_result
    from workings.cli.source import tell, tell_remarks
    from workings.cli.watch import Watch
    from workings.engine.plan import DEFAULT_UPDATES
    from workings.engine.training import train

    for name, reason in NOT_FOR_A_FILE.items():
        if name in given:
            option = f"--{name.replace('_', '-')}"
            raise InputError(f"{option} does not apply to a network file such as {source}: {reason}")
    network, updates = _with_example(source), given.get("updates", DEFAULT_UPDATES)
    tell_remarks(network)
    with Watch() as watch:
        try:
            run = train(network, **given, on_progress=watch.training)
        except DivergenceError as error:
            watch.finish()
            if not as_json:
                _print_table(network, error.history, updates)
            raise
        watch.finish()
        for remark in run.remarks:
            tell(remark)
        if path is not None:
            _save(run, network, given, path)
        if as_json:
            write_result(_json(source, network, run, path), None)
        else:
            _print_table(network, run.history, updates)
        if run.stopped:
            tell(f"stopped after {run.updates:,} of {updates:,} updates")
    return INTERRUPTED if run.stopped else 0


def _with_example(source: str) -> Network:
    """The network of a file, or of a model that was made of one."""
    from workings.engine.model import Model
    from workings.network.network_file import is_model, load

    if not is_model(source):
        return load(source)
    network = Model.load(source).network
    if network.example is None:
        raise InputError(f"{source} was trained on data, which it does not hold; train a new one on the data")
    return network


def _print_table(network: Network, moments: Sequence[Moment], updates: int) -> None:
    from workings.cli.history import table
    from workings.cli.output import write_result

    lines, n_hidden = table(network, moments, updates)
    write_result("".join(f"{line}\n" for line in lines), None)
    if n_hidden and moments:
        sys.stdout.flush()
        more = "1 more output has" if n_hidden == 1 else f"{n_hidden} more outputs have"
        click.echo(f"note: {more} no room here; --json has them all", err=True)


def _save(run: Run, network: Network, given: dict[str, Any], path: Path) -> None:
    from workings.engine.model import Model
    from workings.network.clipping import CLIPPINGS
    from workings.network.optimizers import bounds_of, optimizer_to_train_with
    from workings.network.searches import Search

    example = network.example
    assert example is not None
    is_search = isinstance(optimizer_to_train_with(given.get("optimizer", example.optimizer)), Search)
    bounds = {name: given[name] for name in CLIPPINGS if name in given} or bounds_of(example.optimizer)
    facts = {
        "optimizer": given.get("optimizer", str(example.optimizer)),
        "learning_rate": None if is_search else given.get("learning_rate", example.learning_rate),
        "schedule": given.get("schedule", str(example.schedule)),
        **bounds,
        "updates": run.updates,
    }
    Model(run.network, None, facts).save(path)
    click.echo(f"saved {path}", err=True)


def _json(source: str, network: Network, run: Run, path: Path | None) -> str:
    content = {
        "schema": SCHEMA,
        "source": source,
        "updates": run.updates,
        "stopped": run.stopped,
        "model": None if path is None else str(path),
        "history": [_moment(network, moment) for moment in run.history],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _moment(network: Network, moment: Moment) -> dict[str, Any]:
    outputs = [] if moment.outputs is None else moment.outputs.tolist()
    is_batch = network.example is not None and network.example.is_batch
    return {
        "update": moment.update,
        "cost": moment.cost,
        "objective": moment.objective,
        "outputs": outputs if is_batch else outputs[0],
    }

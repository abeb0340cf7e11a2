"""``train`` on data: find out what a table holds, train a new network on it, judge it on rows held out, save it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workings.cli.start import INTERRUPTED
from workings.cli.train_file import SCHEMA
from workings.errors import InputError

if TYPE_CHECKING:
    from workings.cli.watch import Watch
    from workings.engine.fitting import Fitted, Settings, Task
    from workings.engine.progress import Moment


def train_table(source: str, given: dict[str, Any], as_json: bool, path: Path | None) -> int:
    """Train a new network on data, print how good it is on the rows held out, and save it; the exit status."""
    from workings.cli.output import write_result
    from workings.cli.watch import Watch
    from workings.engine.fitting import Settings

    settings = Settings(**given)
    with Watch() as watch:
        task = _task(source, settings, watch)
        fitted = _fitted(task, settings, watch)
        watch.finish()
        for remark in fitted.run.remarks:
            watch.say(remark)
        run, saved = fitted.run, None
        if not as_json:
            write_result(_verdict(fitted), None)
        if run.updates or not run.stopped:
            saved = _save(fitted, path, task.table.name)
        if as_json:
            write_result(_json(source, fitted, saved), None)
        if run.stopped:
            watch.say(f"stopped after {run.updates:,} updates")
        if saved is not None:
            click.echo(f"saved {saved}. To see how one of its gradients came about:", err=True)
            click.echo(f"  {_suggestion(source, task, fitted, saved)}", err=True)
    return INTERRUPTED if run.stopped else 0


def _task(source: str, settings: Settings, watch: Watch) -> Task:
    """The table read and looked at, and what was found told on stderr."""
    from workings.cli.kind import tell_shadowed
    from workings.engine.fitting import LOSS_FOR_NUMBERS, find_task
    from workings.engine.tables import read_table

    tell_shadowed(source, watch.say)
    table = read_table(source, watch.rows(f"reading {Path(source).name}"))
    watch.rows("looking at the columns")
    task = find_task(table, settings, watch.say)
    target, n_inputs = task.preparation.target, len(task.preparation.input_names())
    held_out = f"{len(task.held_out):,}" if len(task.held_out) else "none"
    what = f"one of {len(target.classes)} classes" if target.classes else "a number"
    if target.is_numbered:
        what += f" (--loss {LOSS_FOR_NUMBERS} takes it as a number)"
    watch.say(
        f"{table.name} has {len(table):,} rows, {held_out} of them held out; "
        f"{n_inputs} input{'s' if n_inputs > 1 else ''} to predict {target.name!r}, {what}"
    )
    return task


def _fitted(task: Task, settings: Settings, watch: Watch) -> Fitted:
    from workings.engine.fitting import fit
    from workings.engine.model import score_name

    watch.score_name = score_name(task.preparation.target)
    return fit(task, settings, watch.training)


def _save(fitted: Fitted, path: Path | None, table: str) -> Path:
    """Save the model, by default under the table's name; what stood there before is kept once."""
    if path is None:
        path = Path(f"{table}.model.safetensors")
        if path.is_file():
            before = path.with_name(f"{table}.model.previous.safetensors")
            try:
                path.replace(before)
            except OSError as error:
                raise InputError(f"{before} cannot be written: {error.strerror}") from None
            click.echo(f"note: the model that was here before is now {before}", err=True)
    fitted.model.save(path)
    return path


def _verdict(fitted: Fitted) -> str:
    """How good the model is, in one line."""
    facts = fitted.model.facts
    name, score, n_held_out = facts["score_name"], facts["score"], facts["rows_held_out"]
    n_rows = n_held_out or facts["rows"]
    if score is None:
        return f"{name} has no value: the target is the same in all of the {n_rows} rows\n"
    by_guessing = facts["score_of_commonest_class"]
    rows = f"{n_rows} rows" if by_guessing is None else f"{round(score * n_rows)} of {n_rows} rows"
    beside = "" if by_guessing is None else f"; the commonest class alone {by_guessing:.4f}"
    if not n_held_out:
        return f"{name} {score:.4f} ({rows}, the ones it was trained on: none were held out{beside})\n"
    return f"held-out {name} {score:.4f} ({rows}{beside})\n{_beside_it(fitted)}"


def _beside_it(fitted: Fitted) -> str:
    """The score of the rows trained on, with the weights that were kept; nothing where it was not asked for."""
    facts, run = fitted.model.facts, fitted.run
    moment = run.best or (run.history[-1] if run.history else None)
    score = None if moment is None else _finite(moment.train_score)
    return "" if score is None else f"training {facts['score_name']} {score:.4f} ({facts['rows']} rows)\n"


def _suggestion(source: str, task: Task, fitted: Fitted, path: Path) -> str:
    """A command that explains a gradient of the model, on a row that it has not seen."""
    from workings.engine.fitting import striking_weight

    row = int(task.held_out[0] if len(task.held_out) else task.training[0]) + 1
    weight = striking_weight(fitted.model.example(task.table, row))
    to, origin = (i + 1 for i in weight.index)
    data = "FILE" if source == "-" else _quoted(source)
    return f"workings explain {_quoted(str(path))} --data {data} --sample {row} dC/dW:1:{to},{origin}"


def _quoted(text: str) -> str:
    return f'"{text}"' if any(c in text for c in " ()&;'") else text


def _json(source: str, fitted: Fitted, path: Path | None) -> str:
    facts, run = fitted.model.facts, fitted.run
    target = fitted.model.prepared.target
    content = {
        "schema": SCHEMA,
        "source": source,
        "target": target.name,
        "classes": list(target.classes),
        "rows": facts["rows"],
        "rows_held_out": facts["rows_held_out"],
        "score_name": facts["score_name"],
        "score": facts["score"],
        "score_of_commonest_class": facts["score_of_commonest_class"],
        "epochs": facts["epochs"],
        "best_epoch": facts["best_epoch"],
        "updates": run.updates,
        "stopped": run.stopped,
        "model": None if path is None else str(path),
        "history": [_moment(moment) for moment in run.history],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "epoch": moment.epoch,
        "update": moment.update,
        "cost": moment.cost,
        "objective": moment.objective,
        "validation_cost": _finite(moment.validation_cost),
        "validation_objective": _finite(moment.validation_objective),
        "score": _finite(moment.score),
        "train_score": _finite(moment.train_score),
    }


def _finite(value: float | None) -> float | None:
    """JSON has no other numbers."""
    return value if value is not None and math.isfinite(value) else None

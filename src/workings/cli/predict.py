"""The command ``predict``: what a trained model makes of a table, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from workings.errors import InputError

if TYPE_CHECKING:
    from workings.engine.model import Model, Prediction
    from workings.engine.tables import Table

SCHEMA = "workings.predict/1"


@click.command()
@click.argument("model")
@click.argument("data")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def predict(model: str, data: str, as_json: bool) -> None:
    """Predict every row of DATA with a trained MODEL.

    DATA is a CSV file with the columns that the model was trained on, in any order, or the name of a data set. Printed
    is a CSV with a row for each of its rows: the prediction and, for classes, how probable it and the others are.
    Where DATA has the column to predict too, accuracy or R² follows on stderr.

    \b
    workings predict houses.model.safetensors new_houses.csv > predicted.csv
    """  # noqa: D301
    from workings.cli.kind import tell_shadowed
    from workings.cli.output import showable, write_result
    from workings.cli.watch import Watch
    from workings.engine.model import Model
    from workings.engine.tables import read_table

    _refuse_what_is_no_model(model, data)
    trained = Model.load(model)
    trained.prepared  # noqa: B018
    with Watch() as watch:
        tell_shadowed(data, watch.say)
        table = read_table(data, watch.rows(f"reading {data}"))
        prediction = trained.predict(table, watch.say, watch.rows("predicting"))
    if as_json:
        write_result(_json(model, data, trained, prediction), None)
    else:
        write_result(_csv(prediction), None)
    if prediction.n_scored:
        click.echo(showable(_score(trained, table, prediction)), err=True)


def _refuse_what_is_no_model(model: str, data: str) -> None:
    """Refuse a name that means something else, or nothing, and say what is wanted; reading it finds the rest."""
    from workings.cli.kind import is_file, refuse_missing
    from workings.network.network_file import examples, is_model

    if is_model(model):
        return
    if is_model(data):
        raise InputError(f"{data} is the model, which comes first: workings predict {data} {model}")
    if model in examples() or (model.endswith(".toml") and is_file(model)):
        raise InputError(
            f"{model} is a network that was trained on no table: `workings train` with a table makes a model"
        )
    refuse_missing(model, "model", is_model)


def _csv(prediction: Prediction) -> str:
    import csv
    import io

    has_probabilities = prediction.probabilities is not None
    names = [f"p({name})" for name in prediction.classes] if has_probabilities else []
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["row", "prediction", *(["probability"] if has_probabilities else []), *names])
    for number, value in enumerate(prediction.values, start=1):
        cells: list[object] = [number, value if isinstance(value, str) else f"{value:.10g}"]
        if prediction.probabilities is not None:
            probabilities = prediction.probabilities[number - 1].tolist()
            cells += [f"{p:.6f}" for p in (max(probabilities), *probabilities)]
        writer.writerow(cells)
    return lines.getvalue()


def _score(model: Model, table: Table, prediction: Prediction) -> str:
    name, target, n = model.score_name, model.prepared.target.name, prediction.n_scored
    rows = "1 row" if n == 1 else f"{n:,} rows"
    if prediction.score is None:
        return f"{name} has no value: {target!r} is the same in all of the {rows}"
    facts = model.facts
    is_same = facts.get("data") == table.name and len(table) >= facts.get("rows", 0) + facts.get("rows_held_out", 0)
    seen = "; it seems to be the data that the model was trained on" if is_same else ""
    return f"{name} {prediction.score:.4f} on {rows} whose {target!r} is known{seen}"


def _json(model: str, data: str, trained: Model, prediction: Prediction) -> str:
    import json

    rows: list[dict[str, object]] = []
    for number, value in enumerate(prediction.values, start=1):
        row: dict[str, object] = {"row": number, "prediction": value}
        if prediction.probabilities is not None:
            probabilities = prediction.probabilities[number - 1].tolist()
            row |= {"probability": max(probabilities), "probabilities": probabilities}
        rows.append(row)
    content = {
        "schema": SCHEMA,
        "model": model,
        "data": data,
        "target": trained.prepared.target.name,
        "classes": list(prediction.classes),
        "score_name": trained.score_name,
        "score": prediction.score,
        "rows_scored": prediction.n_scored,
        "rows": rows,
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n"

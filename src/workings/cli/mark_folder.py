"""``workings mark`` on a folder: a table of marks, one row a document."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from workings.cli.output import showable
from workings.cli.source import network_of, tell
from workings.cli.start import INTERRUPTED
from workings.cli.watch import Watch
from workings.errors import InputError
from workings.marking.assumption import Assumption
from workings.marking.grading.answers import MARKED, Answers, Row, documents
from workings.marking.grading.crew import jobs_for, rows
from workings.marking.grading.marks_file import MarksFile, cells, columns, line
from workings.marking.grading.scheme import load_scheme
from workings.marking.grading.summary import Summary
from workings.network.network_dump import dump

SCHEMA = {"name": "workings.marks", "version": 1}


def mark_folder(
    folder: str,
    *,
    network: str | None,
    scheme: str | None,
    output: str | None,
    assumed: Assumption,
    as_object: bool,
    jobs: int | None,
) -> int:
    """Mark the documents of a folder and print or write the table of marks; the exit status."""
    if as_object and output == "-":
        raise InputError("-o - and --json would both go to the terminal; leave one of them out")
    net = network_of(network) if network is not None else None
    answers = Answers(
        Path(folder),
        None if net is None else dump(net),
        None if scheme is None else load_scheme(scheme, net),
        assumed,
    )
    table = Path(output) if output not in (None, "-") else None
    read = [Path(name) for name in (network, scheme) if name is not None and Path(name).is_file()]
    names = documents(answers.folder, [*read, *([table] if table is not None else [])])
    with Watch() as watch:
        if table is None:
            return _to_stdout(answers, names, watch, as_object=as_object, jobs=jobs)
        return _to_file(MarksFile(table, answers), answers, names, watch, as_object=as_object, jobs=jobs)


def _to_stdout(answers: Answers, names: Sequence[str], watch: Watch, *, as_object: bool, jobs: int | None) -> int:
    """Print each row when it is done, or a table of all of them."""
    summary = Summary()
    done = _watched(rows(answers, names, jobs_for(len(names), jobs)), len(names), watch)
    counted = _counted(done, summary)
    if as_object:
        _print_object(counted, answers.item_names, summary)
    elif sys.stdout.isatty():
        _print_table(list(counted), answers.item_names, watch)
    else:
        click.echo(showable(line(columns(answers.item_names))), nl=False)
        for row in counted:
            click.echo(showable(line(cells(row, len(answers.item_names)))), nl=False)
    return _end(summary, len(names), watch)


def _to_file(
    table: MarksFile, answers: Answers, names: Sequence[str], watch: Watch, *, as_object: bool, jobs: int | None
) -> int:
    """Write the table; what was marked before and is still good is not marked again."""
    try:
        todo = [name for name in names if table.kept(name) is None]
        for name in todo:
            table.forget(name)
        if len(todo) < len(names):
            watch.say(f"{len(names) - len(todo):,} of {len(names):,} documents were marked before")
        for row in _watched(rows(answers, todo, jobs_for(len(todo), jobs)), len(todo), watch):
            table.add(row)
        summary = Summary()
        counted = _counted(table.rows(names), summary)
        if as_object:
            _print_object(counted, answers.item_names, summary)
        else:
            for _ in counted:
                pass
        table.write(names)
    finally:
        table.close()
    status = _end(summary, len(names), watch)
    click.echo(f"written to {table.path}", err=True)
    return status


def _watched(done: Iterator[Row], total: int, watch: Watch) -> Iterator[Row]:
    """The rows, until Ctrl-C is pressed."""
    is_stopped = watch.documents(0, total)
    for number, row in enumerate(done, 1):
        yield row
        if is_stopped := watch.documents(number, total):
            break
    if is_stopped:
        done.close()  # type: ignore[attr-defined]  # a generator, which ends its processes


def _counted(done: Iterator[Row], summary: Summary) -> Iterator[Row]:
    for row in done:
        summary.add(row)
        yield row


def _end(summary: Summary, n_documents: int, watch: Watch) -> int:
    """Tell the summary; the exit status."""
    watch.finish()
    for sentence in summary.sentences():
        click.echo(sentence, err=True)
    if summary.documents < n_documents:
        tell(
            f"stopped after {summary.documents:,} of {n_documents:,} documents; with the same -o it goes on from there"
        )
        return INTERRUPTED
    return 1 if summary.with_slips or summary.marked < summary.documents else 0


def _print_object(done: Iterator[Row], item_names: Sequence[str], summary: Summary) -> None:
    """One object, row by row: thousands of them need no memory."""
    head = json.dumps({"schema": SCHEMA, "items": list(item_names)}, ensure_ascii=False)
    click.echo(showable(f'{head[:-1]}, "documents": ['), nl=False)
    for number, row in enumerate(done):
        text = json.dumps(_row_object(row, item_names), ensure_ascii=False)
        click.echo(showable(f"{',' if number else ''}\n  {text}"), nl=False)
    click.echo(showable(f'\n], "summary": {json.dumps(summary.as_json(), ensure_ascii=False)}}}'))


def _row_object(row: Row, item_names: Sequence[str]) -> dict[str, Any]:
    is_marked = row.state == MARKED

    def slip(each: Any) -> dict[str, Any]:
        return {"line": each.line, "kind": each.kind, "quantity": each.quantity}

    return {
        "document": row.document,
        "state": row.state,
        "marks": round(sum(row.marks), 4) if is_marked else None,
        "total": row.total if is_marked else None,
        "items": dict(zip(item_names, row.marks, strict=False)),
        "first": slip(row.first) if row.first is not None else None,
        "slips": [slip(each) for each in row.slips],
        "missing": list(row.missing),
        "review": list(row.review),
    }


def _print_table(done: Sequence[Row], item_names: Sequence[str], watch: Watch) -> None:
    """What fits on a terminal: the marks, the first slip, and what to look at."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    watch.finish()
    table = Table(box=None, pad_edge=False)
    for head in ("document", "marks", *item_names):
        table.add_column(head, justify="left" if head == "document" else "right")
    table.add_column("first wrong step")
    table.add_column("to look at")
    for row in done:
        is_marked = row.state == MARKED
        marks = f"{sum(row.marks):g} of {row.total:g}" if is_marked else "-"
        items = [f"{number:g}" for number in row.marks] if is_marked else [""] * len(item_names)
        first = str(row.first or "") if is_marked else row.state
        shown = (row.document, marks, *items, first, ", ".join(row.review))
        table.add_row(*(Text(showable(text)) for text in shown))
    Console(highlight=False).print(table)

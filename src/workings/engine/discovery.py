"""Finding out what a table holds: which column to predict, classes or a number, and what the other columns are."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from workings.engine.cells import is_missing, numbers_in
from workings.engine.lookalikes import advice, is_date, plainly
from workings.engine.preparation import (
    NumberColumn,
    Preparation,
    Remark,
    Target,
    TextColumn,
    categories_in,
    ignore,
)
from workings.engine.tables import Table
from workings.errors import InputError, nearest
from workings.network.network import Array

MOST_CLASSES = 20
"""A target of more different whole numbers is a number to predict, not a class."""

ROWS_A_CLASS = 3
"""And so is one with fewer rows than this for each of them."""

MOST_CATEGORIES = 50
"""Inputs for one text column; what is rarer is none of them."""

FEWEST_ROWS_FOR_NAMES, DIFFERENT = 10, 0.9
"""From so many rows on, a text column of which this share is different names rows instead of sorting them."""

MOST_COLUMNS_TOLD = 5
"""Columns named in one remark."""

MOSTLY = 0.9
"""Where this share of a column's known cells are numbers, or dates, so are all that were meant to be there."""

WIDEST = 8.0
"""A column's range after scaling, at most: one rare large value must not throw the training off."""

_IDENTIFIER = re.compile(r"(.*[^a-z])?(id|nr|no|number|index|row|unnamed.*|column 1)", re.IGNORECASE)
_IDENTIFIER_IN_CAMEL_CASE = re.compile(r".*[a-z]I[dD]")


def find_target(table: Table, column: str | None = None, *, as_number: bool = False) -> Target:
    """The column to predict: the one named, else the table's own, else the last one.

    Text is classes, and so are few different whole numbers unless ``as_number``. The mean and scale of a number are
    found with the training rows by :func:`find_preparation`.

    Raises
    ------
    InputError
        When there is no such column, nothing to tell apart in it, or something in it that only looks like numbers.
    """
    name = column or table.target or list(table.columns)[-1]
    if name not in table.columns:
        raise InputError(f"{table.name} has no column {name!r}. {nearest(name, table.columns)}")
    cells = [cell for cell in table.columns[name] if not is_missing(cell)]
    if not cells:
        raise InputError(
            f"the column {name!r} of {table.name} is empty in every row: there is nothing to learn from it"
        )
    numbers, first_text = numbers_in(cells, table.decimal_comma)
    values = np.unique(numbers)
    if len(values if first_text is None else set(cells)) == 1:
        rows = "in its only row" if len(cells) == 1 else f"in all {len(cells)} rows"
        raise InputError(f"{table.name}: the target {name!r} is {cells[0]!r} {rows}: there is nothing to tell apart")
    few = max(2, min(MOST_CLASSES, len(cells) // ROWS_A_CLASS))
    if first_text is None:
        if not as_number and len(values) <= few and bool(np.all(values == np.round(values))):
            return Target(name, tuple(f"{value:.0f}" for value in values), is_numbered=True)
        return Target(name)
    counts, texts = Counter(cells), _texts(table, name)
    _refuse_mistakes(table, name, texts)
    too_many = len(counts) > max(2, len(cells) // 2)
    if len(counts) > few:
        _refuse_lookalikes(table, name, texts, counts, 0.5 if too_many else MOSTLY)
    if too_many:
        raise InputError(
            f"the target {name!r} of {table.name} is text, with {len(counts)} different values in {len(cells)} rows: "
            f"too many to be classes. {_other_targets(table)}"
        )
    return Target(name, tuple(sorted(counts)))


def _texts(table: Table, name: str) -> list[int]:
    """The rows of a column whose cells are neither numbers nor missing."""
    cells = table.columns[name]
    numbers, _ = numbers_in(cells, table.decimal_comma)
    return [row for row in np.flatnonzero(np.isnan(numbers)).tolist() if not is_missing(cells[row])]


def _refuse_mistakes(table: Table, name: str, texts: Sequence[int]) -> None:
    """Refuse a column of numbers with a few texts in it: going on as if it were a column of texts would lose it."""
    cells = table.columns[name]
    n_known = sum(not is_missing(cell) for cell in cells)
    if n_known - len(texts) < MOSTLY * n_known:
        return
    cell, are = cells[texts[0]], "is none" if len(texts) == 1 else "are none"
    raise InputError(
        f"{_place(table, name, texts[0])}: got {cell!r} where a number must stand: {len(texts):,} of the {n_known:,} "
        f"known cells of this column {are}. {advice(cell, table.decimal_comma)}"
    )


def _refuse_lookalikes(table: Table, name: str, texts: Sequence[int], counts: Counter[str], share: float) -> None:
    """Refuse a target of dates, or one of which such a share is numbers, plain or not."""
    if _share(counts, is_date) >= MOSTLY:
        raise InputError(f"the target {name!r} of {table.name} looks like dates. {_other_targets(table)}")
    if _share_of_numbers(counts, table.decimal_comma) >= share:
        row = _striking(table, name, texts)
        cell = table.columns[name][row]
        raise InputError(
            f"{_place(table, name, row)}: got {cell!r} where a number must stand. {advice(cell, table.decimal_comma)}"
        )


def _place(table: Table, name: str, row: int) -> str:
    return f"{table.name}: row {row + 1}, column {name!r}"


def _other_targets(table: Table) -> str:
    return f"--target takes another column; there are {', '.join(list(table.columns)[:10])}"


def find_preparation(
    table: Table, target: Target, rows: Array, remark: Remark = ignore, *, centred: bool = True
) -> Preparation:
    """How to prepare a table, its figures taken from the training rows alone.

    Parameters
    ----------
    table : Table
    target : Target
        As :func:`find_target` found it.
    rows : array of int
        The training rows, from 0.
    remark : callable
        Told which columns are left out and why, and what stands for missing cells.
    centred : bool
        Whether a number to predict is counted from its mean; else it is made a multiple of it, never negative.

    Raises
    ------
    InputError
        When no column is left to predict from, or a column of numbers has a few texts in it.
    """
    names = [name for name in table.columns if name != target.name]
    if not names:
        raise InputError(
            f"{table.name} has only the column {target.name!r}, and nothing to predict it from. Cells are separated by "
            "commas, semicolons or tabs"
        )
    found = [_column(table, name, rows, remark) for name in names]
    columns = tuple(column for column in found if column is not None)
    if not columns:
        raise InputError(f"{table.name} has no column to predict {target.name!r} from")
    _tell_missing(table, columns, remark)
    if not target.classes:
        numbers = target.read(table)[rows]
        _, mean, scale = _figures(target.name, numbers)
        target = Target(target.name, mean=mean, scale=scale) if centred else Target(target.name, scale=mean or 1.0)
    return Preparation(columns, target)


def _column(table: Table, name: str, rows: Array, remark: Remark) -> NumberColumn | TextColumn | None:
    cells = table.columns[name]
    numbers, first_text = numbers_in(cells, table.decimal_comma)
    if all(is_missing(cells[row]) for row in rows):
        remark(f"the column {name!r} is left out: it is empty in every row")
        return None
    if first_text is not None:
        return _text_column(table, name, rows, remark)
    if _names_rows(name, numbers):
        remark(f"the column {name!r} is left out: it only numbers the rows")
        return None
    return NumberColumn(name, *_figures(name, numbers[rows]))


def _tell_missing(table: Table, columns: Sequence[NumberColumn | TextColumn], remark: Remark) -> None:
    """Say in one sentence how many cells of which columns are missing, and what they are taken as."""
    found: dict[str, list[str]] = {}
    for column in columns:
        n_missing = sum(map(is_missing, table.columns[column.name]))
        if n_missing:
            found.setdefault(column.stand_in, []).append(f"{n_missing:,} in {column.name!r}")
    parts = []
    for stand_in, counts in found.items():
        n_more = len(counts) - MOST_COLUMNS_TOLD
        more = f" and others in {n_more} more column{'s' if n_more > 1 else ''}" if n_more > 0 else ""
        parts.append(f"{', '.join(counts[:MOST_COLUMNS_TOLD])}{more}, taken as {stand_in}")
    if parts:
        remark(f"missing cells: {'; '.join(parts)}")


def _names_rows(name: str, numbers: Array) -> bool:
    is_whole = bool(np.all(numbers == np.round(numbers)))  # nan is not
    return _is_called_identifier(name) and is_whole and len(numbers) > 1 and len(np.unique(numbers)) == len(numbers)


def _is_called_identifier(name: str) -> bool:
    return bool(_IDENTIFIER.fullmatch(name) or _IDENTIFIER_IN_CAMEL_CASE.fullmatch(name))


def _text_column(table: Table, name: str, rows: Array, remark: Remark) -> TextColumn | None:
    cells, texts = table.columns[name], _texts(table, name)
    is_identifier = _is_called_identifier(name)
    if not is_identifier:
        _refuse_mistakes(table, name, texts)
    counts = Counter(categories_in(cells[row] for row in rows))
    n_known, n_different = len(rows) - counts[""], len(counts) - ("" in counts)
    if _share(counts, is_date) >= MOSTLY:
        date = next(filter(is_date, counts))
        remark(
            f"the column {name!r} is left out: it looks like dates, such as {date!r}; to use it, write the years, or "
            "the days since some day, as numbers"
        )
        return None
    names_rows = n_known >= FEWEST_ROWS_FOR_NAMES and n_different > DIFFERENT * n_known
    if not is_identifier and _share_of_numbers(counts, table.decimal_comma) > 0.5:
        row = _striking(table, name, texts)
        plain = plainly(cells[row], table.decimal_comma)
        fate = "left out" if names_rows else "taken as categories, not numbers,"
        hint = "" if plain is None else f"; write such cells plain: {plain}"
        remark(f"the column {name!r} is {fate} because of {cells[row]!r} in row {row + 1}{hint}")
    elif names_rows:
        remark(f"the column {name!r} is left out: nearly every row has a text of its own, such as {cells[texts[0]]!r}")
    if names_rows:
        return None
    common = [category for category, _ in counts.most_common(MOST_CATEGORIES)]
    if len(counts) > len(common):
        remark(f"the column {name!r} has {len(counts)} categories; only the {len(common)} commonest count")
    return TextColumn(name, tuple(sorted(common)))


def _striking(table: Table, name: str, texts: Sequence[int]) -> int:
    """The row to show of those that hold no plain number: one that can be written plain, if there is any."""
    cells = table.columns[name]
    return next((row for row in texts if plainly(cells[row], table.decimal_comma) is not None), texts[0])


def _share(counts: Counter[str], test: Callable[[str], bool]) -> float:
    """The share of the known cells for which a test holds."""
    return sum(n for cell, n in counts.items() if cell and test(cell)) / (counts.total() - counts[""])


def _share_of_numbers(counts: Counter[str], decimal_comma: bool) -> float:
    """The share of the known cells that are numbers, plain or with signs and separators."""
    cells = [cell for cell in counts if cell]
    numbers = dict(zip(cells, numbers_in(cells, decimal_comma)[0].tolist(), strict=True))
    return _share(counts, lambda cell: not math.isnan(numbers[cell]) or plainly(cell, decimal_comma) is not None)


def _figures(name: str, numbers: Array) -> tuple[float, float, float]:
    """Median, mean and scale of a column; what is missing does not count."""
    known = numbers[~np.isnan(numbers)]
    low, high = float(known.min()), float(known.max())
    with np.errstate(over="ignore"):
        median, mean, deviation = float(np.median(known)), float(known.mean()), float(known.std())
    # A constant column has no scale, and its deviation may be a rounding error instead of 0.
    scale = 1.0 if low == high else max(deviation, (high - low) / WIDEST)
    if not np.isfinite([median, mean, scale]).all() or scale == 0.0:
        raise InputError(f"the column {name!r} reaches from {low:g} to {high:g}, too far to be scaled")
    return median, (low if low == high else mean), scale

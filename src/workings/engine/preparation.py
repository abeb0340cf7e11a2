"""From cells to numbers a network can take, and back: found on the training rows, kept in the model.

Numbers are centred and scaled, each category of a text column becomes an input of 0 or 1, what is missing is the
median or a category of its own. ``discovery`` finds all this in a table; here it is applied.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from workings.engine.cells import is_missing, numbers_in
from workings.engine.lookalikes import advice
from workings.engine.tables import Table
from workings.errors import InputError, nearest
from workings.network.network import Array

Remark = Callable[[str], object]
"""Told what is worth a sentence although nothing is wrong."""

UNKNOWN_CLASS = -1


def ignore(remark: str) -> None:
    """Keep a remark from being told."""


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of numbers: ``(number - mean) / scale``, with the median where it is missing."""

    name: str
    median: float
    mean: float
    scale: float

    def inputs(self, table: Table, _remark: Remark) -> Array:
        """The column as one input, shape (n_rows, 1)."""
        cells = table.columns[self.name]
        numbers, text = numbers_in(cells, table.decimal_comma)
        if text is not None:
            where, help_ = (
                f"{table.name}: row {text + 1}, column {self.name!r}",
                advice(cells[text], table.decimal_comma),
            )
            raise InputError(f"{where}: got {cells[text]!r}, but the model was trained on numbers there. {help_}")
        return ((np.where(np.isnan(numbers), self.median, numbers) - self.mean) / self.scale)[:, None]

    def input_names(self) -> tuple[str, ...]:
        """What the input stands for."""
        return (self.name,)

    def meanings(self, table: Table) -> tuple[str, ...]:
        """What the input stands for in a table of one row, and how it came about from the cell."""
        (number,), _ = numbers_in(table.columns[self.name], table.decimal_comma)
        stood_in = f" where the cell is empty ({self.stand_in})" if math.isnan(number) else ""
        return (f"{self.name}, {scaled(self.median if stood_in else number, self.mean, self.scale)}{stood_in}",)

    @property
    def stand_in(self) -> str:
        """What a missing cell is taken as."""
        return "the column's median"


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of categories, each an input that is 1 where the row is of it; ``""`` is "missing"."""

    name: str
    categories: tuple[str, ...]

    def inputs(self, table: Table, remark: Remark) -> Array:
        """The column as one input for each category, shape (n_rows, n_categories)."""
        cells = categories_in(table.columns[self.name])
        number = {category: i for i, category in enumerate(self.categories)}
        places = np.array([number.get(cell, -1) for cell in cells])
        known = np.flatnonzero(places >= 0)
        inputs = np.zeros((len(cells), len(self.categories)))
        inputs[known, places[known]] = 1.0
        if len(known) < len(cells):
            self._tell_unknown([cell for cell, place in zip(cells, places, strict=True) if place < 0], remark)
        return inputs

    def input_names(self) -> tuple[str, ...]:
        """What the inputs stand for, such as ``colour=red``."""
        return tuple(f"{self.name}={category or '(missing)'}" for category in self.categories)

    def meanings(self, _table: Table) -> tuple[str, ...]:
        """What the inputs stand for, and what their numbers mean."""
        return tuple(f"{name}, 1 for yes and 0 for no" for name in self.input_names())

    @property
    def stand_in(self) -> str:
        """What a missing cell is taken as."""
        return "a category of its own" if "" in self.categories else "none of the categories"

    def _tell_unknown(self, cells: Sequence[str], remark: Remark) -> None:
        kinds = sorted({cell or "(missing)" for cell in cells})
        shown = ", ".join(map(repr, kinds[:3])) + (", ..." if len(kinds) > 3 else "")
        rows = "1 row has" if len(cells) == 1 else f"{len(cells)} rows have"
        remark(
            f"{rows} a category in the column {self.name!r} that is not among the model's: {shown}; it counts as none"
        )


@dataclass(frozen=True, slots=True)
class Target:
    """The column to predict: one of some classes, or a number.

    Attributes
    ----------
    name : str
    classes : tuple of str
        In the order of the outputs; empty for a number.
    is_numbered : bool
        Whether the classes are whole numbers, so that ``1.0`` is class ``1``.
    mean, scale : float
        Of a number: what the network learns is ``(number - mean) / scale``.
    """

    name: str
    classes: tuple[str, ...] = ()
    is_numbered: bool = False
    mean: float = 0.0
    scale: float = 1.0

    def read(self, table: Table) -> Array:
        """Class numbers, or ``UNKNOWN_CLASS``; or scaled numbers, nan where there is none."""
        cells = table.columns[self.name]
        if self.classes and not self.is_numbered:
            number = {name: i for i, name in enumerate(self.classes)}
            return np.array([number.get(cell, UNKNOWN_CLASS) for cell in cells])
        numbers, _ = numbers_in(cells, table.decimal_comma)
        if not self.classes:
            return (numbers - self.mean) / self.scale
        places = {float(name): i for i, name in enumerate(self.classes)}
        return np.array([places.get(number, UNKNOWN_CLASS) for number in numbers.tolist()])

    def meanings(self, table: Table, n_outputs: int, no_and_yes: tuple[float, float]) -> tuple[str, ...]:
        """What each output stands for in a table of one row; of a number, how it came about from the cell.

        ``no_and_yes`` are the targets of the loss, which a single output has for the first class and the second.
        """
        if self.classes and len(self.classes) == n_outputs:
            return self.classes
        if self.classes:
            no, yes = no_and_yes
            return (f"{self.name}, {yes:g} for {self.classes[-1]} and {no:g} for {self.classes[0]}",)
        (number,), _ = numbers_in(table.columns[self.name], table.decimal_comma)
        return (f"{self.name}, {scaled(number, self.mean, self.scale)}",)

    def known(self, table: Table) -> Array:
        """The rows whose target can be read, from 0."""
        values = self.read(table)
        return np.flatnonzero(values != UNKNOWN_CLASS if self.classes else ~np.isnan(values))


@dataclass(frozen=True, slots=True)
class Preparation:
    """How the rows of a table become inputs and targets of a network."""

    columns: tuple[NumberColumn | TextColumn, ...]
    target: Target

    def inputs(self, table: Table, remark: Remark = ignore) -> Array:
        """The rows as inputs, shape (n_rows, n_inputs).

        Raises
        ------
        InputError
            When columns are missing, or hold text where numbers are expected.
        """
        lacking = [column.name for column in self.columns if column.name not in table.columns]
        if lacking:
            which = f"the column {lacking[0]!r}" if len(lacking) == 1 else f"the columns {_list(lacking)}"
            raise InputError(f"{table.name} lacks {which}, which the model was trained on")
        return np.hstack([column.inputs(table, remark) for column in self.columns])

    def input_names(self) -> tuple[str, ...]:
        """What each input of the network stands for."""
        return tuple(name for column in self.columns for name in column.input_names())

    def meanings(self, table: Table) -> tuple[str, ...]:
        """What each input of the network stands for in a table of one row, and how it came about."""
        return tuple(meaning for column in self.columns for meaning in column.meanings(table))

    def to_json(self) -> dict[str, Any]:
        """Plain data, from which :meth:`from_json` makes the same preparation again."""
        return {"columns": [asdict(column) for column in self.columns], "target": asdict(self.target)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Preparation:
        """The preparation that :meth:`to_json` was asked of; KeyError, TypeError or ValueError where it was not."""
        columns = tuple(
            TextColumn(column["name"], tuple(column["categories"]))
            if "categories" in column
            else NumberColumn(column["name"], *(_finite(column[key]) for key in ("median", "mean", "scale")))
            for column in data["columns"]
        )
        target = data["target"]
        classes = tuple(str(name) for name in target["classes"])
        numbers = _finite(target["mean"]), _finite(target["scale"])
        return cls(columns, Target(str(target["name"]), classes, bool(target["is_numbered"]), *numbers))


def without_weights(table: Table, column: str, target: str | None) -> tuple[Table, Array]:
    """A table without the column that says how much each row counts, and those numbers, shape (n_rows,).

    Raises
    ------
    InputError
        When there is no such column, it is the target, or a cell is no number of 0 or more.
    """
    if column not in table.columns:
        raise InputError(f"{table.name} has no column {column!r} of weights. {nearest(column, table.columns)}")
    if column == (target or table.target):
        raise InputError(f"the column {column!r} is the target, so it cannot hold the weights of rows too")
    cells = table.columns[column]
    weights, _ = numbers_in(cells, table.decimal_comma)
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(wrong):
        raise InputError(
            f"{table.name}: row {wrong[0] + 1}, column {column!r}: got {cells[wrong[0]]!r}, but the weight of a row "
            "must be a number of 0 or more"
        )
    return replace(table, columns={name: cells for name, cells in table.columns.items() if name != column}), weights


def scaled(number: float, mean: float, scale: float) -> str:
    """How a number is centred and scaled, with its numbers: ``(5.1 - 5.84)/0.83``."""
    if not mean:
        return f"{number:.6g}/{scale:.6g}"
    sign = "-" if mean >= 0 else "+"
    return f"({number:.6g} {sign} {abs(mean):.6g})/{scale:.6g}"


def categories_in(cells: Iterable[str]) -> list[str]:
    """The cells with every way of writing "missing" made one, the empty text."""
    return ["" if is_missing(cell) else cell for cell in cells]


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:5]))
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is not a finite number")
    return number

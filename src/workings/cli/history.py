"""A training of an example as a table: update, cost, and every output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workings.engine.training import Moment
    from workings.network.network import Network

MOST_OUTPUTS = 4
"""Columns of outputs that fit 80 characters."""

SMALL, TINY, LARGE = 1e-4, 1e-30, 1e15


def table(network: Network, moments: Sequence[Moment], updates: int) -> list[str]:
    """The lines of the table, headings first.

    Parameters
    ----------
    network : Network
    moments : sequence of Moment
    updates : int
        The largest that can occur; the column is made wide enough for it.
    """
    names = _output_names(network)[:MOST_OUTPUTS]
    headings = ["update", "cost", *(["objective"] if network.l2 else []), *names]
    rows = [[str(moment.update), *map(number, _figures(network, moment, len(names)))] for moment in moments]
    columns = list(zip(headings, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    widths[0] = max(widths[0], len(str(updates)))
    return ["  ".join(map(str.rjust, row, widths)) for row in (headings, *rows)]


def n_hidden_outputs(network: Network) -> int:
    """How many outputs the table has no room for."""
    return max(0, len(_output_names(network)) - MOST_OUTPUTS)


def number(value: float) -> str:
    """Nine decimals; a small number with nine significant digits instead, in plain decimals: 0.0000351018780."""
    size = abs(value)
    if size != 0 and not TINY <= size < LARGE:
        return f"{value:.8e}"
    if size == 0 or size >= SMALL:
        return f"{value:.9f}"
    exponent = int(f"{size:.8e}".partition("e")[2])  # after rounding: 9.9999999999e-5 is 0.000100000000
    return f"{value:.{8 - exponent}f}"


def _figures(network: Network, moment: Moment, n_outputs: int) -> list[float]:
    outputs = [] if moment.outputs is None else moment.outputs.ravel().tolist()[:n_outputs]
    return [moment.cost, *([moment.objective] if network.l2 else []), *outputs]


def _output_names(network: Network) -> list[str]:
    n_outputs, example = network.sizes[-1], network.example
    n_samples = 1 if example is None else len(example.inputs)
    is_batch = example is not None and example.is_batch
    return [
        f"output {j}@{i}" if is_batch else f"output {j}"
        for i in range(1, n_samples + 1)
        for j in range(1, n_outputs + 1)
    ]

"""A training of an example as a table: update, cost, and every output."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workings.engine.progress import Moment
    from workings.network.network import Network

WIDTH, GAP = 80, 2
"""Characters of a line, and between two columns."""

SMALL, TINY, LARGE = 1e-4, 1e-30, 1e15


def table(network: Network, moments: Sequence[Moment], updates: int) -> tuple[list[str], int]:
    """The table, and how many outputs it has no room for.

    Parameters
    ----------
    network : Network
    moments : sequence of Moment
    updates : int
        The largest that can occur; the column is made wide enough for it.

    Returns
    -------
    lines : list of str
        Headings first.
    n_hidden : int
        Outputs, counted from the last, that would make a line longer than ``WIDTH``.
    """
    always = ["update", "cost", *(["objective"] if network.has_penalty else [])]
    headings = [*always, *_output_names(network)]
    rows = [[str(moment.update), *map(number, _figures(network, moment))] for moment in moments]
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    widths[0] = max(widths[0], len(str(updates)))
    n_fitting = sum(end - GAP <= WIDTH for end in accumulate(width + GAP for width in widths))
    n_shown = max(len(always), n_fitting)
    lines = [(" " * GAP).join(map(str.rjust, row[:n_shown], widths)) for row in (headings, *rows)]
    return lines, len(headings) - n_shown


def number(value: float) -> str:
    """Nine decimals; a small number with nine significant digits instead, in plain decimals: 0.0000351018780."""
    size = abs(value)
    if size != 0 and not TINY <= size < LARGE:
        return f"{value:.8e}"
    if size == 0 or size >= SMALL:
        return f"{value:.9f}"
    exponent = int(f"{size:.8e}".partition("e")[2])  # after rounding: 9.9999999999e-5 is 0.000100000000
    return f"{value:.{8 - exponent}f}"


def _figures(network: Network, moment: Moment) -> list[float]:
    outputs = [] if moment.outputs is None else moment.outputs.ravel().tolist()
    return [moment.cost, *([moment.objective] if network.has_penalty else []), *outputs]


def _output_names(network: Network) -> list[str]:
    n_outputs, example = network.sizes[-1], network.example
    n_samples = 1 if example is None else len(example.inputs)
    is_batch = example is not None and example.is_batch
    return [
        f"output {j}@{i}" if is_batch else f"output {j}"
        for i in range(1, n_samples + 1)
        for j in range(1, n_outputs + 1)
    ]

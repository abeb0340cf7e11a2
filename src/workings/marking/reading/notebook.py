"""The sources of a Jupyter notebook as one text.

Its JSON is read by the library; where in the file each source stands, the library does not say, and is found here.
"""

from __future__ import annotations

import json
import re
from itertools import islice

from workings.errors import InputError
from workings.marking.reading.sourced import MOST_MARKUP, Run, Sourced, joined

_SOURCE = re.compile(r'"source"\s*:\s*\[?')
_STRING = re.compile(r'[\s,]*"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.")
_HALF = re.compile("[\ud800-\udfff]")  # of a character; no file can hold one


def notebook(raw: str) -> Sourced:
    """The sources of all cells, each with an empty line after it.

    Raises
    ------
    InputError
        For what is no notebook.
    """
    runs: list[Run] = []
    cells: list[int] = []
    length = work = 0
    keys = _SOURCE.finditer(raw)
    for source in _sources(raw):
        cells.append(length)
        for key in keys:
            cell, end = _cell(raw, key.end())
            work += 1 + len(cell)
            if work > MOST_MARKUP:
                raise InputError(f"this notebook is too large: more than {MOST_MARKUP:,} lines and escaped characters")
            if "".join(run.text for run in cell) == source:  # else a key of this name in some output
                runs += [run if run.is_copy else Run(_HALF.sub("\ufffd", run.text), run.at) for run in cell]
                runs.append(Run("\n\n", end))
                length += len(source) + 2
                break
        else:
            raise InputError("this is no Jupyter notebook: a cell's source is neither a string nor a list of strings")
    return joined(runs, raw, cells=cells)


def _sources(raw: str) -> list[str]:
    try:
        cells = json.loads(raw.lstrip("\ufeff"), strict=False)["cells"]
        return ["".join(cell["source"]) for cell in cells]
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"this is no Jupyter notebook: {where} is no JSON ({error.msg})") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError("this is no Jupyter notebook: it has no list of cells, each with a source") from error


def _cell(raw: str, at: int) -> tuple[list[Run], int]:
    """The string, or the list of strings, that stands here in JSON, and where it ends."""
    runs: list[Run] = []
    is_list = raw[at - 1] == "["
    while len(runs) <= MOST_MARKUP and (string := _STRING.match(raw, at)):
        at, end = string.span(1)
        for escape in islice(_ESCAPE.finditer(raw, at, end), MOST_MARKUP):
            runs += [Run(raw[at : escape.start()], at, True), Run(json.loads(f'"{escape[0]}"'), escape.start())]
            at = escape.end()
        runs.append(Run(raw[at:end], at, is_copy=True))
        at = string.end()
        if not is_list:
            break
    return runs, at - 1

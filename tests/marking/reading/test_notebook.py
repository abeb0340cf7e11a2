"""Jupyter notebooks: their sources are read, and every character can be found again in the file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.marking.places import check_places
from workings.errors import InputError
from workings.marking.reading.notebook import notebook as read
from workings.marking.reading.sourced import MOST_MARKUP


def notebook(*cells, **layout):
    return json.dumps({"metadata": {"source": "x"}, "cells": list(cells), "nbformat": 4}, **layout)


@pytest.mark.parametrize("layout", [{}, {"indent": 1}, {"ensure_ascii": False, "indent": 2}])
def test_of_a_notebook_the_sources_are_read(layout):
    raw = notebook(
        {"cell_type": "markdown", "source": ["# δ\n", '"z" = \\frac{1}{2}']},
        {"outputs": [{"text": "z = 7", "source": ["no"]}], "source": "z = 1  # 😀\n", "cell_type": "code"},
        {"cell_type": "raw", "source": []},
        **layout,
    )
    sourced = read(raw)
    assert sourced.text == '# δ\n"z" = \\frac{1}{2}\n\nz = 1  # 😀\n\n\n\n\n'
    check_places(sourced)
    marks = [raw[at] for char, at in zip(sourced.text, sourced.where, strict=False) if raw[at] != char]
    assert set(marks) <= {"\\", '"', "["}  # where an escape begins or a cell ends


def test_half_a_character_in_a_notebook_is_no_character():
    assert read(notebook({"source": "z\ud800"})).text == "z\ufffd\n\n"


@given(st.lists(st.text(st.characters(codec="utf-8"))), st.booleans())
def test_any_notebook_can_be_read(sources, ensure_ascii):
    raw = notebook(*({"cell_type": "raw", "source": source} for source in sources), ensure_ascii=ensure_ascii)
    sourced = read(raw)
    assert sourced.text == "".join(f"{source}\n\n" for source in sources)
    check_places(sourced)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("z = 1", "line 1, column 1"),
        ('{"cells": 3}', "no list of cells"),
        ('{"cells": [{"source": {"a": 1}}]}', "neither a string nor"),
        ("[" * 100_000, "no list of cells"),
        (notebook({"source": "\n" * MOST_MARKUP}), "too large"),
    ],
)
def test_what_is_no_notebook_is_told(raw, told):
    with pytest.raises(InputError, match=told):
        read(raw)

"""Which kind of file it is, HTML amid text, and where findings are told to stand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.marking.places import check_places
from workings.errors import InputError
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.marking.reading.formats import text_of
from workings.marking.report import report

PAGE = "<!doctype html>\n<p>w<sub>1</sub> = 2 &middot; 3\n= 6</p>"
NOTEBOOK = json.dumps({"cells": [{"source": "# A\n"}, {"source": ["One:\n", "  w = 2*3 = 7"]}]}, indent=1)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("", ""),
        ("z = 0.5 * 3 < 2 and a<c> 1 & c&d;", ""),
        ("# Notes\n\nAT&T, <https://a.org>, <me@a.org>, if a <b and c> d", "notes.md"),
        ('{"cells": 3}', ""),
        ('"""<html><p>w<sub>1</sub>"""\nz = 1\n', "forward.py"),
        (r"\begin{align} a &lt; b &amp; c \end{align}", "notes.tex"),
    ],
)
def test_what_is_text_stays_as_it_is(raw, name):
    sourced = text_of(raw, name)
    assert sourced.text == raw
    assert list(sourced.where) == list(range(len(raw) + 1))


@pytest.mark.parametrize(
    ("raw", "name", "text"),
    [
        (PAGE, "answer.HTML", "w_1 = 2 · 3 = 6"),
        (PAGE, "", "w_1 = 2 · 3 = 6"),
        (f"<?xml version='1.0'?><!-- saved -->\n{PAGE}", "-", "w_1 = 2 · 3 = 6"),
        (NOTEBOOK, "notes.ipynb", "# A\n\n\nOne:\n  w = 2*3 = 7"),
        (NOTEBOOK, "", "# A\n\n\nOne:\n  w = 2*3 = 7"),
        ("<p>z\n = 1</p>", "notes.md", "z\n = 1"),
        ("w<sub>1</sub><sup>&plus;</sup> &minus; <b>0.25</b><br/>", "notes.md", "w_{1}^{+} − 0.25"),
        ("<h1>Notes</h1>\n\n| w<sub>h1</sub> | 1 |", "notes.txt", "<h1>Notes</h1>\n\n| w_{h1} | 1 |"),
    ],
)
def test_each_kind_is_known_and_read(raw, name, text):
    sourced = text_of(raw, name)
    assert sourced.text.strip() == text
    check_places(sourced)


def test_a_notebook_that_is_none_is_named():
    with pytest.raises(InputError, match=r"^notes\.ipynb: this is no Jupyter notebook: line 1, column 3"):
        text_of("{ 1", "notes.ipynb")


@given(st.text())
def test_any_text_can_be_read(raw):
    for name in ("", "a.html", "a.md", "a.py"):
        sourced = text_of(raw, name)
        assert len(sourced.where) == len(sourced.text) + 1


def found(raw, name):
    marking = mark(raw, name=name)
    (finding,) = as_json(marking)["findings"]
    return finding, list(report(marking))


def test_a_finding_stands_where_it_stands_in_the_page():
    finding, told = found(PAGE.replace("6", "7"), "answer.html")
    assert (finding["line"], finding["column"], finding["end_line"]) == (2, 20, 3)
    assert finding["quote"] == "2 · 3 = 7"
    assert "Line 2, first wrong step: arithmetic, at w1" in told
    assert told[told.index("  w_1 = 2 · 3 = 7") + 1] == "        ^^^^^^^^^"


def test_a_finding_stands_in_a_cell_of_a_notebook():
    finding, told = found(NOTEBOOK, "notes.ipynb")
    assert NOTEBOOK.split("\n")[finding["line"] - 1][finding["column"] - 1 :] == '2*3 = 7"'
    assert (finding["cell"], finding["cell_line"], finding["cell_column"]) == (2, 2, 7)
    assert "Cell 2, line 2, first wrong step: arithmetic, at w" in told

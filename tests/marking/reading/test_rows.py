"""A row of a table is a chain where its cells leave no doubt of it."""

import pytest

from tests.marking.reading.test_chains import chains
from workings.marking.mark import mark

ROWS = [
    ("| z1 | 0.5*2 + 0.1 | 1.1 |", [["z1", "0.5*2 + 0.1", "1.1"]]),
    ("| dE/dw | 0.6*2 | -1.2 |", [["dE/dw", "0.6*2", "-1.2"]]),
    ("| dE/dw = d*x | 0.6*2 | 1.2 |", [["dE/dw", "d*x", "0.6*2", "1.2"]]),
    ("| dE/dw | d*x | 0.6*2 | 1.2 |", [["dE/dw", "d*x", "0.6*2", "1.2"]]),
    ("| first neuron | 0.5*2 + 0.1 | 1.1 |", [["0.5*2 + 0.1", "1.1"]]),
    ("| h1 | 0.5*2 + 0.1 | 1.1 | 0.75 |", [["0.5*2 + 0.1", "1.1"]]),
    ("| unit | sum | z |\n|---|---|---|\n| h1 | 0.5*2 + 0.1 | 1.1 |", [["0.5*2 + 0.1", "1.1"]]),
    ("| name | sum | value |\n|---|---|---|\n| z1 | 0.5*2 + 0.1 | 1.1 |", [["z1", "0.5*2 + 0.1", "1.1"]]),
    ("| w5 | 0.40 | 0.0822 | 0.3589 |", []),
    ("| 1-2 | 0.3 |\n| epoch | 3/10 | 0.2 |\n| true/false | 0.7 |", []),
    ("| z1 | see p. 3, 0.5*2 | 1.1 |", []),
    ("| z1 | 0.5*2 + 0.1 | unknown |", []),
]


@pytest.mark.parametrize(("text", "found"), ROWS)
def test_rows_as_chains(text, found):
    assert chains(text) == found


def test_a_slip_in_a_table_stands_in_its_row():
    text = "| quantity | numbers | value |\n|---|---|---|\n| net_h1 | 0.15*0.05 + 0.20*0.10 | 0.0275 |\n"
    (finding,) = mark(text, "two-two-two").findings
    assert (finding.kind, finding.quantity) == ("missing_bias", "z[1][1]")
    assert text[finding.start : finding.end].startswith("net_h1 | 0.15*0.05")

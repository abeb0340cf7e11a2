"""What a number that was put in stands for: the likeliest slip comes first."""

import re

import pytest

from tests.marking.pages import page
from workings.algebra.expression import Number, Reference, rebuild, substitute
from workings.marking.mark import mark
from workings.network.network_file import load
from workings.network.quantity import parse_address

NETWORK = """
inputs = [0.6, -1.3]
targets = [0.1, 0.8]
learning_rate = 0.7
loss = "squared_error"

[[layers]]
activation = "sigmoid"
weights = [[0.28, -0.35], [0.72, 0.16]]
biases = [0.11, -0.42]

[[layers]]
activation = "tanh"
weights = [[0.37, -0.58], [0.93, 0.22]]
biases = [0.15, 0.64]
"""


def put(old, new):
    """Another number, or quantity, in the place of one."""
    there = parse_address(old)
    other = Number(new) if new[0].isdigit() else Reference(parse_address(new))
    return lambda formula: substitute(formula, lambda part: other if part.key == there else part)


def half_for_two(formula):
    return Number("0.5") if formula == Number("2") else rebuild(formula, half_for_two)


@pytest.fixture
def network(tmp_path):
    path = tmp_path / "network.toml"
    path.write_text(NETWORK, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("address", "change", "kind"),
    [
        ("dC/da[2][1]#1", half_for_two, "factor"),
        ("z[1][1]#2", put("W[1][1,1]#2", "W[1][1,1]#1"), "stale_value"),
        ("dC/da[1][2]#1", put("W[2][1,2]#1", "W[2][2,1]#1"), "transposed_weights"),
        ("z[1][2]#1", put("x[2]#1", "x[1]#1"), "wrong_input"),
        ("z[2][1]#1", put("W[2][1,2]#1", "0.85"), "digit"),
        ("z[2][1]#1", put("W[2][1,1]#1", "3.7"), "decimal_shift"),
        ("dC/da[2][2]#1", put("y[2]#1", "8"), "decimal_shift"),
        ("W+[2][1,1]#1", put("W[2][1,1]#1", "W[2][1,2]#1"), "wrong_quantity"),
        ("W+[2][1,1]#1", put("eta#1", "0.9"), "learning_rate"),
        ("W+[2][1,1]#1", lambda formula: formula.left + formula.right, "plus_instead_of_minus"),
        ("da/dz[2][1]#1", put("a[2][1]#1", "z[2][1]#1"), "activation_derivative_of_z_not_a"),
    ],
)
@pytest.mark.parametrize("digits", [4, 6])
def test_the_likeliest_slip_comes_first(network, digits, address, change, kind):
    meant = parse_address(address)
    planted = page(network, digits, lambda _ledger, q, formula: change(formula) if q == meant else None)
    assert planted.line is not None
    (found, *after) = mark(planted.text, network).findings
    assert found.kind == kind, found
    assert not after


def test_a_slip_with_an_exact_weight_is_seen_where_more_digits_are_carried_than_shown(network):
    def added(_ledger, q, formula):
        return formula.left + formula.right if q == parse_address("b+[2][1]#1") else None

    planted = page(network, 9, added)
    shown = re.sub(r"\d+\.\d{5,}", lambda number: f"{float(number[0]):.4f}", planted.text)
    marking = mark(shown, network)
    assert marking.convention.carried
    (found,) = marking.findings
    assert (found.kind, marking.document.place(found.start)[0]) == ("plus_instead_of_minus", planted.line)

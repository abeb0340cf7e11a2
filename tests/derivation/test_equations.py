"""Which rule and which formula a quantity has; that the numbers fit is a law of its own."""

from dataclasses import replace

import numpy as np
import pytest

from workings.algebra.expression import Number
from workings.algebra.write.text import write_text
from workings.derivation.equations import SCALARS
from workings.derivation.matrices import MATRICES
from workings.derivation.trace import Trace
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.quantity import KINDS, Quantity, parse_address


def equation(name, address, **changes):
    network = load(name)
    example = replace(network.example, **changes.pop("example", {}))
    return Trace(replace(network, example=example, **changes)).equation(parse_address(address))


@pytest.mark.parametrize(
    ("address", "code", "formula"),
    [
        ("z[1][2]", "F1", "W[1][2,1]*x[1] + W[1][2,2]*x[2] + b[1][2]"),
        ("z[2][1]", "F1", "W[2][1,1]*a[1][1] + W[2][1,2]*a[1][2] + b[2][1]"),
        ("a[1][1]", "F2", "1/(1 + e^-z[1][1])"),
        ("C[1]", "F3", "1/2*(y[1] - a[2][1])^2"),
        ("C", "F4", "C[1] + C[2]"),
        ("J", "F6", "C"),
        ("dC/da[2][1]", "B1", "-(y[1] - a[2][1])"),
        ("dC[1]/da[2][1]", "B1", "-(y[1] - a[2][1])"),
        ("dC[2]/da[2][1]", "B1", "0"),
        ("da/dz[2][1]", "B2", "a[2][1]*(1 - a[2][1])"),
        ("delta[2][1]", "BP1", "dC/da[2][1]*da/dz[2][1]"),
        ("dC[2]/dz[2][1]", "BP1", "dC[2]/da[2][1]*da/dz[2][1]"),
        ("dC/da[1][1]", "B3", "dC[1]/da[1][1] + dC[2]/da[1][1]"),
        ("dC[2]/da[1][1]", "B4", "dC[2]/dz[2][2]*W[2][2,1]"),
        ("delta[1][1]", "BP2", "dC/da[1][1]*da/dz[1][1]"),
        ("dC/dW[2][1,2]", "BP4", "delta[2][1]*a[1][2]"),
        ("dC/dW[1][1,2]", "BP4", "delta[1][1]*x[2]"),
        ("dC/db[2][1]", "BP3", "delta[2][1]"),
        ("dz/dW[1][2,1]", "L1", "x[1]"),
        ("dz/da[2][1,2]", "L2", "W[2][1,2]"),
        ("W+[2][1,2]", "U1", "W[2][1,2] - eta*dC/dW[2][1,2]"),
        ("b+[1][1]", "U0", "b[1][1]"),
        ("z[1]", "F1", "W[1] @ x + b[1]"),
        ("delta[2]", "BP1", "dC/da[2] ⊙ da/dz[2]"),
        ("delta[1]", "BP2", "W[2]^T @ delta[2] ⊙ da/dz[1]"),
        ("dC/da[1]", "B3", "W[2]^T @ delta[2]"),
        ("dC/dW[2]", "BP4", "delta[2] @ a[1]^T"),
        ("dC/db[2]", "BP3", "delta[2]"),
        ("W+[1]", "U1", "W[1] - eta*dC/dW[1]"),
    ],
)
def test_equations_of_two_two_two(address, code, formula):
    found = equation("two-two-two", address)
    assert (found.rule.code, write_text(found.formula)) == (code, formula)


@pytest.mark.parametrize("address", ["x[1]", "y[2]", "W[1][1,1]", "b[2][1]", "W[1]", "x", "eta", "l2"])
def test_given_numbers_have_no_formula(address):
    found = equation("two-two-two", address)
    assert (found.rule.code, found.formula) == ("GIVEN", None)


def test_every_kind_has_an_equation():
    assert set(SCALARS) == set(KINDS)
    assert set(MATRICES) <= set(KINDS)


def test_a_single_output_has_no_shares_to_add():
    assert write_text(equation("two-three-one", "dC/da[1][2]").formula) == "delta[2][1]*W[2][1,2]"


def test_far_below_the_outputs_the_paths_are_those_through_the_next_layer():
    found = equation("deep-four", "dC/da[1][1]")
    assert found.rule.code == "B3"
    assert write_text(found.formula) == "delta[2][1]*W[2][1,1] + delta[2][2]*W[2][2,1]"
    through_one = equation("deep-four", "dC[3]/da[1][1]")
    assert write_text(through_one.formula) == "dC[3]/dz[2][1]*W[2][1,1] + dC[3]/dz[2][2]*W[2][2,1]"


def test_trained_biases_are_updated():
    assert equation("two-two-two", "b+[1][1]", train_biases=True).rule.code == "U1"


def test_decay_enters_each_gradient_of_a_weight_and_none_of_a_bias():
    assert write_text(equation("two-two-two", "dC/dW[1][1,1]", l2=0.1).formula) == "delta[1][1]*x[1] + l2*W[1][1,1]"
    assert write_text(equation("two-two-two", "dC/db[1][1]", l2=0.1).formula) == "delta[1][1]"
    assert write_text(equation("two-two-two", "J", l2=0.1).formula) == "C + R"


BATCH = {
    "inputs": np.array([[0.05, 0.1], [1.0, 2.0]]),
    "targets": np.array([[0.25, 0.75], [0.5, 0.75]]),
    "is_batch": True,
}


@pytest.mark.parametrize(
    ("address", "reduction", "formula"),
    [
        ("C", "mean", "1/2*(C@1 + C@2)"),
        ("C", "sum", "C@1 + C@2"),
        ("dC/dW[1][1,2]", "mean", "1/2*(dC/dW[1][1,2]@1 + dC/dW[1][1,2]@2)"),
        ("dC/db[1][1]", "sum", "dC/db[1][1]@1 + dC/db[1][1]@2"),
        ("dC/dW[1]", "mean", "1/2*(dC/dW[1]@1 + dC/dW[1]@2)"),
        ("dC/dW[1][1,2]@2", "mean", "delta[1][1]@2*x[2]@2"),
        ("C@2", "mean", "C[1]@2 + C[2]@2"),
    ],
)
def test_a_batch_gathers_its_samples(address, reduction, formula):
    found = equation("two-two-two", address, reduction=reduction, example=BATCH)
    assert write_text(found.formula) == formula


def test_a_pair_simplifies_only_where_its_formula_holds():
    softmax = load("tanh-softmax")
    example = replace(softmax.example, targets=np.array([[0.2, 0.3, 0.5], [1.0, 1.0, 0.0]]))
    trace = Trace(replace(softmax, example=example))
    assert trace.equation(parse_address("delta[2][1]@1")).rule.code == "BP1p"
    assert trace.equation(parse_address("delta[2][1]@2")).rule.code == "BP1"
    assert trace.equation(parse_address("delta[2]@1")).rule.code == "BP1p"
    assert write_text(trace.equation(parse_address("delta[2]@2")).formula) == "(da/dz[2]@2)^T @ (dC/da[2]@2)"
    assert write_text(trace.equation(parse_address("dC[2]/dz[2][1]@1")).formula).count("da/dz") == 3


def test_an_output_that_another_loss_does_not_see_gets_a_zero_and_a_reason():
    found = equation("two-two-two", "dC[2]/da[2][1]")
    assert found.formula == Number("0")
    assert "does not depend" in found.rule.because


def test_shares_as_a_whole_are_written_out_entry_by_entry():
    found = Trace(load("two-two-two")).equation(Quantity("dC/da", 1, (), None, 1))
    assert write_text(found.formula) == "(dC[2]/dz[2][2]*W[2][2,1], dC[2]/dz[2][2]*W[2][2,2])"


def test_the_penalty_is_the_sum_over_every_weight_made_on_demand():
    network = Network.create([784, 128, 10], seed=0)
    terms = SCALARS["R"](network, Quantity("R")).formula.factors[1].terms
    assert len(terms) == 784 * 128 + 128 * 10
    places = (0, 783, 784, 784 * 128 - 1, 784 * 128, -1)
    assert [str(terms[place].base.key) for place in places] == [
        "W[1][1,1]",
        "W[1][1,784]",
        "W[1][2,1]",
        "W[1][128,784]",
        "W[2][1,1]",
        "W[2][10,128]",
    ]

"""A step: rule, formula, the numbers that go in, and what comes out."""

from dataclasses import replace

import numpy as np
import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import references
from workings.derivation.derive import derive
from workings.derivation.rules import RULES
from workings.derivation.trace import Trace
from workings.errors import AddressError
from workings.network.network import Example, Network
from workings.network.network_file import load
from workings.network.quantity import Quantity, parse_address


def test_a_step_holds_the_numbers_of_its_formula():
    step = derive(Trace(load("two-two-two")), parse_address("delta[1][1]"))
    assert step.rule.code == "BP2"
    assert [str(key) for key in step.values] == ["dC/da[1][1]", "da/dz[1][1]"]
    assert len(step.values) == 2
    assert step.result == step.values[parse_address("dC/da[1][1]")] * step.values[parse_address("da/dz[1][1]")]


def test_a_given_number_has_no_formula_and_rests_on_nothing():
    step = derive(Trace(load("two-two-two")), parse_address("W[1][1,2]"))
    assert (step.rule.code, step.formula, len(step.values), step.result) == ("GIVEN", None, 0, 0.2)


def test_a_number_that_goes_in_twice_is_there_once():
    step = derive(Trace(load("two-two-two")), parse_address("da/dz[1][1]"))
    assert [str(key) for key in step.values] == ["a[1][1]"]


def test_every_child_can_be_derived_down_to_what_is_given():
    trace = Trace(load("deep-four"))
    pending, seen = [parse_address("W+[1][1,1]")], set()
    while pending:
        quantity = pending.pop()
        if quantity in seen:
            continue
        seen.add(quantity)
        pending.extend(derive(trace, quantity).values)
    given = {quantity for quantity in seen if derive(trace, quantity).formula is None}
    assert {quantity.kind for quantity in given} == {"x", "y", "W", "b", "eta", "l2"}


def test_whole_vectors_and_matrices_have_steps():
    step = derive(Trace(load("two-two-two")), Quantity("delta", 1))
    assert [str(ref.key) for ref in references(step.formula)] == ["W[2]", "delta[2]", "da/dz[1]"]
    assert evaluate(step.formula, step.values.__getitem__) == pytest.approx(step.result, rel=1e-12)


def test_what_the_network_does_not_have_is_refused():
    with pytest.raises(AddressError, match="the first index goes from 1 to 2 here, and got 3"):
        derive(Trace(load("two-two-two")), parse_address("dC/dW[1][3,1]"))


def test_one_number_of_a_large_network_needs_no_other_equations():
    network = Network.create([784, 128, 10], activation="relu", loss="cross_entropy", seed=0)
    trace = Trace(replace(network, example=Example(np.ones((1, 784)), np.eye(10)[:1], 0.1)))
    step = derive(trace, parse_address("dC/dW[1][3,5]"))
    assert len(step.values) == 2


def test_every_rule_has_a_name_and_all_but_the_plain_ones_a_source():
    for code, rule in RULES.items():
        assert code == rule.code
        assert rule.name
    assert {code for code, rule in RULES.items() if not rule.source} == {
        "GIVEN",
        "F3",
        "LR",
        "OP",
        "G2",
        "U0",
    }  # the records bring theirs

"""Lesson: steps by name, and numbers of steps without counting through all of them."""

import contextlib
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from workings.derivation.order import NUMBERED_KINDS, last_number, scalars
from workings.errors import AddressError
from workings.network.bounds import rank
from workings.network.network import Example, Network
from workings.network.network_file import examples, load
from workings.network.quantity import KINDS, Quantity
from workings.presentation.blocks import Equation
from workings.presentation.explain import explain


def counted(network, quantity: Quantity) -> bool:  # type: ignore[no-untyped-def]
    is_jacobian = quantity.kind == "da/dz" and rank(network, quantity) == 2
    return quantity.kind in NUMBERED_KINDS and quantity.output is None and not is_jacobian


@pytest.mark.parametrize("name", examples())
def test_the_number_of_a_step_is_its_place_among_the_counted_ones(name: str) -> None:
    lesson = explain(load(name))
    expected = {}
    for quantity in scalars(lesson.network):
        expected[quantity] = len([q for q in expected.values() if q]) + 1 if counted(lesson.network, quantity) else None
    assert {quantity: lesson.number(quantity) for quantity in expected} == expected


def test_a_step_by_address_and_by_name() -> None:
    lesson = explain(load("two-two-two"))
    assert lesson["dE/dw5"].result == lesson["dC/dW[2][1,1]"].result == pytest.approx(0.0821670405642308, rel=1e-12)


def test_the_children_of_a_step_can_be_asked_for_in_turn() -> None:
    lesson = explain(load("two-two-two"))
    seen, pending = set(), [lesson["dE/dw1"].quantity]
    while pending:
        quantity = pending.pop()
        if quantity not in seen:
            seen.add(quantity)
            pending.extend(lesson.step(quantity).values)
    assert {"x", "y", "W", "b"} <= {quantity.kind for quantity in seen}


def test_the_tenth_update_starts_where_the_ninth_ended() -> None:
    network = load("two-two-two")
    assert explain(network, update=9)["w5+"].result == explain(network, update=10)["w5"].result
    assert explain(network)["w5#10"].result == explain(network, update=10)["w5"].result


def test_the_children_of_a_number_of_another_update_are_of_that_update() -> None:
    lesson = explain(load("two-three-one"))
    for name in ("z3#5", "delta[1]#5", "new_w0#5"):
        step = lesson[name]
        assert {child.update for child in step.values} == {5}
        for child, value in step.values.items():
            assert np.array_equal(lesson.step(child).result, value)


def test_what_is_of_another_update_stands_under_a_heading() -> None:
    lines = str(explain(load("two-three-one"), "w0", "w0#2", "w1#2", "z0")).splitlines()
    assert [line for line in lines if line.startswith("Update")] == ["Update 2", "Update 1"]


@pytest.mark.parametrize("name", examples())
def test_a_lesson_ends_with_the_step_that_was_asked_for(name: str) -> None:
    network = load(name)
    whole = explain(network)
    steps = [step.quantity for step in whole.scalar_steps()]
    last = last_number(network)
    for upto in {*range(1, last + 1, 1 + last // 30), last}:
        short = explain(network, upto=upto)
        quantities = {step.quantity for step in short.scalar_steps()}
        needed = [q for q in steps if (whole.number(q) or 0) == upto]
        assert set(needed) <= quantities
        pending, numbered = list(needed), {q for q in quantities if whole.number(q)}
        assert len(numbered) == upto
        while pending:  # what a step rests on is told as well
            children = set(whole.step(pending.pop()).values) - {Quantity("eta"), Quantity("l2")}
            assert children <= quantities
            pending.extend(children)
        told = [block for block in short.blocks if isinstance(block, Equation)]
        assert told[-1].number == upto or told[-1].step.quantity in quantities


def test_what_belongs_to_later_steps_is_left_out() -> None:
    lesson = explain(load("two-two-two"), upto=10)
    assert Quantity("dC/da", 1, (0,), None, 0) not in {step.quantity for step in lesson.scalar_steps()}
    last = lesson.blocks[-1]
    assert isinstance(last, Equation)
    assert last.number == 10


def test_the_network_given_is_left_as_it_was() -> None:
    network = load("two-two-two")
    before = network.parameters.flat.copy()
    str(explain(network, update=5))
    assert (network.parameters.flat == before).all()


def test_a_lesson_of_a_network_with_weight_decay_shows_penalty_and_objective() -> None:
    network = replace(load("two-two-two"), l2=0.1)
    text = str(explain(network, notation="textbook"))
    assert "R = lambda/2*((w^1_11)^2" in text
    assert "J = C + R" in text
    assert "+ lambda*w^2_11" in text


def test_a_lesson_is_short_in_a_console_and_whole_in_a_notebook() -> None:
    lesson = explain(load("two-two-two"), "w5+")
    assert repr(lesson) == "<Lesson: Two inputs, two hidden neurons, two outputs, update 1; print() shows it>"
    assert "$$" in lesson._repr_markdown_()


@pytest.mark.parametrize(("weight", "said"), [(-10.0, True), (-0.1, False)])
def test_a_line_that_cannot_be_worked_out_again_is_said_to_be_one(weight: float, said: bool) -> None:
    network = Network.create([1, 1], loss="binary_cross_entropy")
    network.parameters.W[0][:] = weight
    example = Example(np.array([[100.0]]), np.array([[1.0]]), 0.5)
    assert ("cannot be worked out again" in str(explain(replace(network, example=example)))) == said


def a_wide_network() -> Network:
    network = Network.create([784, 128, 10], activation="relu", loss="cross_entropy", seed=0, l2=0.1)
    inputs, targets = np.random.default_rng(0).random((1, 784)), np.eye(10)[[3]]
    return replace(network, example=Example(inputs, targets, 0.1))


@pytest.mark.parametrize("form", ["scalar", "matrix"])
@pytest.mark.parametrize("network", [*map(load, examples()), a_wide_network()], ids=lambda network: network.title)
def test_everything_there_is_an_address_for_is_told_in_a_few_lines(network: Network, form: str) -> None:
    """Numbers, and whole vectors and matrices; of a long sum or a large matrix the beginning and the end."""
    told = 0
    for kind, place, sample in product(KINDS, ("", "[1]", "[2]", "[1][2]", "[2][1]", "[2][1,2]"), ("", "@1")):
        with contextlib.suppress(AddressError):
            assert len(str(explain(network, kind + place + sample, form=form))) < 3_000
            told += 1
    assert told > 40

"""Lesson: steps by name, and numbers of steps without counting through all of them."""

from dataclasses import replace

import pytest

from workings.derivation.order import NUMBERED_KINDS, scalars
from workings.network.bounds import rank
from workings.network.network_file import examples, load
from workings.network.quantity import Quantity
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

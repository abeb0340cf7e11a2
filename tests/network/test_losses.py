"""Losses: what they cost and how steep they are."""

from decimal import Decimal, localcontext

import numpy as np
import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Reference
from workings.network.activations import ACTIVATIONS, SIGMOID, SOFTMAX, TANH
from workings.network.losses import (
    BINARY_CROSS_ENTROPY,
    HALF_SQUARED_ERROR,
    LOSSES,
    SQUARED_ERROR,
)

each_loss = pytest.mark.parametrize("record", LOSSES.values(), ids=lambda record: record.name)


@pytest.mark.parametrize(
    ("name", "y", "a", "share", "slope"),
    [
        ("squared_error", 0.92, 0.6445, 0.07590025, -0.551),
        ("half_squared_error", 0.92, 0.6445, 0.037950125, -0.2755),
        ("mean_squared_error", 3.0, 1.0, 1.0, -1.0),
        ("binary_cross_entropy", 1.0, 0.5, np.log(2), -2.0),
        ("binary_cross_entropy", 0.0, 0.75, np.log(4), 4.0),
        ("cross_entropy", 1.0, 0.25, np.log(4), -4.0),
        ("cross_entropy", 0.0, 0.25, 0.0, 0.0),
        ("absolute_error", 3.0, 1.0, 2.0, -1.0),
        ("absolute_error", 1.0, 3.0, 2.0, 1.0),
        ("absolute_error", 1.0, 1.0, 0.0, 0.0),
        ("huber", 1.0, 0.5, 0.125, -0.5),
        ("huber", 1.0, 2.0, 0.5, 1.0),
        ("huber", 3.0, 0.0, 2.5, -1.0),
        ("huber", 0.0, 3.0, 2.5, 1.0),
        ("poisson", 3.0, 2.0, 2.0 - 3.0 * np.log(2.0), -0.5),
        ("poisson", 0.0, 2.0, 2.0, 1.0),
        ("hinge", 1.0, 0.25, 0.75, -1.0),
        ("hinge", -1.0, 0.25, 1.25, 1.0),
        ("hinge", -1.0, -1.5, 0.0, 0.0),
        ("hinge", 1.0, 1.0, 0.0, 0.0),
    ],
)
def test_shares_and_slopes_worked_by_hand(name, y, a, share, slope):
    record = LOSSES[name]
    assert float(record.value(y, a, 4)) == pytest.approx(share)
    assert float(record.derivative(y, a, 4)) == pytest.approx(slope)


@each_loss
def test_formulas_give_the_numbers(record):
    numbers = {"y": 0.3, "a": 0.65}
    formulas = (record.formula, record.derivative_formula)
    given = [evaluate(formula(Reference("y"), Reference("a"), 3), numbers.__getitem__) for formula in formulas]
    expected = [float(record.value(0.3, 0.65, 3)), float(record.derivative(0.3, 0.65, 3))]
    assert [float(number) for number in given] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("y", [-1.0, 1.0])
@pytest.mark.parametrize("a", [-3.0, -2.0, -1.5, -0.25, 0.5, 2.5, 4.0])
def test_every_case_of_a_formula_gives_the_numbers(y, a):
    for name in ("absolute_error", "huber", "hinge"):
        record, numbers = LOSSES[name], {"y": y, "a": a}
        for formula, number in ((record.formula, record.value), (record.derivative_formula, record.derivative)):
            given = evaluate(formula(Reference("y"), Reference("a"), 3), numbers.__getitem__)
            assert float(given) == float(number(y, a, 3)), (name, formula)


def test_what_a_loss_takes_as_a_target_is_told_in_words():
    assert LOSSES["hinge"].can_take(np.array([-1.0, 0.0, 1.0, 2.0])).tolist() == [True, False, True, False]
    assert LOSSES["poisson"].can_take(np.array([-1.0, 0.0, 7.5])).tolist() == [False, True, True]
    assert LOSSES["absolute_error"].can_take(np.array([-1e9, 1e9])).all()
    wanted = {name: LOSSES[name].wanted for name in ("hinge", "poisson", "cross_entropy")}
    assert wanted == {"hinge": "-1 or 1", "poisson": "0 or more", "cross_entropy": "from 0 to 1"}


@pytest.mark.parametrize("name", ["tanh", "elu"])
def test_a_hinge_is_exact_where_an_output_is_nearly_at_its_target(name):
    hinge, output = LOSSES["hinge"], ACTIVATIONS[name]
    z = np.array([[-19.0, -19.0]])
    y = np.array([[-1.0, 1.0]])
    above = 2 / (1 + np.exp(38.0)) if name == "tanh" else np.exp(-19.0)
    assert hinge.shares(output, y, z, output.value(z))[0] == pytest.approx([above, 2.0 - above], rel=1e-14)
    assert hinge.slopes(output, y, z, output.value(z)).tolist() == [[1.0, -1.0]]
    if name == "tanh":  # and at the upper end
        assert hinge.shares(output, y, -z, output.value(-z))[0] == pytest.approx([2.0 - above, above], rel=1e-14)
        assert hinge.slopes(output, y, -z, output.value(-z)).tolist() == [[1.0, -1.0]]


@each_loss
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_is_kept(record, dtype):
    y, a = np.array([[0.0, 0.5, 1.0]], dtype), np.array([[0.2, 0.5, 0.9]], dtype)
    assert record.value(y, a, 3).dtype == dtype
    assert record.derivative(y, a, 3).dtype == dtype
    for output in (SIGMOID, SOFTMAX, TANH, ACTIVATIONS["identity"]):
        z = np.array([[-3.0, 0.1, 4.0]], dtype)
        assert record.shares(output, y, z, output.value(z)).dtype == dtype
        assert record.slopes(output, y, z, output.value(z)).dtype == dtype


@each_loss
def test_the_edge_of_the_domain_costs_much_but_not_infinity(record):
    y = np.array([[0.0, 1.0, 0.5]])
    for a in (np.zeros((1, 3)), np.ones((1, 3))):
        assert np.isfinite(record.value(y, a, 3)).all()
        assert np.isfinite(record.derivative(y, a, 3)).all()


# Outputs that are nearly at their limits


@pytest.mark.parametrize("loss", [SQUARED_ERROR, HALF_SQUARED_ERROR, BINARY_CROSS_ENTROPY], ids=lambda loss: loss.name)
@pytest.mark.parametrize("z", [10.0, 20.0, 36.0, 40.0])
def test_an_error_is_exact_where_1_minus_a_has_lost_its_digits(loss, z):
    with localcontext(prec=60):
        short = 1 / (1 + Decimal(z).exp())  # of 1
        a = 1 - short
        slope = {
            SQUARED_ERROR.name: -2 * short,
            HALF_SQUARED_ERROR.name: -short,
            BINARY_CROSS_ENTROPY.name: -1 / a,
        }[loss.name]
    at = np.array([[z]])
    found = loss.slopes(SIGMOID, np.array([[1.0]]), at, SIGMOID.value(at))
    assert found[0, 0] == pytest.approx(float(slope), rel=1e-15)


def test_a_sure_and_wrong_output_costs_what_it_should():
    z = np.array([[40.0, 0.0]])
    share = BINARY_CROSS_ENTROPY.shares(SOFTMAX, np.array([[0.0, 1.0]]), z, SOFTMAX.value(z))
    assert share[0] == pytest.approx([40.0, 40.0])  # ln(1 - a) of a = 1 is not -708
    slope = BINARY_CROSS_ENTROPY.slopes(SOFTMAX, np.array([[0.0, 1.0]]), z, SOFTMAX.value(z))
    assert slope[0] == pytest.approx([np.exp(40.0), -np.exp(40.0)])


@pytest.mark.parametrize("loss", [SQUARED_ERROR, HALF_SQUARED_ERROR], ids=lambda loss: loss.name)
@pytest.mark.parametrize("name", ["tanh", "elu"])
def test_the_lower_end_is_as_exact_as_the_upper(loss, name):
    output, z = ACTIVATIONS[name], np.array([[-19.0]])
    above = 2 / (1 + np.exp(38.0)) if name == "tanh" else np.exp(-19.0)
    found = loss.slopes(output, np.array([[-1.0]]), z, output.value(z))
    assert found[0, 0] == pytest.approx(above * (2 if loss is SQUARED_ERROR else 1), rel=1e-14)
    assert loss.shares(output, np.array([[-1.0]]), z, output.value(z))[0, 0] == pytest.approx(
        above**2 * (1 if loss is SQUARED_ERROR else 0.5), rel=1e-14
    )


@each_loss
@pytest.mark.parametrize("output", ACTIVATIONS.values(), ids=lambda record: record.name)
def test_away_from_the_limits_nothing_changes(record, output):
    z = np.linspace(-2.0, 2.0, 5)[None, :]
    a, y = output.value(z), np.full((1, 5), record.targets[0] if record.targets else 0.4)
    if record.takes(output):
        assert record.shares(output, y, z, a) == pytest.approx(record.value(y, a, 5), rel=1e-12)
        assert record.slopes(output, y, z, a) == pytest.approx(record.derivative(y, a, 5), rel=1e-12)


def test_a_range_that_only_fits_into_the_domain_is_not_turned_round():
    """1 - a is the way to the end of the domain only where the range ends there too."""
    from dataclasses import replace

    narrow = replace(
        SIGMOID,
        value=lambda z: 0.2 + 0.6 * SIGMOID.value(z),
        margins=lambda z, a: (0.6 * SIGMOID.value(z), 0.6 * SIGMOID.value(-z)),
        range=(0.2, 0.8),
    )
    z = np.array([[2.0]])
    a = narrow.value(z)
    y = np.array([[0.7]])
    assert BINARY_CROSS_ENTROPY.slopes(narrow, y, z, a) == BINARY_CROSS_ENTROPY.derivative(y, a, 1)
    assert SQUARED_ERROR.slopes(narrow, y, z, a) == pytest.approx(SQUARED_ERROR.derivative(y, a, 1))

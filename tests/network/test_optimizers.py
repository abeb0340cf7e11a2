"""Optimizers: the rule on arrays and the formula of one parameter say the same."""

import numpy as np
import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Reference
from workings.network.optimizers import OPTIMIZERS, SGD

each_optimizer = pytest.mark.parametrize("record", OPTIMIZERS.values(), ids=lambda record: record.name)


@each_optimizer
def test_the_formula_is_the_rule(record):
    parameters, gradient = np.array([0.4, -2.0, 0.0]), np.array([0.1, -0.5, 3.0])
    formula = record.formula(Reference("w"), Reference("g"), Reference("eta"))
    found = [
        evaluate(formula, {"w": w, "g": g, "eta": 0.5}.__getitem__) for w, g in zip(parameters, gradient, strict=True)
    ]
    assert record.update(parameters, gradient, 0.5) == pytest.approx(found, rel=1e-15)


@each_optimizer
def test_a_step_against_the_gradient_lowers_a_bowl(record):
    w = np.array([1.0, -1.0])
    assert np.all(np.abs(record.update(w, 2 * w, 0.1)) < np.abs(w))


@each_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_is_kept(record, dtype):
    assert record.update(np.ones(2, dtype), np.ones(2, dtype), 0.1).dtype == dtype


def test_sgd():
    assert SGD.update(np.array([0.4]), np.array([0.08216704]), 0.5) == pytest.approx([0.35891648])

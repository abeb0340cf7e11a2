"""A script without a network file: its network is the one whose forward pass its arrays are."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("scripts are run where processes have limits", allow_module_level=True)

from workings.errors import InputError
from workings.marking.assumption import assumption
from workings.marking.code.script import mark_script

HEAD = "import numpy as np\nsigmoid = lambda z: 1/(1 + np.exp(-z))\n"
SINGLE = (
    HEAD
    + """x, t, eta = np.array([0.05, 0.10]), np.array([0.01, 0.99]), 0.5
W1, b1 = np.array([[0.15, 0.20], [0.25, 0.30], [0.1, -0.4]]), 0.35
W2, b2 = np.array([[0.40, 0.45, 0.3], [0.50, 0.55, -0.2]]), np.array([0.6, 0.2])
a1 = np.tanh(W1 @ x + b1)
a2 = sigmoid(W2 @ a1 + b2)
delta2 = (a2 - t) * a2 * (1 - a2)
delta1 = W2.T @ delta2 * (1 - a1**2)
W1 = W1 - eta * np.outer(delta1, x)
"""
)
ROWS = (
    HEAD
    + """X = np.array([[0.1, 0.2], [0.5, -0.3], [0.4, 0.9]])
y = np.array([[0.0], [1.0], [0.0]])
W1, b1 = np.array([[0.3, -0.2, 0.1], [0.4, 0.5, 0.7]]), np.zeros((1, 3))
W2, b2 = np.array([[0.3], [-0.6], [0.2]]), np.array([[0.1]])
h = sigmoid(X @ W1 + b1)
out = sigmoid(h @ W2 + b2)
d2 = 2 * (out - y) * out * (1 - out)
d1 = d2 @ W2.T * h * (1 - h)
dW2 = h.T @ d2
dW1 = X.T @ d1
"""
)


@pytest.mark.parametrize(
    ("script", "loss", "sizes"), [(SINGLE, "half_squared_error", (2, 3, 2)), (ROWS, "squared_error", (2, 3, 1))]
)
def test_a_right_script_is_left_alone(script, loss, sizes):
    found = mark_script(script)
    assert found.findings == ()
    assert found.convention.loss == loss
    assert found.ledger.network.sizes == sizes
    assert found.counts["right"] > 4


@pytest.mark.parametrize(
    ("script", "right", "wrong", "kind"),
    [
        (SINGLE, " * (1 - a1**2)", "", "missing_activation_derivative"),
        (ROWS, " * h * (1 - h)", "", "missing_activation_derivative"),
        (SINGLE, "W1 - eta", "W1 + eta", "plus_instead_of_minus"),
    ],
)
def test_its_slip_is_found(script, right, wrong, kind):
    assert [finding.kind for finding in mark_script(script.replace(right, wrong)).findings] == [kind]


def test_what_is_assumed_goes_over_what_the_script_does():
    assert mark_script(ROWS, assume=assumption("half")).findings != ()


def test_an_unfounded_network_is_not_believed():
    for script in ("a = 1.5", SINGLE.replace("np.tanh(W1 @ x + b1)", "W1 @ x * 3.3")):
        with pytest.raises(InputError, match="shows no network"):
            mark_script(script)

"""Clean pages in the ways that were once accused: what a name means is told by all of its uses."""

import pytest

from workings.marking.mark import mark
from workings.network.network_file import load_text

TWO = """
inputs = [0.25, 0.75]
targets = [0.2, 0.8]
learning_rate = 0.6
loss = "half_squared_error"
train_biases = false

[[layers]]
activation = "sigmoid"
weights = [[0.31, 0.17], [-0.23, 0.42]]
biases = [0.2, 0.2]

[[layers]]
activation = "sigmoid"
weights = [[0.55, -0.48], [0.12, 0.66]]
biases = [0.4, 0.4]
"""

LINEAR = """
inputs = [1.0, -2.0]
targets = [3.0]
learning_rate = 0.05
loss = "half_squared_error"

[[layers]]
activation = "identity"
weights = [[0.2, 0.5]]
biases = [0.4]
"""

IN_FULL = """
out_o1 = 1/(1 + exp(-0.43598)) = 0.60730
dE/dout_o1 = 0.60730 - 0.2 = 0.40730
dout_o1/din_o1 = 0.60730*(1 - 0.60730) = 0.23849
delta_o1 = (0.60730 - 0.2)*0.60730*(1 - 0.60730) = 0.09714
"""

ONE_INPUT_IS_1 = """
y = 0.2*1 + 0.5*(-2) + 0.4 = -0.4
g = y - t = -0.4 - 3 = -3.4
g_1 = -3.4*1 = -3.4
g_2 = -3.4*(-2) = 6.8
"""

VELOCITIES = """
y = 0.2*1 + 0.5*(-2) + 0.4 = -0.4
dL/dw1 = -3.4*1 = -3.4
dL/dw2 = -3.4*(-2) = 6.8
m1 = 0.9*0.7 + (-3.4) = -2.77
m2 = 0.9*(-1.1) + 6.8 = 5.81
w1 = 0.2 - 0.05*(-2.77) = 0.3385
w2 = 0.5 - 0.05*5.81 = 0.2095
"""

GIVEN_TO_NEURONS = """
h1 <- w1 = 0.31, w2 = 0.17
h2 <- w3 = -0.23, w4 = 0.42
net_h1 = 0.31*0.25 + 0.17*0.75 + 0.2 = 0.40500
h1 = 1/(1 + exp(-0.40500)) = 0.59989
"""


@pytest.mark.parametrize(
    ("network", "text"),
    [(TWO, IN_FULL), (LINEAR, ONE_INPUT_IS_1), (LINEAR, VELOCITIES), (TWO, GIVEN_TO_NEURONS)],
    ids=["in full", "one input is 1", "velocities", "given to neurons"],
)
def test_nothing_is_accused(network, text):
    marking = mark(text, load_text(network.encode(), "network.toml"))
    assert not marking.findings
    assert sum(bound.quantity is not None for bound in marking.bound) > 2


def test_weights_that_are_given_to_a_neuron_are_read():
    marking = mark(GIVEN_TO_NEURONS, load_text(TWO.encode(), "network.toml"))
    named = {bound.claim.subject: str(bound.quantity) for bound in marking.bound}
    assert named["w1"] == "W[1][1,1]#1"
    assert named["w4"] == "W[1][2,2]#1"

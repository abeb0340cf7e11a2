"""A formula in symbols says the same as its numbers, or another name stands in it."""

import pytest

from workings.marking.mark import mark
from workings.network.network_file import load

NETWORK = """
inputs = [-2, 3]
targets = [0.9]
learning_rate = 0.5
loss = "half_squared_error"
[[layers]]
activation = "relu"
weights = [[0.4, 0.1], [0.2, 0.3]]
biases = [-0.5, 0.1]
[[layers]]
activation = "identity"
weights = [[0.7, 0.6]]
biases = [0.2]
"""
PAGE = """
z1 = w11*x1 + w12*x2 + b1 = 0.4*(-2) + 0.1*3 - 0.5 = -1.0
a1 = relu(z1) = relu(-1.0) = 0
z2 = w21*x1 + w22*x2 + b2 = 0.2*(-2) + 0.3*3 + 0.1 = 0.6
a2 = relu(z2) = relu(0.6) = 0.6
z3 = 0.7*0 + 0.6*0.6 + 0.2 = 0.56
delta3 = 0.56 - 0.9 = -0.34
delta1 = delta3*v1*relu'(z1) = -0.34*0.7*0 = 0
delta2 = -0.34*0.6*1 = -0.204
dC/dw11 = delta1*x1 = 0*(-2) = 0
dC/dw21 = delta2*x1 = -0.204*(-2) = 0.408
"""


@pytest.fixture
def network(tmp_path):
    path = tmp_path / "network.toml"
    path.write_text(NETWORK, encoding="utf-8")
    return load(path)


def test_a_right_page_is_left_alone(network):
    assert not mark(PAGE, network).findings


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("delta2*x1 =", "delta2*x2 ="),
        ("dC/dw11 = delta1*x1", "dC/dw11 = delta1*x2"),  # both are 0
        ("a2 = relu(z2)", "a2 = relu(z1)"),
    ],
)
def test_another_name_than_that_of_the_number_is_a_mistyped_formula(network, right, wrong):
    assert right in PAGE
    (found,) = mark(PAGE.replace(right, wrong), network).findings
    assert (found.kind, found.symbolic) == ("formula_typo", True)


UPDATES = (
    """x1 = -2, x2 = 3, w11 = 0.4, w12 = 0.1, w21 = 0.2, w22 = 0.3
"""
    + PAGE.replace("relu(-1.0) = 0", "relu(-1.0) = 0.0")
    + """
dC/dw12 = delta1*x2 = 0*3 = 0
w11^+ = w11 - eta*dC/dw11 = 0.4 - 0.5*0 = 0.4
w12^+ = w12 - eta*dC/dw12 = 0.1 - 0.5*0 = 0.1
"""
)


def test_right_updates_by_slopes_of_0_are_left_alone(network):
    assert not mark(UPDATES, network).findings


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("eta*dC/dw12", "eta*dC/dw11"),
        ("w12 - eta*dC/dw12", "w12 + eta*dC/dw12"),
        ("= delta1*x2", "= delta2*x2"),
        ("= delta1*x2", "= delta1*x1"),
    ],
)
def test_names_tell_what_numbers_do_not_where_slopes_are_0(network, right, wrong):
    (finding,) = mark(UPDATES.replace(right, wrong), network).findings
    assert finding.symbolic
    assert finding.kind in {"formula_typo", "mislabelled"}


def test_another_rate_is_told_even_where_the_slope_is_0(network):
    (finding,) = mark(UPDATES.replace("0.1 - 0.5*0", "0.1 - 0.9*0"), network).findings
    assert finding.kind == "learning_rate"

"""Steps under the name of another quantity."""

import workings as wk
from workings.marking.mark import mark

TOML = """
inputs = [0.6, -1.3]
targets = [0.1]
learning_rate = 0.7
loss = "half_squared_error"

[[layers]]
activation = "sigmoid"
weights = [[0.24, -0.35]]
biases = [0.11]
"""
PAGE = """x1 = 0.6, x2 = -1.3, t = 0.1, w1 = 0.24, w2 = -0.35, b = 0.11

z = w1*x1 + w2*x2 + b = 0.24*0.6 - 0.35*(-1.3) + 0.11 = 0.709

a = sigmoid(z) = sigmoid(0.709) = 0.6702

delta = (a - t)*a*(1 - a) = (0.6702 - 0.1)*0.6702*(1 - 0.6702) = 0.1260

dE/dw1 = delta*x1 = 0.1260*0.6 = 0.0756

dE/dw2 = delta*x2 = 0.1260*(-1.3) = -0.1638

w1 = w1 - 0.7*dE/dw1 = 0.24 - 0.7*0.0756 = 0.1871

w2 = w2 - 0.7*dE/dw2 = -0.35 - 0.7*(-0.1638) = -0.2353
"""


def findings(tmp_path, text):
    path = tmp_path / "network.toml"
    path.write_text(TOML, encoding="utf-8")
    return mark(text, wk.load(path)).findings


def test_right_names_are_left_alone(tmp_path):
    assert not findings(tmp_path, PAGE)


def test_a_slope_under_the_name_of_another_is_told(tmp_path):
    (finding,) = findings(tmp_path, PAGE.replace("dE/dw2 = delta*x2", "dE/dw1 = delta*x2"))
    assert (finding.kind, finding.claimed, finding.expected) == ("mislabelled", "dE/dw1", "dE/dw2")


def test_an_update_under_the_name_of_another_is_told(tmp_path):
    (finding,) = findings(tmp_path, PAGE.replace("w2 = w2 - ", "w1 = w2 - "))
    assert (finding.kind, finding.claimed, finding.expected) == ("mislabelled", "w1", "w2")


WIDE = """
inputs = [0.6, -1.3]
targets = [0.1]
learning_rate = 0.7
loss = "half_squared_error"

[[layers]]
activation = "tanh"
weights = [[0.24, -0.35], [0.5, 0.1], [-0.2, 0.4]]
biases = [0.11, 0.2, -0.3]

[[layers]]
activation = "sigmoid"
weights = [[0.4, 0.3, -0.6]]
biases = [0.1]
"""
FORWARD = """z1 = 0.24*0.6 - 0.35*(-1.3) + 0.11 = 0.709
z2 = 0.5*0.6 + 0.1*(-1.3) + 0.2 = 0.37
z3 = -0.2*0.6 + 0.4*(-1.3) - 0.3 = -0.94
"""


def of_wide(tmp_path, text):
    path = tmp_path / "network.toml"
    path.write_text(WIDE, encoding="utf-8")
    return mark(text, wk.load(path)).findings


def test_of_two_steps_with_one_name_the_wrong_one_is_told(tmp_path):
    assert not of_wide(tmp_path, FORWARD)
    (finding,) = of_wide(tmp_path, FORWARD.replace("z2 =", "z3 ="))
    assert (finding.kind, finding.claimed, finding.expected, finding.quantity) == ("mislabelled", "z3", "z2", "z[1][2]")


def test_the_number_of_another_step_is_no_wrong_name(tmp_path):
    """z2 is worked out with what belongs to z3, which has a step of its own."""
    text = FORWARD.replace("0.5*0.6 + 0.1*(-1.3) + 0.2 = 0.37", "-0.2*0.6 + 0.4*(-1.3) - 0.3 = -0.94")
    (finding,) = of_wide(tmp_path, text)
    assert (finding.quantity, finding.claimed, finding.expected) == ("z[1][2]", "-0.94", "0.37")
    assert finding.kind != "mislabelled"

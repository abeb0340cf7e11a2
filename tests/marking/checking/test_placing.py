"""A number that is that of another quantity by a slip is told where it stands, not where it is used."""

from workings.marking.mark import mark
from workings.network.network_file import load_text

NETWORK = load_text(
    b"""
inputs = [0.6, -1.3]
targets = [0.9, 0.8]
learning_rate = 0.7
loss = "half_squared_error"

[[layers]]
activation = "sigmoid"
weights = [[0.24, -0.35]]
biases = [0.11]

[[layers]]
activation = "sigmoid"
weights = [[0.37], [-0.58]]
biases = [0.15, -0.64]
""",
    "network.toml",
)
PAGE = """x1 = 0.6, x2 = -1.3, t1 = 0.9, t2 = 0.8, w1 = 0.24, w2 = -0.35, b1 = 0.11
v1 = 0.37, c1 = 0.15, v2 = -0.58, c2 = -0.64

z1 = 0.24*0.6 - 0.35*(-1.3) + 0.11 = 0.7090
a1 = sigmoid(0.7090) = 0.6702
z2 = 0.37*0.6702 + 0.15 = 0.3980
o1 = sigmoid(0.3980) = 0.5982
z3 = -0.58*0.6702 - 0.64 = -1.0287
o2 = sigmoid(-1.0287) = 0.2633

delta2 = (0.5982 - 0.9)*0.5982*(1 - 0.5982) = -0.0725
delta3 = (0.2633 - 0.8)*0.2633*(1 - 0.2633) = -0.1041
dE/dv1 = delta2*a1 = -0.0725*0.6702 = -0.0486
dE/dc1 = delta2 = -0.0725
dE/dv2 = delta3*a1 = -0.1041*0.6702 = -0.0698
dE/dc2 = delta3 = -0.1041
"""


def test_the_right_page_is_left_alone():
    assert not mark(PAGE, NETWORK).findings


def test_an_error_without_its_slope_is_none_by_the_activation():
    text = PAGE.replace("(0.5982 - 0.9)*0.5982*(1 - 0.5982) = -0.0725", "0.5982 - 0.9 = -0.3018")
    text = text.replace("-0.0725*0.6702 = -0.0486", "-0.3018*0.6702 = -0.2023").replace("-0.0725", "-0.3018")
    (finding,) = mark(text, NETWORK).findings
    assert (finding.kind, finding.quantity) == ("missing_activation_derivative", "delta[2][1]")


def test_an_error_worked_out_with_the_number_of_another_neuron_is_not_the_other():
    text = PAGE.replace("(0.5982 - 0.9)*0.5982*(1 - 0.5982) = -0.0725", "(0.2633 - 0.8)*0.2633*(1 - 0.2633) = -0.1041")
    text = text.replace("-0.0725*0.6702 = -0.0486", "-0.1041*0.6702 = -0.0698").replace("-0.0725", "-0.1041")
    (finding,) = mark(text, NETWORK).findings
    assert finding.quantity == "delta[2][1]"

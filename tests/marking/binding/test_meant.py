"""Claims in words held against the network: right ones are left alone, wrong ones found, doubtful ones passed over."""

import pytest

import workings as wk
from workings.marking.mark import mark

STARTING = (
    "The hidden neurons see 0.3775 and 0.3925 and answer with 0.593270 and 0.596884. The network says 0.751365 and "
    "0.772928, and the cost is 0.298371.\n\n"
)


@pytest.fixture(scope="module")
def network():
    return wk.load("two-two-two")


@pytest.mark.parametrize(
    "text",
    [
        "After one update the cost falls from 0.298371 to 0.291028.",
        "After ten updates the cost is 0.220919, and after 10,000 rounds it is 0.0000351.",
        "After 10,000 rounds the outputs are 0.0159 and 0.9841.",
        "After 100 updates C = 0.020047.",
        "The errors of the output neurons are 0.138499 and -0.038098.",
    ],
)
def test_what_is_right_is_left_alone(network, text):
    marking = mark(STARTING + text, network)
    assert marking.findings == ()
    assert any(bound.quantity is not None for bound in marking.bound[5:])


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("The errors of the output neurons are 0.138499 and 0.038098.", "sign", "-0.038098"),
        ("After two updates the cost was 0.29237.", "digit", "0.28355"),
        ("After 10,000 rounds the cost is 0.000351.", "decimal_shift", "0.000035"),
        ("After 100 updates C = 0.020074.", "digit", "0.020047"),
    ],
)
def test_what_is_wrong_is_found(network, text, kind, expected):
    (finding,) = mark(STARTING + text, network).findings
    assert kind in finding.candidates
    assert finding.expected == expected


@pytest.mark.parametrize(
    "text",
    [
        "The hidden neurons answer with 0.1 and 0.2.",  # no slip explains it: perhaps it is about another network
        "After 2,000,000 updates the cost is 0.5.",  # nobody waits for that
        "The output of the fifth hidden neuron is 0.52.",
        "After 3 updates the error of the output neurons is 0.52.",
    ],
)
def test_what_is_doubtful_is_passed_over(network, text):
    assert mark(STARTING + text, network).findings == ()


def test_a_slip_in_words_is_not_charged_again(network):
    text = STARTING.replace("0.593270", "0.539270") + "\n\nnet_o1 = 0.4*0.539270 + 0.45*0.596884 + 0.6 = 1.084306"
    first, *others = mark(text, network).findings
    assert first.claimed == "0.539270"
    assert not others

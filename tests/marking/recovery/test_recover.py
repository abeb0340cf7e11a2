"""A network is read off the page itself, and then slips are found without a network file."""

import numpy as np
import pytest

from tests.marking.pages import page
from tests.marking.test_mark import network
from workings.marking.document import Document
from workings.marking.mark import mark
from workings.marking.reading.chains import read_chains
from workings.marking.reading.claims import claims
from workings.marking.recovery.recover import recover

GIVEN = "Inputs x1 = 0.6 and x2 = -1.3, targets t1 = 0.1 and t2 = 0.8, learning rate eta = 0.7.\n\n"
TABLE = """
| | from x1 | from x2 | bias |
|---|---|---|---|
| h1 | 0.24 | -0.35 | 0.11 |
| h2 | 0.72 | 0.16 | -0.42 |

| | from h1 | from h2 | bias |
|---|---|---|---|
| o1 | 0.37 | -0.58 | 0.15 |
| o2 | 0.93 | 0.22 | 0.64 |

"""


def recovered(text):
    document = Document(text)
    return recover(document, list(claims(read_chains(document).chains)))


@pytest.mark.parametrize(("hidden", "output"), [("sigmoid", "sigmoid"), ("tanh", "identity"), ("tanh", "sigmoid")])
@pytest.mark.parametrize("table", ["", TABLE])
def test_the_network_of_a_page_is_read_off_it(tmp_path, hidden, output, table):
    net = network(tmp_path, hidden, output)
    found = recovered(GIVEN + table + page(net).text)
    assert [layer.activation.name for layer in found.layers] == [hidden, output]
    np.testing.assert_array_equal(found.parameters.flat, net.parameters.flat)
    np.testing.assert_array_equal(found.example.targets, net.example.targets)
    assert (found.loss.name, found.example.learning_rate) == ("half_squared_error", 0.7)


def test_a_clean_page_is_not_accused_without_its_network(tmp_path):
    marking = mark(GIVEN + page(network(tmp_path)).text)
    assert not marking.findings
    assert sum(bound.quantity is not None for bound in marking.bound) > 30


def test_a_slip_is_named_without_the_network(tmp_path):
    net = network(tmp_path)
    right = page(net)

    def without_bias(ledger, q, formula):
        return formula.terms[0] + formula.terms[1] if q.kind == "z" and q.layer == 2 else None

    marking = mark(GIVEN + TABLE + page(net, plant=without_bias).text)
    assert [finding.kind for finding in marking.findings] == ["missing_bias"]
    assert not mark(GIVEN + TABLE + right.text).findings


@pytest.mark.parametrize(
    "text", ["", "x1 = 3", "x1 = 3, t = 1, so z = 2*5 = 10", GIVEN + "x1 = 0.9 for the second sample"]
)
def test_where_there_is_none_none_is_found(text):
    assert recovered(text) is None


def test_a_heading_that_names_another_step_is_told():
    (finding,) = mark("Step 9: Finding dC/dw3 dC/dw0 = 0.5*3 = 1.5").findings
    assert (finding.kind, finding.claimed, finding.expected) == ("mislabelled", "dC/dw3", "dC/dw0")
    assert not mark("Step 9: Finding dC/dw0 dC/dw0 = 0.5*3 = 1.5").findings
    assert not mark("Finding z1. dC/dw0 = 0.5*3 = 1.5").findings


WORDS = """Inputs: 0.6 and -1.3. Targets: 0.1, 0.8.
The hidden neurons have the weights [0.24, -0.35] and [0.72, 0.16] and the biases 0.11 and -0.42.
The output neurons have the weights [0.37, -0.58] and [0.93, 0.22] and the biases 0.15 and 0.64.
We take a learning rate of 0.7.

"""


def test_a_network_told_in_words_is_found_where_no_product_is_shown():
    page = "s1 = 0.709\nh1 = 0.670180\ns2 = -0.196\nh2 = 0.451156\nq1 = 0.136296\nq2 = 1.362522\n"
    found = recovered(WORDS + page + "o1 = 0.534021\no2 = 0.796169\n")
    assert found.sizes == (2, 2, 2)
    assert found.example.learning_rate == 0.7


def test_numbers_that_no_network_has_are_taken_for_none():
    assert recovered(WORDS + "s1 = 0.7\ns2 = 0.31\nh1 = 0.45\nh2 = 0.99\n") is None


def test_weights_by_an_unusual_letter_are_found_in_the_sums():
    network = recovered(
        "x1 = 1.2, x2 = 0.7, t = 2. w1 = 0.5, w2 = 0.3, w3 = -0.2, w4 = 0.9, b1 = 0.1, b2 = 0, b3 = -0.3. relu.\n\n"
        "u1 = 1.2*0.5 + 0.7*0.3 + 0.1 = 0.91\n\nh1 = 0.91\n\nu2 = 1.2*(-0.2) + 0.7*0.9 = 0.39\n\nh2 = 0.39\n\n"
        "y = 0.8*0.91 + 1.1*0.39 - 0.3 = 0.857\n"
    )
    assert network is not None
    assert network.sizes == (2, 2, 1)

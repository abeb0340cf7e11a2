"""What is assumed goes over what is found, in each field, and the report says so."""

import numpy as np
import pytest

from workings.errors import InputError
from workings.marking.assumption import NOTHING, assumption
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Example, Layer, Network, Parameters
from workings.network.reductions import REDUCTIONS


def neuron(loss="half_squared_error", inputs=((2.0,),), targets=((0.5,),)):
    """A linear neuron: z = 0.5 x + 0.1."""
    example = Example(np.array(inputs), np.array(targets), 0.1, is_batch=len(inputs) > 1)
    layers = (Layer(1, 1, ACTIVATIONS["identity"]),)
    return Network(layers, Parameters.of([[[0.5]]], [[0.1]]), LOSSES[loss], example=example)


def slips(text, network, assume=""):
    return [finding.kind for finding in mark(text, network, assume=assume).findings if finding.severity == "slip"]


def test_every_loss_and_reduction_can_be_assumed():
    for name in LOSSES:
        assert assumption(name).loss == name
    for name in REDUCTIONS:
        assert assumption([name]).reduction == name


def test_words_may_stand_in_one_text_or_apart():
    assert assumption(" half, digits=4 ,") == assumption(["half", "digits=4"])
    assert assumption("") == NOTHING


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("haf", "Did you mean 'half'?"),
        ("digit=4", "Did you mean 'digits=N'?"),
        ("digits=many", "whole number of decimals"),
        ("digits=-1", "whole number of decimals"),
        ("digits=31", "from 0 to 30"),
        ("half,batch,no-half", "'half' and 'no-half' cannot both be assumed"),
    ],
)
def test_words_that_mean_nothing_are_refused(words, said):
    with pytest.raises(InputError) as refused:
        assumption(words)
    assert said in str(refused.value)


def test_a_network_that_is_so_already_is_itself():
    network = neuron()
    assert assumption("half,mean,biases,batch").of_network(network) is network
    assert assumption("no-half").of_network(network).loss is LOSSES["squared_error"]


def test_the_half():
    text = "z = 0.5*2 + 0.1 = 1.1\nE = (1.1 - 0.5)^2 = 0.36\ndE/dz = 2*(1.1 - 0.5) = 1.2"
    assert slips(text, neuron()) == ["factor", "factor"]
    assert slips(text, neuron(), "no-half") == []
    assert slips(text, neuron("squared_error"), "half") == ["factor", "factor"]


def test_untrained_biases():
    text = "z = 0.5*2 + 0.1 = 1.1\ndE/dz = 1.1 - 0.5 = 0.6\ndE/dw = 0.6*2 = 1.2\nw = 0.5 - 0.1*1.2 = 0.38\n"
    goes_on = text + "z = 0.38*2 + 0.1 = 0.86"
    assert slips(goes_on, neuron(), "no-biases") == []
    assert slips(goes_on, neuron()) != []


TWO = {"inputs": ((2.0,), (1.0,)), "targets": ((0.5,), (0.3,))}
ONLINE = """z = 0.5*2 + 0.1 = 1.1
delta = 1.1 - 0.5 = 0.6
w = 0.5 - 0.1*0.6*2 = 0.38
b = 0.1 - 0.1*0.6 = 0.04
z = 0.38*1 + 0.04 = 0.42
delta = 0.42 - 0.3 = 0.12
w = 0.38 - 0.1*0.12*1 = 0.368
b = 0.04 - 0.1*0.12 = 0.028
z = 0.368*2 + 0.028 = 0.764
"""


def test_an_update_after_each_sample_is_found_and_can_be_assumed():
    found = mark(ONLINE, neuron(**TWO))
    assert (found.findings, found.convention.online) == ((), True)
    assert "an update after each sample;" in str(found)
    assert slips(ONLINE, neuron(**TWO), "online") == []
    assert slips(ONLINE, neuron(**TWO), "batch") != []


def test_sum_or_mean_over_the_samples():
    of_both = "z1 = 0.5*2 + 0.1 = 1.1\nz2 = 0.5*1 + 0.1 = 0.6\nE1 = 0.5*(1.1 - 0.5)^2 = 0.18\n"
    text = of_both + "E2 = 0.5*(0.6 - 0.3)^2 = 0.045\nE = 0.18 + 0.045 = 0.225"
    assert slips(text, neuron(**TWO)) != []
    assert slips(text, neuron(**TWO), "sum") == []


def test_rounding():
    text = "q = 2/3 = 0.66\np = 1/6 = 0.16\nr = 5/6 = 0.83"
    assert mark(text).findings == mark(text, assume="truncate").findings == ()
    assert [finding.kind for finding in mark(text, assume="half-up").findings] == ["truncation", "truncation"]


def test_carried_or_shown():
    text = "q = 0.3333*3 = 1.0000"
    assert slips(text, None, "carried") == []
    assert slips(text, None, "shown") == ["rounding"]


def test_names_counted_from_0():
    layers = (Layer(1, 3, ACTIVATIONS["identity"]),)
    example = Example(np.array([[2.0]]), np.array([[0.5, 0.1, 0.2]]), 0.1)
    parameters = Parameters.of([[[0.5], [0.7], [0.9]]], [[0.1, 0.2, 0.3]])
    network = Network(layers, parameters, LOSSES["half_squared_error"], example=example)
    text = "z0 = 0.5*2 + 0.1 = 1.1\nz1 = 0.7*2 + 0.2 = 1.6\nz2 = 0.9*2 + 0.3 = 2.1"
    found = mark(text, network)
    assert (found.convention.index_base, found.findings) == (0, ())
    assert "names counted from 0;" in str(found)
    assert mark(text.replace("z0", "z3"), network, assume="from-1").convention.index_base == 1


def test_the_report_says_what_is_assumed():
    convention = as_json(mark("z = 0.5*2 + 0.1 = 1.1", neuron(), assume="no-half,digits=3,half-up,shown"))["convention"]
    assert convention["assumed"] == ["loss", "digits", "rounding", "carried"]
    assert (convention["loss"], convention["digits"]) == ("squared_error", 3)
    assert convention["sentence"] == (
        "squared error (assumed); 3 decimals (assumed), a 5 goes up (assumed); shown numbers carried on (assumed)"
    )


def test_what_is_read_off_a_document_is_told():
    text = "x = 2, w = 0.5, b = 0.1, target t = 0.5, learning rate 0.1\n" + ONLINE.partition("w =")[0]
    found = mark(text + "E = (1.1 - 0.5)^2 / 2 = 0.18\n" + "w = 0.5 - 0.1*0.6*2 = 0.38")
    assert found.convention.loss == "half_squared_error"
    assert found.convention.trains_biases is False
    assert mark(text, assume="no-half").convention.loss == "squared_error"

"""--depth rules: every line of a working has the value that the next one has."""

from dataclasses import replace

import pytest
from networks import BATCHES, FITTING, SINGLE, small_network

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Derivative, contains
from workings.derivation.trace import Trace
from workings.network.activations import ACTIVATIONS, IDENTITY, SIGMOID, SOFTPLUS, TANH
from workings.network.losses import LOSSES
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.pairs import PAIRS
from workings.presentation.blocks import Sentence, Working
from workings.presentation.explain import explain


def workings_of(network: Network) -> list[Working]:
    return [block for block in explain(network, depth="rules").blocks if isinstance(block, Working)]


def assert_every_line_says_the_same(network: Network) -> None:
    trace = Trace(network)
    found = workings_of(network)
    assert found
    for block in found:
        lines = [line for line in (block.start, *(line for line, _ in block.lines)) if not contains(line, Derivative)]
        values = [evaluate(line, trace.value) for line in lines]
        assert values == pytest.approx([values[-1]] * len(values), rel=1e-9, abs=1e-12), block


@pytest.mark.parametrize(("output", "loss"), FITTING, ids=lambda record: record.name)
def test_every_loss_and_every_output(output, loss):
    assert_every_line_says_the_same(small_network(IDENTITY, output, loss, BATCHES[0]))


@pytest.mark.parametrize("hidden", ACTIVATIONS.values(), ids=lambda record: record.name)
def test_every_hidden_activation(hidden):
    assert_every_line_says_the_same(small_network(hidden, *FITTING[0], SINGLE[0]))


@pytest.mark.parametrize("record", [SIGMOID, TANH, SOFTPLUS], ids=lambda record: record.name)
def test_a_line_slightly_off_is_found(record):
    planted = replace(record, arranged=lambda z: [(1.001 * record.derivative_formula(z, record.formula(z)), "off")])
    with pytest.raises(AssertionError):
        assert_every_line_says_the_same(small_network(planted, *FITTING[0], SINGLE[0]))


@pytest.mark.parametrize("pair", PAIRS.values(), ids=lambda pair: f"{pair.activation} with {pair.loss}")
def test_the_cancellation_of_a_pair_ends_at_its_formula(pair):
    network = small_network(TANH, ACTIVATIONS[pair.activation], LOSSES[pair.loss], BATCHES[0])
    lesson = explain(network, "delta[2][2]@1", depth="rules")
    (block,) = (block for block in lesson.blocks if isinstance(block, Working))
    assert block.lines[-1][0] == next(iter(lesson.scalar_steps())).formula


def test_the_sum_over_paths_is_reasoned_out():
    deep = explain(load("deep-four"), "dC/da[2][1]", depth="rules")
    assert any(
        "each path gives its own product" in str(block.parts) for block in deep.blocks if isinstance(block, Sentence)
    )
    assert len([block for block in deep.blocks if isinstance(block, Working)]) == 1


def test_what_drops_out_is_named():
    text = str(explain(load("two-two-two"), "dE/dw5", depth="rules"))
    assert "[what has no w5 in it drops out]" in text
    text = str(explain(load("two-two-two"), "dE/dout_o1", depth="rules"))
    assert "[power rule, times the inner derivative]" in text

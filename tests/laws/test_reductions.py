"""How a batch's losses are gathered stands in one record: a new way is one row, and every room goes by it."""

from dataclasses import replace

import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Number, Reference
from workings.derivation.trace import Trace
from workings.engine.training import train
from workings.network import reference
from workings.network.network_dump import dump
from workings.network.network_file import load, load_text
from workings.network.quantity import Quantity
from workings.network.reductions import REDUCTIONS, SUM


@pytest.mark.parametrize("record", REDUCTIONS.values(), ids=REDUCTIONS)
def test_the_formula_gives_the_number(record):
    assert evaluate(
        record.formula(Reference("total"), Number("4")), {"total": 6.0}.__getitem__
    ) == 6.0 / record.divisor(4)


def test_the_mean_and_the_sum():
    assert {name: record.divisor(4) for name, record in REDUCTIONS.items()} == {"mean": 4, "sum": 1}


def test_every_room_goes_by_the_record(monkeypatch):
    fifth = replace(SUM, name="fifth", divisor=lambda n_samples: 5, formula=lambda total, n_samples: total / 5)
    monkeypatch.setitem(REDUCTIONS, "fifth", fifth)
    network = load_text(dump(replace(load("tanh-softmax"), reduction="fifth")))
    trace, cost = Trace(network), Quantity("C")
    expected = sum(trace[Quantity("C", sample=sample)] for sample in range(2)) / 5
    assert trace[cost] == pytest.approx(expected)
    assert evaluate(trace.equation(cost).formula, trace.value) == pytest.approx(expected)
    run = train(network, updates=1)
    assert run.history[0].cost == pytest.approx(expected)
    gradient = reference.run(network, network.example.inputs, network.example.targets).gradient
    (expected,) = reference.updated(network, gradient, (), 1)
    assert run.network.parameters.flat == pytest.approx(expected.flat)

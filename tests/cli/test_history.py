from dataclasses import replace

import numpy as np
import pytest

from workings.cli.history import number, table
from workings.engine.progress import Moment
from workings.network.network import Example, Network


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.29837110876, "0.298371109"),
        (3.51018778297885e-5, "0.0000351018778"),
        (-3.51018778297885e-5, "-0.0000351018778"),
        (9.99999999e-5, "0.0000999999999"),
        (9.99999999999e-5, "0.000100000000"),
        (1e-4, "0.000100000"),
        (1.5e-20, "0.0000000000000000000150000000"),
        (0.0, "0.000000000"),
        (12345.6789, "12345.678900000"),
        (1e-31, "1.00000000e-31"),
        (1e200, "1.00000000e+200"),
    ],
)
def test_nine_decimals_or_nine_significant_digits(value, text):
    assert number(value) == text


def a_network(n_outputs, n_samples=1, l2=0.0):
    network = Network.create([2, n_outputs], seed=0, l2=l2)
    example = Example(np.zeros((n_samples, 2)), np.zeros((n_samples, n_outputs)), 0.1, is_batch=n_samples > 1)
    return replace(network, example=example)


def test_columns_stand_under_their_headings():
    moments = [Moment(0, 0, 0.5, 0.5, np.array([[0.25, 1.0]])), Moment(10, 0, 1e-5, 1e-5, np.array([[0.5, 10.0]]))]
    assert table(a_network(2), moments, 1000)[0] == [
        "update             cost     output 1      output 2",
        "     0      0.500000000  0.250000000   1.000000000",
        "    10  0.0000100000000  0.500000000  10.000000000",
    ]


def test_a_penalty_shows_the_objective():
    lines, _ = table(a_network(1, l2=0.1), [Moment(0, 0, 0.5, 0.75, np.array([[0.25]]))], 0)
    assert lines[0].split() == ["update", "cost", "objective", "output", "1"]
    assert lines[1].split() == ["0", "0.500000000", "0.750000000", "0.250000000"]


def test_what_has_no_room_is_counted():
    moment = Moment(0, 0, 0.5, 0.5, np.arange(6.0).reshape(2, 3))
    lines, n_hidden = table(a_network(3, n_samples=2), [moment], 0)
    assert "output 3@1  " in lines[0] and lines[0].endswith("output 1@2")
    assert max(map(len, lines)) <= 80
    assert n_hidden == 2
    assert table(a_network(3), [replace(moment, outputs=np.arange(3.0)[None])], 0)[1] == 0


@pytest.mark.parametrize("scale", [1e-20, 1e-9, 1.0, 1e14])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_as_many_outputs_are_shown_as_fit_a_line_of_80(scale, l2):
    moment = Moment(0, 0, 0.5 * scale, 0.75, np.arange(1.0, 9.0)[None] * scale)
    lines, n_hidden = table(a_network(8, l2=l2), [moment], 0)
    n_shown = lines[0].count("output")
    assert n_shown + n_hidden == 8
    assert len(lines[0]) == len(lines[1]) <= 80 < len(lines[1]) + 2 + len(number(scale))

"""Fifty-digit values of two classical networks, computed elsewhere, address by address."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workings.derivation.order import scalars
from workings.derivation.trace import Trace
from workings.network.losses import LOSSES
from workings.network.network_file import load
from workings.network.quantity import parse_address

DATA = Path(__file__).parents[1] / "data"
RELATIVE = 1e-12


def worked(file: str, part: str) -> list[tuple[str, float]]:
    values = json.loads((DATA / f"{file}.json").read_text(encoding="utf-8"))[part]
    return [(address, float(value)) for address, value in values.items()]


PARTS = (
    ("two-two-two", "values", "half_squared_error"),
    ("two-three-one", "half_squared_error", "half_squared_error"),
    ("two-three-one", "squared_error", "squared_error"),
)


@pytest.mark.parametrize(("file", "part", "loss"), PARTS)
def test_every_value_is_met(file, part, loss):
    trace = Trace(replace(load(file), loss=LOSSES[loss]))
    found = {address: trace[parse_address(address)] for address, _ in worked(file, part)}
    assert found == pytest.approx(dict(worked(file, part)), rel=RELATIVE, abs=0.0)


@pytest.mark.parametrize(("file", "part", "loss"), PARTS)
def test_every_worked_address_is_among_the_scalars(file, part, loss):
    addresses = {str(quantity) for quantity in scalars(load(file))}
    assert {address for address, _ in worked(file, part)} <= addresses


@pytest.mark.parametrize(("file", "part", "loss"), PARTS)
def test_a_value_slightly_off_would_be_found(file, part, loss):
    trace = Trace(replace(load(file), loss=LOSSES[loss]))
    for address, value in worked(file, part):
        if value:
            assert trace[parse_address(address)] != pytest.approx(value * (1 + 1e-11), rel=RELATIVE, abs=0.0)

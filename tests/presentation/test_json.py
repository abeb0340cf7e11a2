"""The JSON lesson: every scalar once, the numbers of the worked texts, and formulas that can be read back."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.read import read
from workings.derivation.order import scalars
from workings.network.losses import LOSSES
from workings.network.network_file import examples, load
from workings.network.notations import NOTATIONS
from workings.network.quantity import parse_address
from workings.presentation.explain import explain
from workings.presentation.json import SCHEMA, render

DATA = Path(__file__).parent.parent / "data"


def lesson_of(name: str, *quantities: str, **options: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(render(explain(load(name), *quantities, **options)))
    return content


def by_label(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["label"]: step for step in content["steps"]}


@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("form", ["scalar", "matrix"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_scalar_address_stands_there_once(name: str, form: str, notation: str) -> None:
    content = lesson_of(name, form=form, notation=notation)
    addresses = [step["quantity"] for step in content["steps"]]
    assert content["schema"] == SCHEMA
    assert sorted(addresses) == sorted(set(addresses))
    assert set(addresses) == {str(quantity) for quantity in scalars(load(name))}


@pytest.mark.parametrize("name", examples())
def test_steps_are_numbered_without_gaps(name: str) -> None:
    numbers = [step["number"] for step in lesson_of(name)["steps"] if step["number"] is not None]
    assert numbers == list(range(1, len(numbers) + 1))


HALF = """z0 2.87 z1 8.7 z2 0.15 O0 .9463 O1 .9998 O2 .5374 z3 .5948 O3 .6445 Cost .0380 dCost/dO3 -.2755 dO3/dz3 .2291
dCost/dz3 -.0631 dCost/dw6 -.0597 dCost/dw7 -.0631 dCost/dw8 -.0339 dCost/dO0 -.0568 dO0/dz0 .0508 dCost/dz0 -.0029
dCost/dw0 -.0058 dCost/dw1 -.0261 dCost/dO1 .0316 dO1/dz1 .0002 dCost/dz1 .0000 dCost/dw2 .0000 dCost/dw3 .0000
dCost/dO2 -.0050 dO2/dz2 .2486 dCost/dz2 -.0012 dCost/dw4 -.0024 dCost/dw5 -.0108 new_w0 .1529 new_w1 .2431 new_w2 .5
new_w3 .8 new_w4 .0512 new_w5 -.0446 new_w6 .9299 new_w7 -.4685 new_w8 .0970 new_b0 .5015 new_b1 .5 new_b2 .5006
new_b3 .2316"""
FULL = """Cost .0759 dCost/dO3 -.5510 dCost/dz3 -.1262 dCost/dw6 -.1194 dCost/dw7 -.1262 dCost/dw8 -.0678
dCost/dz0 -.0058 dCost/dw0 -.0116 dCost/dw1 -.0522"""
BACKWARD = """dCost/dO3 dO3/dz3 dCost/dz3 dCost/dw6 dCost/dw7 dCost/dw8 dCost/dO0 dO0/dz0 dCost/dz0 dCost/dw0 dCost/dw1
dCost/dO1 dO1/dz1 dCost/dz1 dCost/dw2 dCost/dw3 dCost/dO2 dO2/dz2 dCost/dz2 dCost/dw4 dCost/dw5"""


@pytest.mark.parametrize(("loss", "table"), [("half_squared_error", HALF), ("squared_error", FULL)])
def test_two_three_one_by_hand_at_four_decimals(loss: str, table: str) -> None:
    network = replace(load("two-three-one"), loss=LOSSES[loss])
    steps = by_label(json.loads(render(explain(network, digits=4, carry=True))))
    words = table.split()
    for label, value in zip(words[::2], words[1::2], strict=True):
        assert steps[label]["value"] == float(value), label
        assert float(steps[label]["shown"]) == float(value), label
        assert len(steps[label]["shown"].partition(".")[2]) == 4


def test_the_backward_part_of_two_three_one_is_21_steps_in_this_order() -> None:
    numbered = {step["number"]: step["label"] for step in lesson_of("two-three-one")["steps"] if step["number"]}
    assert [numbered[number] for number in range(1, len(numbered) + 1)] == BACKWARD.split()


def test_path_shares_in_net_out() -> None:
    steps = by_label(lesson_of("two-two-two"))
    assert steps["dE_o1/dout_h1"]["shown"] == "0.055399425"
    assert steps["dE_o2/dout_h1"]["shown"] == "-0.019049118"
    assert steps["dE_total/dout_h1"]["shown"] == "0.036350306"
    assert steps["dE_total/dout_h1"]["formula"] == "dE_o1/dout_h1 + dE_o2/dout_h1"


@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_numbers_put_in_give_the_number_shown(name: str, notation: str) -> None:
    """What stands between the last two equals signs is true at the digits shown, read back by our own reader."""
    steps = lesson_of(name, digits=12, notation=notation)["steps"]
    for step in steps:
        if step["substituted"] is not None:
            value = float(evaluate(read(step["substituted"]), lambda key: math.nan))
            assert value == pytest.approx(step["value"], abs=2e-11), step


@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("options", [{"digits": 4}, {"digits": 3, "carry": True}, {"figures": 3, "carry": True}])
def test_what_is_shown_is_the_value_rounded(name: str, options: dict[str, Any]) -> None:
    for step in lesson_of(name, **options)["steps"]:
        shown, value = float(step["shown"]), step["value"]
        allowed = 0.5 * 10 ** -options["digits"] if "digits" in options else 0.005 * abs(value)
        assert abs(shown - value) <= allowed * (1 + 1e-9), step


def test_labels_mean_their_quantity() -> None:
    for name in examples():
        network = load(name)
        for notation in NOTATIONS.values():
            lesson = explain(network, notation=notation.name)
            for quantity in scalars(network):
                label = notation.text(quantity, network)
                if "b1" in label or "b2" in label or "b3" in label or "b4" in label:
                    continue  # one bias printed for a whole layer stands for several
                assert lesson[label].quantity == quantity, label


def test_a_quantity_of_another_update_and_a_whole_vector() -> None:
    first, later, whole = lesson_of("two-two-two", "z[1][1]", "z[1][1]#10", "delta[1]")["steps"]
    assert (first["quantity"], later["quantity"], whole["quantity"]) == ("z[1][1]", "z[1][1]#10", "delta[1]")
    assert first["value"] == 0.3775
    assert later["value"] == lesson_of("two-two-two", "z[1][1]", update=10)["steps"][0]["value"]
    assert whole["shown"] == "(0.008771355, 0.009954255)"


def test_worked_values_to_twelve_figures() -> None:
    files = {"two-two-two": ("two-two-two", "half_squared_error", "values")}
    files |= {
        f"two-three-one {loss}": ("two-three-one", loss, loss) for loss in ("half_squared_error", "squared_error")
    }
    for name, loss, key in files.values():
        lesson = explain(replace(load(name), loss=LOSSES[loss]))
        worked = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))[key]
        for address, value in worked.items():
            assert lesson.step(parse_address(address)).result == pytest.approx(float(value), rel=1e-12), address

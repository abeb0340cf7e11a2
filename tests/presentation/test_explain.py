"""explain: what is refused, and how a reader's words are understood."""

from dataclasses import replace

import numpy as np
import pytest

from workings.engine.training import train
from workings.errors import AddressError, InputError
from workings.network.clipping import clipping_of
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.notations import NOTATIONS
from workings.network.optimizers import MOMENTUM, bounds_of
from workings.presentation.display import Display, is_negative_zero
from workings.presentation.explain import explain
from workings.presentation.naming import quantity_named


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"digits": 3, "figures": 3}, "digits counts decimals"),
        ({"carry": True}, "carry rounds every result"),
        ({"form": "matrix", "depth": "rules"}, "the form scalar"),
        ({"form": "matrix", "upto": 3}, "the form scalar"),
        ({"only": "forwards"}, "Did you mean 'forward'?"),
        ({"notation": "netout"}, "Did you mean 'net-out'?"),
        ({"layer": 3}, "numbered 1 to 2"),
        ({"sample": 2}, "numbered 1 to 1"),
        ({"update": 0}, "counted from 1"),
        ({"upto": 0}, "numbered 1 to 20"),
        ({"form": "matrx"}, "Did you mean 'matrix'?"),
        ({"depth": "rule"}, "Did you mean 'rules'?"),
        ({"rounding": "half-upp"}, "Did you mean 'half-up'?"),
        ({"digits": -1}, "whole number from 0"),
        ({"figures": 0}, "whole number from 1"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_sentence(options: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        explain(load("two-two-two"), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"only": "forward"}, {"layer": 1}, {"upto": 3}])
def test_what_chooses_among_all_steps_does_not_go_with_names(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match=f"{next(iter(options))} chooses among all steps"):
        explain(load("two-two-two"), "w5", **options)  # type: ignore[arg-type]


def test_a_network_without_an_example_cannot_be_explained() -> None:
    with pytest.raises(InputError, match="has no example"):
        explain(Network.create([2, 2]))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("w5", "W[2][1,1]"),
        ("'w5'", "W[2][1,1]"),
        ("w_5", "W[2][1,1]"),
        ("w5+", "W+[2][1,1]"),
        ("w_5^+", "W+[2][1,1]"),
        ("net_h1", "z[1][1]"),
        ("net_{h1}", "z[1][1]"),
        (r"\text{net}_{h1}", "z[1][1]"),
        ("dE/dw5", "dC/dW[2][1,1]"),
        ("dE_total/dw5", "dC/dW[2][1,1]"),
        (r"\frac{\partial E_{total}}{\partial w_5}", "dC/dW[2][1,1]"),
        ("∂E_total/∂w5", "dC/dW[2][1,1]"),
        ("dE_o1/dout_h1", "dC[1]/da[1][1]"),
        ("dout_h1/dnet_h1", "da/dz[1][1]"),
        ("dnet_o1/dw5", "dz/dW[2][1,1]"),
        ("dnet_o1/dout_h2", "dz/da[2][1,2]"),
        ("b1", "b[1][1]"),
        ("b1+", "b+[1][1]"),
        ("E_total", "C"),
        ("E", "C"),
        ("E_o2", "C[2]"),
        ("target_o1", "y[1]"),
        ("i2", "x[2]"),
        ("dC/dW:2:1,2", "dC/dW[2][1,2]"),
        ("dC/dz[2][1]", "delta[2][1]"),
        ("delta[1]", "delta[1]"),
        ("net_h1#3", "z[1][1]#3"),
        ("eta", "eta"),
    ],
)
def test_names_people_type(name: str, address: str) -> None:
    assert str(quantity_named(name, load("two-two-two"), NOTATIONS["net-out"])) == address


@pytest.mark.parametrize(
    "name", ["w9", "net_h3", "net_o3", "q", "", "w", "dE/dE", "W[3][1,1]", "z[1][9]", "z[1]@2", "C[3]"]
)
def test_names_that_mean_nothing_here(name: str) -> None:
    with pytest.raises(AddressError):
        quantity_named(name, load("two-two-two"), NOTATIONS["net-out"])


def test_numbers_are_shown_in_full_where_nobody_asked_for_digits() -> None:
    from workings.algebra.rounding import Rounding
    from workings.network.quantity import Quantity

    free, four, carried = Display(Rounding()), Display(Rounding(4)), Display(Rounding(4), is_carried=True)
    z, W = Quantity("z", 1, (0,)), Quantity("W", 1, (0, 0))
    assert free.text(z, 0.39249999999999996) == "0.3925"
    assert free.text(z, 0.7513650695523157) == "0.751365070"
    assert free.text(z, 3.51018778297885e-5) == "0.0000351018778"
    assert four.text(z, 2.87) == "2.8700"
    assert four.text(W, 0.15) == "0.15"
    assert four.text(W, 0.123456) == "0.1235"
    assert carried.text(W, 0.123456) == "0.123456"
    assert free.text(z, np.inf) == "inf"
    assert is_negative_zero(four.text(z, -0.00001))
    assert not is_negative_zero(four.text(z, -0.1))


def test_the_learning_rate_of_a_schedule_is_part_of_the_update():
    lesson = explain(load("two-two-two"), schedule="step:every=2,factor=0.1", update=4)
    told = str(lesson)
    assert "learning rate: eta0 = 0.5, gamma = 0.1, T_s = 2\n" in told
    assert "eta = eta0*gamma^floor((t - 1)/T_s) = 0.5*0.1^floor((4 - 1)/2) = 0.05\n" in told
    assert lesson["eta#2"].result == 0.5 and lesson["eta"].result == 0.05
    for options in ({"form": "matrix"}, {"only": "update"}):
        assert "eta0*gamma^floor" in str(explain(load("two-two-two"), schedule="step:every=2", **options))
    assert "eta0" not in str(explain(load("two-two-two"), schedule="constant"))
    with pytest.raises(InputError, match="cosine goes over a whole run, and an example has no end"):
        explain(load("two-two-two"), schedule="cosine")


@pytest.mark.parametrize("bounds", [{"clip_norm": 0.05}, {"clip_value": 0.02}], ids=str)
@pytest.mark.parametrize("optimizer", [None, "momentum"])
def test_a_clipped_update_is_the_one_that_training_makes(bounds, optimizer):
    network, how = load("two-two-two"), {"optimizer": optimizer, **bounds}
    trained = train(network, updates=3, **how).network
    lesson = explain(network, update=3, **how)
    assert lesson["W+[2][1,1]"].result == pytest.approx(trained.W(2)[0, 0], rel=1e-12)
    assert lesson["W+[2][1,1]"].result != explain(network, update=3, optimizer=optimizer)["W+[2][1,1]"].result
    assert lesson["g[2][1,1]"].formula is not None


def test_clipping_is_the_one_asked_for_or_else_the_example_s_or_the_record_s():
    network = load("two-two-two")
    clips = replace(MOMENTUM, clipping=clipping_of(clip_norm=0.05))
    clipped = replace(network, example=replace(network.example, optimizer=clips))

    def bounds(network, **how):
        return bounds_of(explain(network, **how).network.example.optimizer)

    assert (
        bounds(clipped) == bounds(clipped, optimizer="sgd") == bounds(network, optimizer=clips) == {"clip_norm": 0.05}
    )
    assert bounds(clipped, clip_value=0.02) == {"clip_value": 0.02}
    assert bounds(network) == {}
    with pytest.raises(InputError, match="clip_norm and clip_value are both given"):
        explain(network, clip_norm=1.0, clip_value=1.0)

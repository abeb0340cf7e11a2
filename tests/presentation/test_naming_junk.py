"""Whatever is typed as a quantity is understood or refused in a sentence; nothing else happens."""

import contextlib
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workings.errors import AddressError
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.notations import NOTATIONS
from workings.network.quantity import KINDS, Quantity, parse_address
from workings.presentation import naming
from workings.presentation.explain import explain
from workings.presentation.naming import quantity_named

WORDS = """w b z a O x y i net out target E C Cost d / [ ] 1 2 3 9 0 , : @ # + - _ ^ { } h1 o1 total new_ delta J R dC
dz da dC/dW da/dz ∂ δ ٣ ² ' " \\frac \\partial"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\\", "\x00"])
TYPED = st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=12)


@settings(max_examples=400)
@given(TYPED, st.sampled_from(sorted(NOTATIONS)), st.sampled_from(["two-two-two", "tanh-softmax"]))
def test_junk_is_refused_with_a_sentence(typed: str, notation: str, name: str) -> None:
    network = load(name)
    with contextlib.suppress(AddressError):
        quantity = quantity_named(typed, network, NOTATIONS[notation])
        if quantity.update in (None, 1, 2, 3):
            assert str(explain(network, typed, notation=notation))


# Fragments that are nearly names: glued at random, many of the results are names, and more are nearly so.
HEADS = """w O i net out target E E_total Cost C_1 C2 dC dE dz da dW dO sigma σ delta δ lambda new_a new_W"""
TAILS = """[1] [2] [1,2] [1, 2] [,] [2,] [1,,2] [] [0] [9] :1 :1,2 :, ^1 ^2 ^0 ^(1) ^{(2)} ^+ ^{1,+} ^{1,(2)} ^{2,new}
_1 _2 _12 _1,2 _{1,2} _h1 _o1 _o9 _h0 _total 1 5 12 + @1 @2 @0 @ @9 #1 #2 # #0 / /d /da /dz^1 /dW /dx /dw^1_11 / dC
'(z^1) '(z^1_2@1) '(a^1) ' ( ) } { \\frac{ }{ \\partial"""
BEGINNINGS = [*KINDS, *HEADS.split()]
FRAGMENTS = [*BEGINNINGS, *TAILS.split(), " ", "1" * 150]


def glued(generator: random.Random) -> str:
    pieces = [generator.choice(BEGINNINGS), *generator.choices(FRAGMENTS, k=generator.randint(0, 3))]
    if generator.random() < 0.4:
        pieces += ["/d", *generator.choices(FRAGMENTS, k=generator.randint(1, 3))]
    return "".join([generator.choice(["", "", "d", "'", "\\frac{"]), *pieces])


def a_batch(name: str) -> Network:
    network = load(name)
    assert network.example is not None
    inputs, targets = (np.vstack([rows, rows]) for rows in (network.example.inputs, network.example.targets))
    return replace(network, example=replace(network.example, inputs=inputs, targets=targets, is_batch=True))


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
@pytest.mark.parametrize("name", ["two-two-two", "tanh-softmax"])
def test_fragments_of_names_are_refused_with_a_sentence(name, notation, monkeypatch):
    monkeypatch.setattr(naming, "_nearest_name", lambda *_: "")  # it takes most of the time, and does not decide
    generator = random.Random(f"{name} {notation.name}")
    networks, understood = [load(name), a_batch(name)], 0
    for typed in (glued(generator) for _ in range(4_000)):
        with contextlib.suppress(AddressError):
            parse_address(typed)
        for network in networks:
            with contextlib.suppress(AddressError):
                assert_is_there(network, quantity_named(typed, network, notation))
                understood += 1
    assert understood > 50


def assert_is_there(network: Network, quantity: Quantity) -> None:
    """Every place of a quantity that was understood is in the network, and counted from 0."""
    assert quantity.kind in KINDS
    assert quantity.layer is None or 1 <= quantity.layer <= network.depth
    assert quantity.sample is None or 0 <= quantity.sample < len(network.example.inputs)
    assert all(index >= 0 for index in quantity.index)


@pytest.mark.parametrize("typed", ["z[{}]", "z[1][{}]", "z[1][1]@{}", "C#{}", "z^{}", "w^1_{}", "C@{}", "dC/dw^{}_11"])
@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
def test_a_number_of_thousands_of_digits_is_refused(typed, notation):
    typed = typed.format("1" * 5000)
    for read in (
        parse_address,
        lambda text: notation.parse(text, (2, 2, 2)),
        lambda text: quantity_named(text, load("two-two-two"), notation),
    ):
        with pytest.raises(AddressError):
            read(typed)

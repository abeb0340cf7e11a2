"""Addresses: how a quantity is typed and printed, and what a mistyped one is told."""

import pytest

from workings.errors import AddressError
from workings.network.quantity import KINDS, Quantity, format_address, parse_address

ADDRESSES = {
    "x[1]": Quantity("x", None, (0,)),
    "x": Quantity("x"),
    "y[2]": Quantity("y", None, (1,)),
    "z[1][3]": Quantity("z", 1, (2,)),
    "a[1][3]@2": Quantity("a", 1, (2,), 1),
    "b[2][1]": Quantity("b", 2, (0,)),
    "W[2][1,3]": Quantity("W", 2, (0, 2)),
    "W[2]": Quantity("W", 2),
    "C": Quantity("C"),
    "C@2": Quantity("C", sample=1),
    "C[2]": Quantity("C", output=1),
    "C[2]@3": Quantity("C", sample=2, output=1),
    "R": Quantity("R"),
    "J": Quantity("J"),
    "eta": Quantity("eta"),
    "l2": Quantity("l2"),
    "dC/da[1][3]": Quantity("dC/da", 1, (2,)),
    "da/dz[1][3]": Quantity("da/dz", 1, (2,)),
    "da/dz[2][1,3]": Quantity("da/dz", 2, (0, 2)),
    "delta[1][3]": Quantity("delta", 1, (2,)),
    "delta[1]": Quantity("delta", 1),
    "delta[1]#5": Quantity("delta", 1, update=5),
    "z[1][3]@2#10": Quantity("z", 1, (2,), 1, update=10),
    "dC/dW[2][1,3]": Quantity("dC/dW", 2, (0, 2)),
    "dC/dW[2]@2": Quantity("dC/dW", 2, (), 1),
    "dC/db[1][3]": Quantity("dC/db", 1, (2,)),
    "dC[2]/da[1][3]": Quantity("dC/da", 1, (2,), output=1),
    "dC[2]/dz[2][1]": Quantity("delta", 2, (0,), output=1),
    "dC[2]/dz[2]@1": Quantity("delta", 2, (), 0, 1),
    "dz/dW[2][1,3]": Quantity("dz/dW", 2, (0, 2)),
    "dz/da[2][1,3]": Quantity("dz/da", 2, (0, 2)),
    "W+[2][1,3]": Quantity("W+", 2, (0, 2)),
    "b+[1][3]": Quantity("b+", 1, (2,)),
    "W[1][100,784]": Quantity("W", 1, (99, 783)),
}


@pytest.mark.parametrize(("address", "quantity"), ADDRESSES.items())
def test_an_address_is_read_and_written(address, quantity):
    assert parse_address(address) == quantity
    assert format_address(quantity) == str(quantity) == address


@pytest.mark.parametrize(("address", "quantity"), ADDRESSES.items())
def test_colons_do_for_brackets(address, quantity):
    assert parse_address(address.replace("[", ":").replace("]", "")) == quantity


@pytest.mark.parametrize(
    "typed",
    [" dC/dW[2][1,3] ", "'dC/dW[2][1,3]'", '"dC/dW[2][1,3]"', "“dC/dW[2][1,3]”", "`dC/dW[2][1,3]`", "dC/dW[2][1, 3]",
     "dC / dW [2] [1,3]", "dC/dW:2:1,3"],
)  # fmt: skip
def test_quotes_and_blanks_are_ignored(typed):
    assert parse_address(typed) == Quantity("dC/dW", 2, (0, 2))


def test_the_error_of_a_neuron_has_a_second_name():
    assert parse_address("dC/dz[2][1]") == Quantity("delta", 2, (0,))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "'' is no address. One looks like z[1][3] (layer 1, neuron 3)"),
        ("z[1", "'z[1' is no address"),
        ("z[1][a]", "is no address"),
        ("z[-1][1]", "is no address"),
        ("z[,]", "is no address"),
        ("W[1][2,]", "is no address"),
        ("W:1:2,,1", "is no address"),
        ("z[1][1]@", "is no address"),
        ("w[1][1,1]", "'w[1][1,1]': there is no quantity 'w'. "),
        ("delt[1][1]", "there is no quantity 'delt'. Did you mean 'delta'?"),
        ("dC/dV[1][1,1]", "there is no quantity 'dC/dV'. Did you mean 'dC/d"),
        ("z", "'z': which layer? z[1] is that of the first layer"),
        ("z[1,2]", "'z[1,2]': the layer is one number in brackets of its own: z[1][2]"),
        ("z[1][2,3]", "'z[1][2,3]': z takes one number after the layer"),
        ("z[1][2][3]", "z takes one number after the layer"),
        ("W[1][2]", "W takes two numbers after the layer, [to,from], and got one"),
        ("W[1][2][3]", "W takes two numbers in one pair of brackets, [to,from] after the layer"),
        ("W[1][1,2,3]", "W takes two numbers in one pair of brackets"),
        ("x[1][2]", "'x[1][2]': x takes one number"),
        ("R[1]", "R takes no number"),
        ("C[1][2]", "C takes at most one number, the output: C[2]"),
        ("C[1,2]", "C takes at most one number, the output: C[2]"),
        (f"z[{'1' * 5000}][1]", "... is too long for the name of a quantity"),
        ("z[1][0]", "'z[1][0]': numbers in an address start at 1"),
        ("z[1][1]@0", "numbers in an address start at 1"),
        ("dC[0]/dz[1][1]", "numbers in an address start at 1"),
        ("C[0]", "numbers in an address start at 1"),
        ("W[1][0,1]", "numbers in an address start at 1"),
    ],
)
def test_what_a_mistyped_address_is_told(typed, message):
    with pytest.raises(AddressError) as caught:
        parse_address(typed)
    assert message in str(caught.value)


def test_a_quantity_is_whole_without_all_its_indices():
    assert Quantity("W", 1).is_whole
    assert not Quantity("W", 1, (0, 0)).is_whole
    assert not Quantity("C").is_whole
    assert Quantity("x").is_whole


def test_every_kind_has_a_meaning():
    for name, kind in KINDS.items():
        assert name == kind.name
        assert kind.meaning
        assert kind.derivative is None or set(kind.derivative) <= set(KINDS)
        assert kind.updated is None or kind.updated in KINDS

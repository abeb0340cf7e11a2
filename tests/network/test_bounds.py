"""Which quantities a network has."""

from dataclasses import replace

import numpy as np
import pytest

from workings.errors import AddressError
from workings.network.bounds import checked, rank, shape
from workings.network.network import Example, Network
from workings.network.quantity import Quantity, parse_address

NETWORK = Network.create([2, 3, 4], activation="tanh", loss="cross_entropy", seed=0)
ONE = replace(NETWORK, example=Example(np.ones((1, 2)), np.eye(4)[:1], 0.5))
BATCH = replace(NETWORK, example=Example(np.ones((3, 2)), np.eye(4)[:3], 0.5, is_batch=True))
BATCH_OF_ONE = replace(NETWORK, example=Example(np.ones((1, 2)), np.eye(4)[:1], 0.5, is_batch=True))


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("x", (2,)), ("y", (4,)), ("C", ()), ("z[1]", (3,)), ("W[1]", (3, 2)), ("W[2]", (4, 3)), ("b[2]", (4,)),
        ("dC/dW[2]", (4, 3)), ("da/dz[1]", (3,)), ("da/dz[2]", (4, 4)), ("dz/da[2]", (4, 3)), ("dz/dW[1]", (3, 2)),
        ("eta", ()),
    ],
)  # fmt: skip
def test_shapes(address, size):
    assert shape(NETWORK, parse_address(address)) == size
    assert rank(NETWORK, parse_address(address)) == len(size)


@pytest.mark.parametrize(
    "address", ["x[2]", "W[2][4,3]", "da/dz[2][4,4]", "da/dz[1][3]", "C[4]", "dC[4]/dz[1][3]", "C"]
)
def test_what_is_there_is_let_through(address):
    for network in (NETWORK, ONE):
        assert checked(network, parse_address(address)) == parse_address(address)


@pytest.mark.parametrize(
    ("network", "address", "found"),
    [
        (ONE, "z[1][1]@1", "z[1][1]"),
        (ONE, "C@1", "C"),
        (BATCH, "z[1][1]@3", "z[1][1]@3"),
        (BATCH, "C", "C"),
        (BATCH, "dC/dW[1]", "dC/dW[1]"),
        (BATCH, "dC/dW[1]@2", "dC/dW[1]@2"),
        (BATCH, "W[1][1,1]", "W[1][1,1]"),
        (BATCH_OF_ONE, "z[1][1]", "z[1][1]@1"),
        (BATCH_OF_ONE, "C[2]", "C[2]@1"),
        (BATCH_OF_ONE, "C", "C"),
    ],
)
def test_the_sample_is_settled(network, address, found):
    assert str(checked(network, parse_address(address))) == found


@pytest.mark.parametrize(
    ("network", "address", "message"),
    [
        (ONE, "z[3][1]", "z[3][1]: the layers of this network are numbered 1 to 2"),
        (ONE, "z[1][4]", "z[1][4]: the last number goes from 1 to 3 here, and got 4"),
        (ONE, "W[1][4,1]", "W[1][4,1]: the first index goes from 1 to 3 here, and got 4"),
        (ONE, "W[1][3,3]", "W[1][3,3]: the second index goes from 1 to 2 here, and got 3"),
        (ONE, "x[3]", "x[3]: the last number goes from 1 to 2 here, and got 3"),
        (ONE, "da/dz[2][1]", "da/dz[2][1]: slope of the activation takes 2 numbers here, as in da/dz[2][1,1]"),
        (ONE, "da/dz[1][1,2]", "takes 1 numbers here, as in da/dz[1][1]"),
        (ONE, "C[5]", "C[5]: the outputs are numbered 1 to 4"),
        (ONE, "dC[5]/da[1][1]", "the outputs are numbered 1 to 4"),
        (ONE, "z[1][1]@2", "z[1][1]@2: the samples are numbered 1 to 1"),
        (BATCH, "z[1][1]@4", "the samples are numbered 1 to 3"),
        (BATCH, Quantity("z", 1, (0,), -1), "z[1][1]@0: the samples are numbered 1 to 3"),
        (BATCH, "z[1][1]", "z[1][1]: which of the 3 samples? z[1][1]@1 is that of the first"),
        (BATCH, "C[1]", "C[1]: which of the 3 samples? C[1]@1 is that of the first"),
        (BATCH, "W[1][1,1]@2", "W[1][1,1]@2: weight belongs to all samples together; leave out @2"),
    ],
)
def test_what_is_not_there_is_told(network, address, message):
    with pytest.raises(AddressError) as caught:
        checked(network, parse_address(address) if isinstance(address, str) else address)
    assert message in str(caught.value)


def test_an_output_goes_only_with_what_can_be_shared():
    with pytest.raises(AddressError, match="outputs are numbered"):
        checked(ONE, Quantity("z", 1, (0,), output=0))

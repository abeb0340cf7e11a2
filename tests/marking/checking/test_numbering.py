"""From the number in a name, which place it belongs to."""

import pytest

from workings.marking.checking.numbering import Numbering, number_in
from workings.network.quantity import Quantity

SIZES = (2, 3, 2)
Z = [Quantity("z", layer, (j,), update=1) for layer, n in ((1, 3), (2, 2)) for j in range(n)]
W = [Quantity("W", 1, (j, k), update=1) for j in range(3) for k in range(2)]


@pytest.mark.parametrize(
    ("name", "number"),
    [("h3", "3"), ("a3^{(1)}", "3"), ("dE/dw12", "12"), ("new_w7", "7"), ("w_9^+", "9"), ("C", None)],
)
def test_the_number_of_a_name_is_not_that_of_its_layer(name, number):
    assert number_in(name) == number


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (["z1", "z2", "z3", "z4", "z5"], Z),
        (["z0", "z1", "z2", "z3", "z4"], Z),
        (["h1", "h2", "h3", "o1", "o2"], Z),
        (["w11", "w12", "w21", "w22", "w31", "w32"], W),
        (["w11", "w21", "w12", "w22", "w13", "w23"], W),
        (["w1", "w2", "w3", "w4", "w5", "w6"], W),
    ],
)
def test_a_name_belongs_to_one_place(names, places):
    numbering = Numbering(SIZES)
    numbering.learn(zip(names, places, strict=True))
    for name, place in zip(names, places, strict=True):
        alike = [other for other in places if other.layer == place.layer]
        assert [other for other in alike if numbering.belongs(name, other)] == [place]
        assert numbering.renamed(names[places.index(alike[0])], place) == name


def test_where_nothing_is_known_nothing_is_said():
    assert Numbering(SIZES).belongs("z1", Z[0]) is None

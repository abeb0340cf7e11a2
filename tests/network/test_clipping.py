"""What clipping does to a gradient, and which bounds are none."""

import math

import numpy as np
import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Reference
from workings.errors import AddressError, InputError
from workings.network.bounds import checked
from workings.network.clipping import CLIPPINGS, clipping_of
from workings.network.network_dump import dump
from workings.network.network_file import load, load_text
from workings.network.quantity import Quantity


@pytest.mark.parametrize("record", CLIPPINGS.values(), ids=lambda record: record.name)
def test_the_formula_is_the_number(record):
    for gradient in (-3.0, -0.2, 0.0, 0.7, 5.0):
        for norm, bound in ((6.0, 0.5), (6.0, 6.0), (6.0, 7.0), (0.0, 1.0)):
            given = {"g": gradient, "G": norm, "c": bound}
            formula = record.formula(Reference("g"), Reference("G"), Reference("c"))
            assert evaluate(formula, given.__getitem__) == record.clipped(np.array(gradient), norm, bound)


def test_a_short_gradient_stays_to_the_last_bit_and_a_long_one_keeps_its_direction():
    clipping, gradient = clipping_of(clip_norm=1.0), np.array([3.0, -4.0])
    assert np.array_equal(clipping.clipped(gradient / 10, 0.5, clipping.bound), gradient / 10)
    assert clipping.clipped(gradient, 5.0, clipping.bound) == pytest.approx([0.6, -0.8])


def test_each_number_is_cut_to_the_bound():
    clipping = clipping_of(clip_value=0.5)
    assert clipping.clipped(np.array([0.1, 3.0, -4.0]), 0.0, clipping.bound).tolist() == [0.1, 0.5, -0.5]


@pytest.mark.parametrize("bound", [0, -1.0, math.nan, math.inf, True, "much"])
def test_bounds_that_are_none(bound):
    with pytest.raises(InputError, match=r"clip_norm is .*, but must be a number above 0, and finite"):
        clipping_of(clip_norm=bound)


def test_one_way_or_the_other():
    assert clipping_of(clip_norm=None, clip_value=None) is None
    with pytest.raises(InputError, match="clip_norm and clip_value are both given"):
        clipping_of(clip_norm=1.0, clip_value=1.0)
    with pytest.raises(InputError, match="clip_norm and clip_value are both given"):
        load_text("clip_norm = 1\nclip_value = 2\n" + dump(load("two-two-two")))


@pytest.mark.parametrize("address", ["G", "clip_norm", "clip_value"])
def test_what_is_not_clipped_has_no_such_numbers(address):
    with pytest.raises(AddressError, match="the gradient of this network is not clipped, so there is no such number"):
        checked(load("two-two-two"), Quantity(address))
    by_value = load_text("clip_value = 2\n" + dump(load("two-two-two")))
    if address != "clip_value":
        with pytest.raises(AddressError, match="clipped by clip_value"):
            checked(by_value, Quantity(address))

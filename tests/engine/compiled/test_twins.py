"""Twins keep to the type they are made for, follow what they call, and are told from edited ones."""

import numpy as np
import pytest

from workings.engine.compiled.loops import forward_loop
from workings.engine.compiled.twins import digest, twin
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.elementary import absolute, exp

SLOPE = 0.25


def halved(z):
    return z / 2


def by_way_of_others(z):
    return halved(SLOPE * z) + (1 if z > 0 else -1) + exp(-absolute(z))


@pytest.mark.parametrize("number", [np.float32, np.float64])
def test_numbers_stay_in_the_type_and_functions_are_followed(number):
    compiled = twin(by_way_of_others, number)
    assert compiled(number(3.0)) == pytest.approx(0.375 + 1.0 + np.exp(-3.0), rel=float(4 * np.finfo(number).eps))
    (signature,) = compiled.nopython_signatures
    assert signature.return_type.name == number.__name__


def test_a_function_made_by_a_function_keeps_what_it_was_made_with():
    def steep(factor):
        return lambda z: factor * z

    assert twin(steep(3.0), np.float64)(2.0) == 6.0
    assert twin(steep(5), np.float64)(2.0) == 10.0


def test_the_digest_tells_an_edited_function_from_the_old_one():
    def made(factor, inner=halved):
        return lambda z: factor * inner(z)

    assert digest(made(3.0)) == digest(made(3.0))
    different = [made(3.0), made(4.0), made(3.0, absolute), made(3.0, lambda z: z / 3), lambda z: z * 3.0]
    assert len({digest(function) for function in different}) == len(different)


def test_the_digest_looks_into_functions_made_inside():
    def made_of_three(z):
        def inside(x):
            return 3.0 * x

        return inside(z)

    def made_of_four(z):
        def inside(x):
            return 4.0 * x

        return inside(z)

    assert digest(made_of_three) != digest(made_of_four)


def test_the_digests_of_all_records_differ():
    digests = {digest(record.value) for record in ACTIVATIONS.values()}
    assert len(digests) == len(ACTIVATIONS)


def test_an_edited_record_is_compiled_anew():
    def softsign(bend):
        return Activation("mine", "s", lambda z: z / (bend + abs(z)), lambda z, a: z, None, None, (-1.0, 1.0), "")

    first, second = forward_loop(softsign(1.0), np.float64), forward_loop(softsign(2.0), np.float64)
    assert first.code != second.code
    assert first.address != second.address

"""Activations: right to the last digits for every z, on one number and on arrays, in either precision."""

import math
import tracemalloc
from decimal import Decimal

import numpy as np
import pytest
from scipy import special

from workings.algebra.evaluate import DECIMAL, evaluate
from workings.algebra.expression import Reference
from workings.network.activations import ACTIVATIONS, SIGMOID, SOFTMAX, TANH
from workings.network.elementary import sum_of_others

NEURONS = [record for record in ACTIVATIONS.values() if record.scope == "neuron"]
each_neuron = pytest.mark.parametrize("record", NEURONS, ids=lambda record: record.name)
Z = np.array([-700.0, -40.0, -20.0, -3.0, -0.5, -1e-9, 1e-9, 0.3, 2.0, 20.0, 40.0, 700.0])


def exact(formula, **numbers) -> float:
    """A formula's value to fifty digits."""
    values = {name: Decimal(float(number)) for name, number in numbers.items()}
    return float(evaluate(formula, values.__getitem__, DECIMAL))


def exact_slope(record, z: float) -> float:
    """The textbook's slope to fifty digits, a itself included."""
    z_ref = Reference("z")
    formula = record.derivative_formula(z_ref, record.formula(z_ref))
    return exact(formula, z=z)


@each_neuron
def test_the_value_is_exact_where_the_textbook_form_loses_its_digits(record):
    # to fifty digits even 1 - a of a = 1 - e^-40 keeps thirty
    z = Z[np.abs(Z) <= 40.0]
    expected = [exact(record.formula(Reference("z")), z=each) for each in z]
    assert record.value(z) == pytest.approx(expected, rel=1e-15, abs=0.0)


@each_neuron
def test_the_slope_is_exact_where_the_textbook_form_loses_its_digits(record):
    z = Z[np.abs(Z) <= 40.0]
    expected = [exact_slope(record, each) for each in z]
    assert record.derivative(z, record.value(z)) == pytest.approx(expected, rel=2e-15, abs=0.0)


@each_neuron
def test_nothing_overflows(record):
    z = np.array([-1e300, -1e4, 0.0, 1e4, 1e300])
    a = record.value(z)
    assert np.isfinite(a).all()
    assert np.isfinite(record.derivative(z, a)).all()


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
def test_the_range_is_kept(record):
    low, high = record.range
    a = record.value(Z[None, :])
    assert np.all(a >= low)
    assert np.all(a <= high)


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_is_kept(record, dtype):
    z = np.array([[-2.0, 0.5, 3.0]], dtype)
    a = record.value(z)
    assert a.dtype == dtype
    assert record.derivative(z, a).dtype == dtype
    if record.margins:
        assert [np.asarray(margin).dtype for margin in record.margins(z, a)] == [dtype, dtype]


@each_neuron
def test_one_number_is_treated_like_an_array_of_one(record):
    for z in (-1.5, 0.25):
        a = record.value(z)
        assert float(a) == record.value(np.array([z]))[0]
        assert float(record.derivative(z, a)) == record.derivative(np.array([z]), np.array([a]))[0]


@each_neuron
def test_the_slope_jumps_at_the_kinks_and_nowhere_else(record):
    for z in (-1.0, 0.0, 1.0):
        left, right = (float(record.derivative(z + h, record.value(z + h))) for h in (-1e-9, 1e-9))
        assert (abs(left - right) > 1e-3) == (z in record.kinks)


@pytest.mark.parametrize(
    ("record", "z", "below", "above"),
    [
        (SIGMOID, 40.0, 1.0, 4.248354255291589e-18),
        (SIGMOID, -40.0, 4.248354255291589e-18, 1.0),
        (TANH, 20.0, 2.0, 8.496708510583178e-18),
        (TANH, -20.0, 8.496708510583178e-18, 2.0),
        (ACTIVATIONS["elu"], -40.0, 4.248354255291589e-18, np.inf),
        (ACTIVATIONS["elu"], 2.0, 3.0, np.inf),
    ],
)
def test_the_way_to_either_end_of_the_range_keeps_its_digits(record, z, below, above):
    margins = record.margins(np.array([z]), record.value(np.array([z])))
    assert [float(margin[0]) for margin in margins] == pytest.approx([below, above], rel=1e-15)


@pytest.mark.parametrize(
    "record", [record for record in ACTIVATIONS.values() if record.margins], ids=lambda record: record.name
)
def test_the_ways_to_the_ends_are_what_they_say(record):
    z = np.linspace(-3, 3, 7)[None, :]
    a = record.value(z)
    low, high = record.range
    below, above = record.margins(z, a)
    assert below == pytest.approx(a - low)
    assert above == pytest.approx(high - a)


@pytest.mark.parametrize(
    ("z", "a", "slope"),  # worked out elsewhere, to forty digits
    [
        (-1000.0, 0.0, 0.0),
        (-38.0, -1.096462777e-314, -4.1665545693e-313),
        (-30.0, -1.472014178144456e-196, -4.416031690708495e-195),
        (-10.0, -7.619853024160526e-23, -7.618400096464814e-22),
        (-5.5, -1.0444259356238245e-07, -5.733472398739924e-07),
        (-1.0, -0.15865525393145705, -0.0833154705876863),
        (-0.75, -0.16997051428265114, 0.0007742782607648957),
        (-1e-09, -4.999999996010577e-10, 0.49999999920211546),
        (0.0, 0.0, 0.5),
        (0.3, 0.1853734266566858, 0.7323277668271099),
        (2.5, 2.4844758366855597, 1.037611085908145),
        (6.0, 5.999999994080474, 1.0000000354687095),
        (10.0, 10.0, 1.0),
        (1000.0, 1000.0, 1.0),
    ],
)
def test_gelu_has_its_digits_far_below_0_too(z, a, slope):
    gelu, at = ACTIVATIONS["gelu"], np.array([z])
    value = gelu.value(at)
    assert value[0] == pytest.approx(a, rel=1.5e-15, abs=1e-322)
    assert gelu.derivative(at, value)[0] == pytest.approx(slope, rel=2e-15, abs=1e-16 if -1 < z < 0 else 1e-322)


def test_gelu_is_scipy_s():
    z = np.linspace(-36.0, 36.0, 20_001)
    assert ACTIVATIONS["gelu"].value(z) == pytest.approx(z * special.ndtr(z), rel=1e-12, abs=0.0)


def test_softmax_shares_one_whole_whatever_the_size_of_z():
    a = SOFTMAX.value(np.array([[1000.0, 999.0, -1000.0], [0.0, 0.0, 0.0]]))
    assert a.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert a[0, 0] == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert a[1] == pytest.approx([1 / 3] * 3)


def test_softmax_works_on_each_row_by_itself():
    z = np.array([[1.0, 2.0], [3.0, -1.0]])
    assert SOFTMAX.value(z)[1] == pytest.approx(SOFTMAX.value(z[1:])[0])
    assert SOFTMAX.derivative(z, SOFTMAX.value(z)).shape == (2, 2, 2)


def test_the_rows_and_columns_of_softmaxs_jacobian_add_up_to_nothing():
    z = np.array([[0.3, -1.0, 2.0]])
    jacobian = SOFTMAX.derivative(z, SOFTMAX.value(z))[0]
    assert np.abs(jacobian.sum(axis=0)).max() < 1e-16
    assert np.abs(jacobian.sum(axis=1)).max() < 1e-16


def test_a_saturated_softmax_keeps_the_digits_of_its_slopes():
    z = np.array([[40.0, 0.0, 0.0]])
    jacobian = SOFTMAX.derivative(z, SOFTMAX.value(z))[0]
    assert jacobian[0, 0] == pytest.approx(2 * np.exp(-40.0), rel=1e-14)
    assert jacobian[0, 1] == pytest.approx(-np.exp(-40.0), rel=1e-14)


def test_the_sum_of_all_others_does_not_cancel():
    assert sum_of_others(np.array([[1.0, 1e-20, 2e-20]]))[0] == pytest.approx([3e-20, 1.0, 1.0], rel=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_sum_of_all_others_of_a_wide_layer_is_exact_and_takes_no_square_of_room(dtype):
    a = np.random.default_rng(0).random((4, 3000)).astype(dtype)
    a[:, 1000] = 1e8  # the others are summed as if it were not there
    tracemalloc.start()
    found = sum_of_others(a)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 8 * a.size
    exact = [[math.fsum(row[:j]) + math.fsum(row[j + 1 :]) for j in (0, 999, 1000, 2999)] for row in a.astype(float)]
    rounding = np.finfo(dtype).eps + 3000 * np.finfo(np.float64).eps  # of the result, and of each sum on the way
    assert found[:, [0, 999, 1000, 2999]] == pytest.approx(np.array(exact), rel=rounding)

"""Slopes by differences: close to the truth, and honest about how close."""

import numpy as np
import pytest

from workings.derivation.checking.differences import SMALL_STEP, central_difference, is_kink, sides, slopes

X = np.array([-3.0, -0.4, 0.0, 0.7, 2.5])
SMOOTH = {
    "sin": (np.sin, np.cos),
    "exp": (np.exp, np.exp),
    "cube": (lambda x: x**3, lambda x: 3 * x**2),
    "steep": (lambda x: np.tanh(30 * x), lambda x: 30 / np.cosh(30 * x) ** 2),
    "large": (lambda x: 1e8 + np.sin(x), np.cos),
    "line": (lambda x: 2 * x, lambda x: 2 + 0 * x),
}
smooth = pytest.mark.parametrize(("f", "slope"), SMOOTH.values(), ids=SMOOTH)


@smooth
def test_the_error_is_within_what_is_claimed(f, slope):
    found, error = slopes(f, X, np.maximum(1.0, np.abs(X)))
    assert np.all(np.abs(found - slope(X)) <= error)
    assert np.all(np.isfinite(error))


@pytest.mark.parametrize("name", ["sin", "exp", "cube", "steep", "line"])
def test_twelve_digits_are_nothing_special(name):
    f, slope = SMOOTH[name]
    found, error = slopes(f, X, np.maximum(1.0, np.abs(X)))
    assert np.abs(found - slope(X)).max() < 1e-10 * np.abs(slope(X)).max()
    assert error.max() < 1e-8 * np.abs(slope(X)).max()


def test_what_is_buried_under_a_large_number_is_not_claimed_to_be_seen():
    _, error = slopes(SMOOTH["large"][0], X, np.ones(5))
    assert np.all(error > 1e-7)


def test_steps_beside_a_kink_win_over_steps_across():
    found, _ = slopes(np.abs, np.array([1e-4, -1e-4, 1e-3]), np.ones(3))
    assert found == pytest.approx([1.0, -1.0, 1.0], rel=1e-9)


def test_a_function_may_give_several_numbers_for_each_entry():
    found, _ = slopes(lambda x: x * np.array([1.0, 2.0, 3.0]), np.array([0.5]), np.ones(1))
    assert found == pytest.approx([1.0, 2.0, 3.0])


def test_a_central_difference_uses_the_step_that_was_taken():
    x, h = np.array([1e6]), np.array([SMALL_STEP])  # 1e6 + 6e-6 is rounded, to 1e6 + 6.05...e-6
    assert central_difference(lambda x: 3 * x, x, h) == pytest.approx([3.0], rel=1e-9)


@pytest.mark.parametrize(
    ("f", "at", "kinked"),
    [
        (np.abs, [0.0, 0.5, -0.5], [True, False, False]),
        (lambda x: np.maximum(x - 1.0, 0.1 * (x - 1.0)), [0.0, 1.0, 3.0], [False, True, False]),
        (lambda x: np.abs(x) ** 1.01, [1.0], [False]),
        (np.sin, X, [False] * 5),
        (np.tanh, X, [False] * 5),
        (lambda x: 0 * x, X, [False] * 5),
        (lambda x: 1e6 * x, X, [False] * 5),
        (lambda x: np.exp(5 * x), X, [False] * 5),
    ],
)
def test_a_kink_is_told_from_a_bend(f, at, kinked):
    assert is_kink(f, np.array(at)).tolist() == kinked


def test_the_slopes_on_either_side():
    left, right = sides(lambda x: np.where(x > 0, 2 * x, -0.5 * x), np.array([0.0, 1.0]))
    assert left == pytest.approx([-0.5, 2.0])
    assert right == pytest.approx([2.0, 2.0])

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.engine.batches import data_for, one_hot, split
from workings.errors import InputError
from workings.network.network import Network


def test_one_hot():
    assert one_hot(np.array([2, 0]), 3).tolist() == [[0, 0, 1], [1, 0, 0]]


@given(st.integers(1, 60), st.floats(0, 0.99), st.integers(1, 5))
def test_a_split_shares_out_every_row_and_keeps_some_of_each_class_for_training(n_rows, share, n_classes):
    classes = np.arange(n_rows) * 7 % n_classes
    training, held_out = split(n_rows, share, classes)
    assert sorted([*training, *held_out]) == list(range(n_rows))
    assert set(classes[training]) == set(classes)
    for c in set(classes):
        n = int(np.sum(classes == c))
        assert abs(int(np.sum(classes[held_out] == c)) - share * n) <= 1


def test_a_split_reaches_along_the_whole_table_and_is_the_same_every_time():
    training, held_out = split(100, 0.2)
    assert np.array_equal(split(100, 0.2)[1], held_out)
    assert len(held_out) == 20 and len(training) == 80
    assert [int(np.sum((held_out >= start) & (held_out < start + 5))) for start in range(0, 100, 5)] == [1] * 20


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_a_single_row_is_trained_on(share):
    training, held_out = split(1, share)
    assert training.tolist() == [0] and held_out.tolist() == []


A_NETWORK = Network.create([1, 2], loss="cross_entropy", seed=0)


@pytest.mark.parametrize(
    "X",
    [np.array([[1j], [2.0]]), np.array([["2026-01-01"], ["2026-01-02"]], "datetime64[D]")],
    ids=["complex", "dates"],
)
def test_what_numpy_would_make_numbers_of_is_refused(X):
    with pytest.raises(InputError, match="X must hold numbers only"):
        data_for(A_NETWORK, X, [0, 1], None, None)


def test_a_class_that_is_no_number_at_all_is_told():
    with pytest.raises(InputError, match=r"class_weight names the class \(1, 2\), but y holds only 0, 1"):
        data_for(A_NETWORK, [[1.0], [2.0], [3.0]], [0, 1, 1], None, {(1, 2): 1.0})


def test_weights_without_a_sum_are_refused():
    with pytest.raises(InputError, match="sample_weight add up to more than the largest number there is"):
        data_for(A_NETWORK, [[1.0], [2.0]], [0, 1], [1e308, 1e308], None)

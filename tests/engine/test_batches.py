import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.engine.batches import one_hot, split


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

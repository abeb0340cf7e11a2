"""How many threads there are at most, and which number of them is taken from moment to moment."""

import pytest

from workings.engine import pace
from workings.engine.pace import Pace, most_threads
from workings.network.network import Network


def test_there_are_no_more_threads_than_have_enough_to_do(monkeypatch):
    monkeypatch.setattr(pace.os, "sched_getaffinity", lambda process: range(4), raising=False)
    for sizes, batch_size, threads in (
        ([2, 2, 2], 1, 1),
        ([20, 16, 3], 16, 1),
        ([784, 30, 10], 10, 2),
        ([784, 1024, 10], 1024, 4),
        ([784, 1024, 10], 2, 2),
    ):
        assert most_threads(Network.create(sizes, seed=0), batch_size) == threads


class Machine:
    """A clock, and what an update takes on so many threads."""

    def __init__(self, monkeypatch, **seconds):
        self.now, self.updates = 0.0, {1: 0, 2: 0}
        self.seconds = {1: seconds["one"], 2: seconds["two"]}
        monkeypatch.setattr(pace.time, "perf_counter", lambda: self.now)

    def train(self, by, n_updates):
        while n_updates:
            n_threads, n = by.choose(n_updates)
            assert 1 <= n <= n_updates
            self.now += n * self.seconds[n_threads]
            by.took(n_threads, n, n * self.seconds[n_threads])
            self.updates[n_threads] += n
            n_updates -= n


@pytest.mark.parametrize(("one", "two", "quicker"), [(1e-5, 6e-6, 2), (1e-5, 5e-5, 1)])
def test_nearly_all_updates_are_made_by_the_quicker_choice(monkeypatch, one, two, quicker):
    machine, by = Machine(monkeypatch, one=one, two=two), Pace(2, 1e-5)
    machine.train(by, 500_000)
    assert machine.updates[quicker] > 0.98 * 500_000
    assert machine.updates[3 - quicker] > 0


def test_it_is_noticed_when_the_other_choice_becomes_quicker(monkeypatch):
    machine, by = Machine(monkeypatch, one=1e-5, two=6e-6), Pace(2, 1e-5)
    machine.train(by, 100_000)
    machine.seconds[2], machine.updates = 1e-3, {1: 0, 2: 0}  # somebody else wants the second core
    machine.train(by, 500_000)
    assert machine.updates[1] > 0.95 * 500_000


@pytest.mark.parametrize(("n_threads", "seconds"), [(1, 1e-6), (2, 0.05)])
def test_nothing_is_tried_where_there_is_no_choice_or_an_update_is_long(n_threads, seconds):
    by = Pace(n_threads, seconds)
    for _ in range(3):
        assert by.choose(1000) == (n_threads, 1000)
        by.took(n_threads, 1000, 1.0)

"""Schedules: the rule over many updates and the formula of one say the same, and are those of other libraries."""

import math
from dataclasses import replace

import numpy as np
import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Reference
from workings.errors import InputError
from workings.network.schedules import (
    NUMBERS,
    SCHEDULES,
    Followed,
    chosen_schedule,
    schedule_named,
    with_settings,
)

each_schedule = pytest.mark.parametrize("name", SCHEDULES)
RATE, UPDATES = 0.3, np.arange(1, 41)
CUTS = (5, 6, 30)


def by_formula(schedule, update, cuts):
    formula = schedule.expression(Reference)
    numbers = {**schedule.settings, "eta_0": RATE, "t": float(update), "n": float(schedule.epoch)}
    numbers["cuts"] = float(sum(cut < update for cut in cuts))
    return RATE if formula is None else float(evaluate(formula, numbers.__getitem__))


@each_schedule
@pytest.mark.parametrize("epoch", [1, 4])
@pytest.mark.parametrize("warmup", [0, 3])
def test_the_formula_is_the_rule(name, epoch, warmup):
    schedule = schedule_named(f"{name}:warmup={warmup}").for_run(36, epoch)
    rates = schedule.rates(RATE, UPDATES, CUTS)
    for update, rate in zip(UPDATES.tolist(), rates.tolist(), strict=True):
        assert rate == pytest.approx(by_formula(schedule, update, CUTS), rel=1e-12, abs=1e-16)


@each_schedule
def test_the_rate_of_an_update_does_not_depend_on_how_many_are_asked_for(name):
    schedule = schedule_named(f"{name}:warmup=20").for_run(1000, 7)
    updates = np.arange(1, 1001)
    whole = schedule.rates(RATE, updates, CUTS)
    for size in (1, 3, 8, 100):
        parts = [schedule.rates(RATE, updates[at : at + size], CUTS) for at in range(0, 1000, size)]
        assert np.array_equal(np.concatenate(parts), whole)
    assert [schedule.rate(RATE, update, CUTS) for update in (1, 500)] == whole[[0, 499]].tolist()


@each_schedule
def test_it_is_never_negative_and_never_above_the_rate_of_the_start(name):
    rates = schedule_named(name).for_run(30, 1).rates(RATE, UPDATES, CUTS)
    assert np.all((rates >= 0) & (rates <= RATE)) and rates[0] == RATE
    assert rates.dtype == np.float64 and rates.shape == (40,)


@each_schedule
def test_its_numbers_have_names(name):
    assert set(schedule_named(f"{name}:warmup=1").numbers) <= {*NUMBERS, "t"}
    assert schedule_named(name).numbers == () or name != "constant"


def test_a_cosine_goes_over_the_whole_run_unless_it_is_told_otherwise():
    cosine = SCHEDULES["cosine"]
    assert cosine.lacks_length and str(cosine) == "cosine"
    bound = cosine.for_run(100, 10)
    assert str(bound) == "cosine:over=10.0" and not bound.lacks_length
    assert bound.for_run(500, 10) == bound
    assert schedule_named("cosine:over=3").for_run(100, 10).settings["over"] == 3
    assert bound.rate(RATE, 51) == pytest.approx(RATE / 2)
    assert bound.rate(RATE, 100) == pytest.approx(RATE * (1 + math.cos(0.99 * math.pi)) / 2, rel=1e-12)
    assert bound.rate(RATE, 101) == bound.rate(RATE, 1000) == 0.0


def test_a_warm_up_rises_evenly_to_what_the_schedule_has_then():
    schedule = replace(schedule_named("step:every=2,factor=0.1,warmup=3"), epoch=10)
    plain = replace(schedule_named("step:every=2,factor=0.1"), epoch=10)
    shares = schedule.rates(RATE, UPDATES) / plain.rates(RATE, UPDATES)
    assert shares == pytest.approx(np.minimum(1.0, UPDATES / 30))
    assert "rises" in schedule.reason and "rises" not in plain.reason


class TestPlateau:
    PLATEAU = schedule_named("plateau:patience=2,factor=0.1,threshold=0.01")

    def followed(self, costs):
        followed = Followed()
        for update, cost in enumerate(costs, start=1):
            followed = self.PLATEAU.after_epoch(followed, cost, update)
        return followed

    def test_it_cuts_when_the_cost_has_not_fallen_for_so_many_epochs(self):
        assert self.followed([3.0, 2.0, 1.0]) == Followed(1.0, 0, ())
        assert self.followed([3.0, 2.999, 2.98]) == Followed(2.98 if 2.98 < 3 - 0.03 else 3.0, 0, (3,))
        assert self.followed([1.0, 1.0, 1.0, 1.0, 1.0]) == Followed(1.0, 0, (3, 5))
        assert self.followed([1.0, 1.0, 0.5, 0.6]) == Followed(0.5, 1, ())

    def test_a_cost_that_is_no_number_is_no_improvement(self):
        assert self.followed([1.0, math.nan, math.inf]) == Followed(1.0, 0, (3,))
        assert self.followed([math.nan, 1.0]) == Followed(1.0, 0, ())

    def test_the_update_after_the_cut_is_the_first_with_the_smaller_rate(self):
        assert self.PLATEAU.rates(1.0, np.arange(1, 8), (3, 5)) == pytest.approx([1, 1, 1, 0.1, 0.1, 0.01, 0.01])


PEERS = {
    "step": lambda torch, by: torch.StepLR(by, 10, 0.5),
    "exponential": lambda torch, by: torch.ExponentialLR(by, 0.95),
    "cosine": lambda torch, by: torch.CosineAnnealingLR(by, 40),
    "constant:warmup=5": lambda torch, by: torch.LinearLR(by, 1 / 5, 1, 4),
}


@pytest.mark.parametrize("text", PEERS)
def test_rates_are_those_of_pytorch(text):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed; it is not needed but to compare with")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], RATE)
    peer, rates = PEERS[text](torch.optim.lr_scheduler, optimizer), []
    for _ in UPDATES:
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        peer.step()
    assert schedule_named(text).for_run(40, 1).rates(RATE, UPDATES) == pytest.approx(np.array(rates), rel=1e-9)


def test_settings_stand_behind_a_colon_and_are_written_back():
    record = schedule_named("step:every=3,warmup=2")
    assert record.settings == {"every": 3.0, "factor": 0.5, "warmup": 2.0}
    assert schedule_named(str(record)) == record
    assert chosen_schedule(record) is record and chosen_schedule("step") is SCHEDULES["step"]
    assert with_settings(record, {"factor": 0.1}).settings["factor"] == 0.1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cosin", "there is no schedule 'cosin'. Did you mean 'cosine'"),
        ("step:evry=3", "the schedule step has no setting 'evry'. Did you mean 'every'"),
        ("step:3", "'3' is no setting; one looks like every=10"),
        ("step:every=0", "every of the schedule step is '0', but must be a number above 0, and finite"),
        ("step:factor=2", "factor of the schedule step is '2', but must be a number above 0, and at most 1"),
        ("plateau:patience=0", "patience of the schedule plateau is '0', but must be a number of at least 1, and"),
        ("exponential:warmup=-1", "must be a number of at least 0, and finite"),
        (3, "schedule must be a name or a record of type Schedule, but is of type int"),
    ],
)
def test_what_is_no_schedule_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        chosen_schedule(text)

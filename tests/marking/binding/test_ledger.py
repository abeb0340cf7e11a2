"""What follows from a writer's numbers, whichever order they come in."""

import math
from itertools import islice
from random import Random

import pytest

import workings as wk
from workings.algebra.evaluate import evaluate
from workings.marking.binding.ledger import FURTHEST, Ledger
from workings.marking.binding.ways import quantities_of
from workings.marking.slips import exchanged
from workings.network.quantity import Quantity, parse_address


@pytest.fixture
def ledger():
    return Ledger(wk.load("two-two-two"))


def anew(ledger):
    """A ledger with the same claims that has worked out nothing yet."""
    return ledger.as_of(ledger.claimed)


@pytest.mark.parametrize("seed", range(5))
def test_after_each_claim_everything_is_as_if_worked_out_anew(ledger, seed):
    random = Random(seed)
    quantities = [*ledger.quantities(1), *ledger.quantities(2)]
    for q in random.sample(quantities, 25):
        ledger.claim(q, round(ledger.expected(q) + random.choice((0, 0.1)), 3))
        fresh = anew(ledger)
        for update in (1, 2):
            found = ledger.expected_of(ledger.equations.singles(update))
            assert found.tolist() == [[fresh.expected(each)] for each in ledger.quantities(update)]


def test_what_follows_is_the_value_of_the_equation(ledger):
    for address in ("z[1][1]", "a[2][2]", "C", "delta[1][2]", "dC/dW[1][2,1]", "W+[2][1,1]"):
        q = parse_address(address + "#1")
        assert math.isclose(ledger.expected(q), evaluate(ledger.formula(q), ledger.value), rel_tol=1e-15)


def test_a_claim_changes_what_follows_and_not_the_quantity_itself(ledger):
    z, a = Quantity("z", 1, (0,), update=1), Quantity("a", 1, (0,), update=1)
    before = ledger.expected(z), ledger.expected(a)
    ledger.claim(z, 2.0)
    assert ledger.expected(z) == before[0]
    assert ledger.value(z) == 2.0
    assert ledger.expected(a) != before[1]


def test_steps_that_were_written_are_not_written_out(ledger):
    delta, slope = Quantity("delta", 1, (0,), update=1), Quantity("da/dz", 1, (0,), update=1)
    written_out = list(ledger.forms(delta))
    ledger.claim(slope, 0.2)
    kept = list(ledger.forms(delta))
    assert slope in ledger.ways(delta)[-1].quantities
    assert kept != written_out
    assert list(ledger.as_of({}).forms(delta)) == written_out


def test_many_updates_ahead_nothing_is_known_until_one_has_come_near(ledger):
    far = Quantity("z", 1, (0,), update=FURTHEST + 2)
    assert math.isnan(ledger.expected(far))
    ledger.claim(Quantity("z", 1, (0,), update=2), 0.4)
    assert math.isfinite(ledger.expected(far))


def test_documents_about_one_network_share_its_equations():
    network = wk.load("two-two-two")
    first, second = Ledger(network), Ledger(network)
    first.claim(next(islice(first.quantities(1), 8, None)), 3.0)
    assert second.equations is first.equations
    assert second.claimed == {}


@pytest.mark.parametrize("seed", range(3))
def test_going_to_another_place_of_a_document_is_as_starting_there_anew(ledger, seed):
    random = Random(seed)
    written = random.sample([*ledger.quantities(1), *ledger.quantities(2)], 12)
    places = [ledger.so_far]
    for q in random.choices(written, k=16):
        ledger.claim(q, round(random.random(), 3))
        places.append(ledger.so_far)
    ledger.claim(Quantity("z", 2, (0,), update=2), 0.1)  # so that every round is near
    instead = {written[0]: 0.5}
    going, mended = ledger.as_of({}), ledger.as_of({})
    for place in random.choices(places, k=10):
        going.go_to(place)
        mended.go_to(place, instead)
        fresh, claimed = ledger.as_of(place.all()), place.all()
        assert mended.claimed == {q: instead.get(q, value) for q, value in claimed.items()}
        for update in (1, 2):
            singles = ledger.equations.singles(update)
            assert going.expected_of(singles).tolist() == fresh.expected_of(singles).tolist()


@pytest.mark.parametrize("activation", ["tanh", "relu"])  # relu decides by cases, which numbers can only do one by one
def test_a_formula_with_others_in_the_place_of_one_has_the_values_of_each(tmp_path, activation):
    text = TWO_TWO_ONE.format(activation=activation)
    (tmp_path / "network.toml").write_text(text, encoding="utf-8")
    ledger = Ledger(wk.load(tmp_path / "network.toml"))
    for address in ("da/dz[1][1]", "z[1][2]", "delta[1][1]", "C"):
        form = ledger.formula(parse_address(address + "#1"))
        for key in quantities_of(form):
            others = [q for q in ledger.quantities(1) if q.kind == key.kind]
            one_by_one = [ledger.number(exchanged(form, key, other)) for other in others]
            assert ledger.numbers_with(form, key, others).tolist() == one_by_one


TWO_TWO_ONE = """
inputs = [1, 2]
targets = [0.5]
learning_rate = 0.1
loss = "squared_error"
[[layers]]
activation = "{activation}"
weights = [[0.1, 0.4], [0.3, -0.5]]
biases = [0.2, 0.1]
[[layers]]
activation = "identity"
weights = [[0.6, 0.7]]
biases = [0.05]
"""

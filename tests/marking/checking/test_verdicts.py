"""What became of each claim: carried is what follows from an earlier slip, and nothing else."""

import pytest

import workings as wk
from tests.marking.pages import page
from workings.marking.checking.verdicts import carried, judged, with_carried
from workings.marking.json import as_json
from workings.marking.mark import mark

NET = wk.load("two-two-two")
WRONG_Z = """
net_h1 = 0.15*0.05 + 0.20*0.10 = 0.0275

out_h1 = sigmoid(0.0275) = 0.506875

net_h2 = 0.25*0.05 + 0.30*0.10 + 0.35 = 0.3925

out_h2 = sigmoid(0.3925) = 0.596884

net_o1 = 0.40*0.506875 + 0.45*0.596884 + 0.6 = 1.0713478
"""


def test_what_follows_from_a_slip_is_carried_from_it_and_the_rest_is_not():
    told = [each.verdict for each in judged(mark(WRONG_Z, NET))]
    assert told == ["wrong", "carried", "right", "rounded", "carried"]


def test_json_names_the_slip_that_a_number_follows_from():
    found = as_json(mark(WRONG_Z, NET))
    assert [(each["line"], each["quote"]) for each in found["carried"]] == [
        (2, "0.15*0.05 + 0.20*0.10 = 0.0275"),
        (4, "sigmoid(0.0275) = 0.506875"),
        (10, "0.40*0.506875 + 0.45*0.596884 + 0.6 = 1.0713478"),
    ]
    assert {each["from"]["line"] for each in found["carried"]} == {2}
    assert found["links"]["carried"] == 3
    assert found["links"]["read"] == sum(found["links"].values()) - found["links"]["read"]


def test_who_goes_on_with_the_right_number_carries_nothing():
    text = "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3875\n\nout_h1 = sigmoid(0.3775) = 0.593270\n"
    assert [each.verdict for each in judged(mark(text, NET))] == ["wrong", "rounded"]


def test_the_end_of_a_chain_follows_from_a_wrong_link_in_its_middle():
    marking = mark("z = 0.5*3 + 0.1*2 = 1.5 + 0.3 = 1.8\n")
    ((start, end, slip),) = carried(judged(marking))
    assert (marking.document.text[start:end], slip.claimed) == ("1.5 + 0.3 = 1.8", "0.3")


def test_without_a_network_numbers_tell_where_they_were_taken_from():
    text = "p = 1.25*3 = 3.57\n\nq = 3.57/2 = 1.785\n\nr = 2.25/3 = 0.75\n"
    assert [each.verdict for each in judged(mark(text))] == ["wrong", "carried", "right"]


@pytest.mark.parametrize("digits", [3, 6])
def test_nothing_is_carried_on_a_clean_page(digits):
    marking = mark(page(NET, digits).text, NET)
    found = judged(marking)
    assert {each.verdict for each in found} <= {"right", "rounded"}
    assert with_carried(marking.counts, found)["carried"] == 0


def test_a_wrong_zero_leaves_nothing_to_work_out():
    text = (
        "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0\n\nout_h1 = sigmoid(0) = 0.5\n\nnet_h2 = 0.25*0.05 + 0.35 = 0.3625\n"
    )
    told = [(each.verdict, each.is_trivial) for each in judged(mark(text, NET))]
    assert told == [("unclear", False), ("right", True), ("wrong", False)]

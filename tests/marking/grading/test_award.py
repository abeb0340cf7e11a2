"""Marks: for the working and for the number, with errors carried forward, and none for what is in doubt."""

import tomllib
from dataclasses import replace

import pytest

import workings as wk
from tests.marking.pages import page
from workings.marking.grading.award import award
from workings.marking.grading.scheme import default_scheme, scheme_of
from workings.marking.mark import mark

NET = wk.load("two-two-two")
RIGHT = "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775\n\nout_h1 = sigmoid(0.3775) = 0.593270\n"
NO_BIAS = "net_h1 = 0.15*0.05 + 0.20*0.10 = 0.0275\n\nout_h1 = sigmoid(0.0275) = 0.506875\n"
MISADDED = RIGHT.replace("0.3775", "0.3975").replace("0.593270", "0.598087")
MISTYPED = RIGHT.replace("+ 0.35 = 0.3775", "+ 0.53 = 0.5575").replace("0.3775) = 0.593270", "0.5575) = 0.635873")
LOST_SIGN = RIGHT.replace("= 0.3775", "= -0.3775").replace("(0.3775) = 0.593270", "(-0.3775) = 0.406730")
ZERO = "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0\n\nout_h1 = sigmoid(0) = 0.5\n"
BARE = "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775\n\nout_h1 = 0.593270\n"


def scheme(more="", quantity="z[1][1]"):
    return scheme_of(tomllib.loads(f'[[items]]\nquantities = ["{quantity}"]\n{more}'), "s.toml", NET)


def marks(text, more, quantity="z[1][1]"):
    (found,) = award(mark(text, NET), scheme(more, quantity))
    return found.marks


@pytest.mark.parametrize(
    ("text", "of_z", "of_a"),
    [
        (RIGHT, (1, 1), (1, 1)),
        (NO_BIAS, (0, 0), (1, 1)),
        (MISADDED, (1, 0), (1, 1)),
        (MISTYPED, (1, 0), (1, 1)),
        (LOST_SIGN, (1, 0), (1, 1)),
        (BARE, (1, 1), (0, 1)),
        (ZERO, (0, 0), (0, 0)),
        ("nothing", (0, 0), (0, 0)),
    ],
    ids=["right", "wrong working", "wrong sum", "mistyped", "lost sign", "no working", "zero", "empty"],
)
def test_method_and_accuracy_marks(text, of_z, of_a):
    for quantity, wanted in (("z[1][1]", of_z), ("a[1][1]", of_a)):
        assert (marks(text, "method = 1", quantity), marks(text, "accuracy = 1", quantity)) == wanted


def test_where_errors_are_not_carried_forward_the_working_still_counts():
    assert marks(NO_BIAS, "accuracy = 1\ncarried = false", "a[1][1]") == 0
    assert marks(NO_BIAS, "method = 1\ncarried = false", "a[1][1]") == 1


def test_how_exact_a_number_must_be():
    assert marks(MISADDED, "accuracy = 1\ntolerance = 0.05") == 1
    assert marks(MISADDED, "accuracy = 1\ntolerance = 0.01") == 0
    assert marks(RIGHT, "accuracy = 1\ndigits = 6", "a[1][1]") == 1
    assert marks(RIGHT.replace("0.593270", "0.59"), "accuracy = 1\ndigits = 3", "a[1][1]") == 0


def test_marks_are_shared_equally_and_what_is_not_there_is_told():
    (found,) = award(mark(RIGHT, NET), scheme("accuracy = 4", "z[*]"))
    assert found.marks == 1
    assert found.missing == ("z[1][2]", "z[2]")


def test_a_mark_that_rests_on_doubt_is_put_on_the_review_list():
    (found,) = award(mark(ZERO, NET), scheme("accuracy = 1"))
    assert (found.marks, found.review) == (0, ("z[1][1]",))
    marking = mark(NO_BIAS, NET)
    doubtful = replace(marking, findings=tuple(replace(f, confidence=0.4) for f in marking.findings))
    for quantity in ("z[1][1]", "a[1][1]"):
        (found,) = award(doubtful, scheme("method = 1\naccuracy = 1", quantity))
        assert (found.marks, found.review) == (0, (quantity,))


def test_every_slip_of_a_step_is_looked_at_for_the_working():
    text = "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.0075 + 0.2 + 0.35 = 0.5575\n"
    assert marks(text, "method = 1") == 1  # a product miscalculated, the rest carried on
    marking = mark(NO_BIAS, NET)
    (bias,) = marking.findings
    digit = replace(bias, kind="digit", candidates=("digit",))
    for first, second in ((digit, bias), (bias, digit)):
        (found,) = award(replace(marking, findings=(first, second)), scheme("method = 1"))
        assert (found.marks, found.review) == (0, ())
    unsure = replace(marking, findings=(digit, replace(bias, confidence=0.4)))
    (found,) = award(unsure, scheme("method = 1"))
    assert (found.marks, found.review) == (0, ("z[1][1]",))


def test_the_last_attempt_counts():
    assert marks(MISADDED.partition("\n")[0] + "\n\n" + RIGHT, "method = 1\naccuracy = 1") == 2


def test_a_faultless_page_has_all_marks():
    text = page(NET, 6).text
    awards = award(mark(text, NET), default_scheme(NET))
    assert [each.marks for each in awards] == [pytest.approx(each.item.marks) for each in awards]

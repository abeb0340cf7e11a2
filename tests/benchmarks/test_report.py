"""What was measured becomes a section of README.md, and nothing else there changes."""

import pytest

from benchmarks.figures import figure
from benchmarks.report import BEGIN, END, memory, peers, rewritten, short, time

RESULT = {
    "case": "2-2-2",
    "batch_size": 1,
    "seconds_an_update": figure([5.3e-8]),
    "figures": {"jax": figure([1.52]), "sklearn": figure([11_234.0]), "torch": figure([3400.0])},
    "wrong_weights": {},
}


def test_a_row_holds_our_time_and_the_ratios_of_the_others():
    assert peers([RESULT]).splitlines()[-1] == "| 2-2-2, 1 | 0.053 µs | 1.5 | 11,200 | 3,400 |  |"


def test_a_time_with_other_weights_is_not_told():
    wrong = RESULT | {"wrong_weights": {"jax": 0.5}}
    assert peers([wrong]).splitlines()[-1] == "| 2-2-2, 1 | 0.053 µs |  | 11,200 | 3,400 |  |"


@pytest.mark.parametrize(("is_met", "said"), [(True, "does not grow with"), (False, "takes grows with")])
def test_memory_that_grows_is_told(is_met, said):
    each = {"case": "2-2-2", "optimizer": "sgd", "batch_size": 1, "updates": [10, 200], "bytes": [4e6, 9e6]}
    assert said in memory([each | {"bytes_expected": {"parameters": 3e6}, "is_met": is_met}])


def test_only_what_stands_between_the_marks_is_written():
    page = f"# Title\n{BEGIN}\nold\n{END}\n## Limits\n"
    once = rewritten(page, "new")
    assert once == f"# Title\n{BEGIN}\n\nnew\n\n{END}\n## Limits\n"
    assert rewritten(once, "new") == once


@pytest.mark.parametrize("page", ["# Title\n", f"{BEGIN}\n", f"{END}\n{BEGIN}\n"])
def test_a_page_without_the_marks_is_left_alone(page):
    with pytest.raises(SystemExit, match="must hold"):
        rewritten(page, "new")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.053, "0.053"), (0.914, "0.91"), (0.97, "0.97"), (1.25, "1.2"), (9.97, "10"), (48.4, "48"), (123.4, "120"),
     (996.0, "1,000"), (11234.0, "11,200")],
)  # fmt: skip
def test_numbers_are_told_short(number, text):
    assert short(number) == text


@pytest.mark.parametrize(("seconds", "text"), [(5.3e-8, "0.053 µs"), (9.5e-4, "950 µs"), (0.0553, "55 ms")])
def test_a_time_is_told_in_the_unit_that_is_short(seconds, text):
    assert time(seconds) == text

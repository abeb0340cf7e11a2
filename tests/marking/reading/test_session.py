"""What Python printed belongs to what was typed before it."""

import pytest

from tests.marking.reading.test_chains import chains
from workings.marking.reading.session import with_outputs

SESSIONS = [
    (">>> h\narray([0.31, -0.2])", [["h", "(0.31, -0.2)"]]),
    (">>> W2.T @ d2   # back\ntensor([0.03, 0.04], grad_fn=<MvBackward0>)", [["W2^T @ d2", "(0.03, 0.04)"]]),
    (">>> z1 = W1 @ x\n>>> z1\nnp.float64(0.5)", [["z1", "W1 @ x", "0.5"]]),
    ("In [7]: q = 2 * p\n        q\n\nOut[7]: 0.25", [["q", "2*p", "0.25"]]),
    (">>> d = a - 1  # the error\n>>> d\n0.2", [["d", "a - 1", "0.2"]]),
    ("d = a - 1\nprint(d)\n0.2", [["d", "a - 1", "0.2"]]),
    (">>> d = a - 1\n>>> e\n0.2", [["d", "a - 1"], ["e", "0.2"]]),
    (">>> d == a\n>>> d\n0.2", [["d", "a"], ["d", "0.2"]]),
    ("print(h)  # [0.31 -0.2]", [["h", "(0.31, -0.2)"]]),
    ("print(h)\n[0.31 -0.2]", [["h", "(0.31, -0.2)"]]),
    ("s = 0.3 * p  # 0.15", [["s", "0.3*p", "0.15"]]),
    ("rate = 0.5  # 0.1", [["rate", "0.5"]]),
    ("print(a)\nprint(b)\n0.5\n0.25", []),
]


@pytest.mark.parametrize(("text", "found"), SESSIONS)
def test_outputs_are_the_other_side(text, found):
    assert chains(text) == found
    assert len(with_outputs(text)) == len(text)

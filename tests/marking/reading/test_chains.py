import pytest

from workings.algebra.read import read
from workings.algebra.write.text import write_text
from workings.marking.document import Document
from workings.marking.reading.chains import read_chains


def chains(text):
    return [[write_text(side.expression) for side in chain.sides] for chain in read_chains(Document(text)).chains]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("z0 = x0 * w0 + b0 z0 = 2 * 0.5 + 1 = 2 O0 = sigmoid(z0) O0 = sigmoid(2) = 0.8808",
         [["z0", "x0*w0 + b0"], ["z0", "2*0.5 + 1", "2"], ["O0", "sigma(z0)"], ["O0", "sigma(2)", "0.8808"]]),
        ("Step 1. Find dC/dO dC/dO = O - y = 0.25Step 2. Find dO/dz dO/dz = 0.5",
         [["dC/dO", "O - y", "0.25"], ["dO/dz", "0.5"]]),
        ("The inputs are x1 = 0.5 and x2 = -1 (both exact), the target is t = 1.",
         [["x1", "0.5"], ["x2", "-1"], ["t", "1"]]),
        ("x1 = 2 and w11 = 0.7, b1 = 0.5; z1 = w11 x1 + b1 = 0.7(2) + 0.5",
         [["x1", "2"], ["w11", "0.7"], ["b1", "0.5"], ["z1", "w11*x1 + b1", "0.7*(2) + 0.5"]]),
        ("d1 = e1 v (1 - h1^2) = 0.5", [["d1", "e1*v*(1 - h1^2)", "0.5"]]),
        ("h₁ = tanh z₁ = −0.5850", [["h1", "tanh(z1)", "-0.5850"]]),
        ("w[0] = -0.5 - 0.8 * 0.5 = -0.9", [["w0", "-0.5 - 0.8*0.5", "-0.9"]]),
        ("z = 0.3 * 1\n  = 0.3", [["z", "0.3*1", "0.3"]]),
        ("new_w = 0.2 - 0.8(0.0263) = 0.17896", [["new_w", "0.2 - 0.8*(0.0263)", "0.17896"]]),
        ("E = 1/2 (t - o)^2", [["E", "1/2*(t - o)^2"]]),
        ("p = g(0.54) = 0.6318", [["p", "g(0.54)", "0.6318"]]),
        ("h = o(1 - o) = 0.242, o = 0.4", [["h", "o*(1 - o)", "0.242"], ["o", "0.4"]]),
        ("# W11 = 0.4 (X1 to unit 1), W12 = -0.3", [["W11", "0.4"], ["W12", "-0.3"]]),
        (r"$\delta_A = e_A \, v (1 - h_A^2) = 0.5$", [["delta_A", "e_A*v*(1 - h_A^2)", "0.5"]]),
        ("w₁ ← 0.3 − 0.5 × (−0.025) = 0.313", [["w1", "0.3 - 0.5*(-0.025)", "0.313"]]),
    ],
)  # fmt: skip
def test_chains_are_found(text, found):
    assert chains(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "A well-known result - nothing new.",
        "Group: B, name: J. Okafor",
        "and/or",
        "1. First\n2. Second",
        "e.g. a 2-3-1 network",
    ],
)
def test_prose_is_no_mathematics(text):
    reading = read_chains(Document(text))
    assert not reading.chains
    assert not reading.unread


def test_what_cannot_be_read_is_told():
    (unread,) = read_chains(Document("so z = ?? in the end")).unread
    assert "right" in unread.reason


def test_a_side_stands_where_it_says():
    document = Document("first z1 = 0.5*2 = 1.0 then")
    (chain,) = read_chains(document).chains
    assert [read(document.text[side.start : side.end]) for side in chain.sides] == [s.expression for s in chain.sides]


@pytest.mark.parametrize("text", ["(" * 100_000, "=" * 20_000, "a=" * 5_000, "9**9**9 = 1", "$" * 10_000, "|" * 10_000])
def test_hostile_input_is_got_through(text):
    read_chains(Document(text))

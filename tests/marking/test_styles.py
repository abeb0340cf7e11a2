"""Worked backpropagation in the styles that people write: what the chains of each are."""

import pytest

from tests.marking.reading.test_chains import chains
from workings.marking.document import Document
from workings.marking.reading.chains import read_chains

STYLES = [
    (r"\begin{align*} \mathrm{net}_{h1} &= w_1 \cdot i_1 \\ &\quad + b_1 \\ &= 0.15 \cdot 0.05 + 0.35 \end{align*}",
     [["net_h1", "w1*i1 + b1", "0.15*0.05 + 0.35"]]),
    (r"$E = \tfrac12 \left( t - o \right)^2 = \tfrac{1}{2} \bigl(0.5\bigr)^2$",
     [["E", "1/2*(t - o)^2", "1/2*(0.5)^2"]]),
    (r"\[ \underbrace{0.74}_{\partial E/\partial o} \cdot \overbrace{0.18}^{\text{slope}} = 0.1332 \]",
     [["0.74*0.18", "0.1332"]]),
    (r"$\left(\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right) = M$", [["[[1, 2], [3, 4]]", "M"]]),
    (r"$z = \left[\begin{smallmatrix} 1 \\ 2 \end{smallmatrix}\right]$", [["z", "(1, 2)"]]),
    (r"$a_1^{[2]} = \sigma(z_1^{[2]})$", [["a1^{(2)}", "sigma(z1^{(2)})"]]),
    (r"$\mathbf{W}^{(2)\top} \delta = x$", [["(W^{(2)})^T @ delta", "x"]]),
    ("ｚ＝０．５＋０．２５", [["z", "0.5 + 0.25"]]),
    ("𝑧\u2009=\u20090.5\u2009·\u20092\u00a0=\u202f1", [["z", "0.5*2", "1"]]),
    ("a = 1/(1 + e⁻⁰·⁴⁵) = 0.6106", [["a", "1/(1 + e^-0.45)", "0.6106"]]),
    ("x = (0,05; 0,1), z = 0,15 · 0,05 = 0,0075", [["x", "(0.05, 0.1)"], ["z", "0.15*0.05", "0.0075"]]),
    ("g = 1.2·10⁻³ · 2 = 3.5e-05", [["g", "1.2*10^-3*2", "3.5e-05"]]),
    ("W = np.array([[0.1, 0.2],\n     [0.3, 0.4]], dtype=float)", [["W", "[[0.1, 0.2], [0.3, 0.4]]"]]),
    ("W =\n[[0.1 0.2]\n [0.3 0.4]]\nx = [0.1 -0.2]", [["W", "[[0.1, 0.2], [0.3, 0.4]]"], ["x", "(0.1, -0.2)"]]),
    ("a = 1 / (1 + np.exp(-0.45))  # = 0.6106", [["a", "1/(1 + exp(-0.45))", "0.6106"]]),
    ("0.15*0.05 + 0.35 => 0.3575", [["0.15*0.05 + 0.35", "0.3575"]]),
    ("w := w - 0.1*0.5 → 0.45", [["w", "w - 0.1*0.5", "0.45"]]),
    ("z1: 0.45\na1: 0.61, dE/dw5: 0.08", [["z1", "0.45"], ["a1", "0.61"], ["dE/dw5", "0.08"]]),
    ("Then z1 is 0.45 and a1 is 0.61.", [["z1", "0.45"], ["a1", "0.61"]]),
    ("r = 45/50 = 90%", [["r", "45/50", "90/100"]]),
    ("z1 = 0.5 x 0.2\n   + 0.1\n   = 0.2", [["z1", "0.5*0.2 + 0.1", "0.2"]]),
    ("> **z₁** = *0.5* · 2 =\n> 1.0", [["z1", "0.5*2", "1.0"]]),
    ("z1 = 1,234.5 + 2", [["z1", "1234.5 + 2"]]),
    ("Δw5 = -0.04, ∇E = (0.1, 0.2)", [["Deltaw5", "-0.04"], ["nablaE", "(0.1, 0.2)"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), STYLES)
def test_style(text, found):
    assert chains(text) == found
    assert not read_chains(Document(text)).unread


@pytest.mark.parametrize(
    "text",
    [
        "The network (2-3-1) → input → hidden → output.",
        "w5: 0.4 → 0.3589, and the loss went 0.298 → 0.291",  # a change
        "Weights:\nh1: 0.15, 0.2\nh2: 0.25, 0.3",
        "The error of h1 is 0.02 and the gradient for w5 is 0.08.",
        "Date: 2024-05-01, version 1.2.3, time: 10:30, ratio 3:1",
        "See https://a.org/?q=1&b=2 and [1].",
        "* 0.5 is the rate\n- 0.3 is nothing",
    ],
)
def test_what_only_looks_like_it_is_no_chain(text):
    reading = read_chains(Document(text))
    assert not reading.chains
    assert not reading.unread


@pytest.mark.parametrize("text", ["E = 2 * ½(yes − no)² = 0.29", "a = 1/(1 + ?) = 0.6"])
def test_half_a_formula_is_unread_and_no_claim(text):
    reading = read_chains(Document(text))
    assert len(reading.unread) == 1 or not reading.chains
    assert all(len(chain.sides) == 2 for chain in reading.chains)
    assert reading.unread

"""LaTeX: fractions and exponents without brackets, tall brackets only where they are needed."""

import pytest

from workings.algebra.read import read
from workings.algebra.write.latex import latex_name, write_latex


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("1/(1 + e^-z)", r"\frac{1}{1 + e^{-z}}"),
        ("1/2*(t - o)^2", r"\frac{1}{2} \cdot (t - o)^2"),
        ("0.5*(-0.038)", r"0.5 \cdot (-0.038)"),
        ("-(2/3)", r"-\frac{2}{3}"),
        ("(a/b)^2", r"\left(\frac{a}{b}\right)^2"),
        ("x*(a/b)", r"x \cdot \frac{a}{b}"),
        ("W^T @ d ⊙ s", r"W^T {} d \odot s"),
        ("(1, 2)", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"),
        ("[[1, 2]]", r"\begin{pmatrix} 1 & 2 \end{pmatrix}"),
        ("{z if z >= 0; 0 otherwise}", r"\begin{cases} z & \text{if } z \ge 0 \\ 0 & \text{otherwise} \end{cases}"),
        ("tanh(x) + ln(x) + relu(x)", r"\tanh(x) + \ln(x) + \operatorname{relu}(x)"),
        ("sqrt(x)*abs(x)", r"\sqrt{x} \cdot \left|x\right|"),
        ("sigma'(z)", r"\sigma'(z)"),
        ("f'(z)", "f'(z)"),
        ("1e-5*pi", r"\text{1e-5} \cdot \pi"),
        ("d/dw5 [w5*x]", r"\frac{\partial}{\partial w_5}[w_5 \cdot x]"),
    ],
)
def test_formulas(text, latex):
    assert write_latex(read(text)) == latex


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("w5^+", "w_5^+"),
        ("net_h1", r"\mathrm{net}_{h1}"),
        ("delta_o1", r"\delta_{o1}"),
        ("z1^{(2)}", "z_1^{(2)}"),
        ("w_{1,2}", "w_{1,2}"),
        ("w_delta", r"w_{\delta}"),
        ("dE_total/dw5", r"\frac{\partial E_{total}}{\partial w_5}"),
        ("x'", "x'"),
        ("learning rate {50%}", r"\text{learning rate \{50\%\}}"),
    ],
)
def test_names(name, latex):
    assert latex_name(name) == latex

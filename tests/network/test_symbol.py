"""Symbols in plain text and LaTeX, and what is typed read back."""

import pytest

from workings.network.symbol import Ratio, Slopes, Symbol, plain, read_symbol


@pytest.mark.parametrize(
    ("symbol", "text", "latex"),
    [
        (Symbol("w", "5"), "w5", "w_{5}"),
        (Symbol("net", "h1"), "net_h1", r"\mathrm{net}_{h1}"),
        (Symbol("E", "total"), "E_total", r"E_{\mathrm{total}}"),
        (Symbol("w", "13", "2"), "w^2_13", "w^{2}_{13}"),
        (Symbol("w", "10,3", "2"), "w^2_{10,3}", "w^{2}_{10,3}"),
        (Symbol("delta", "", "1"), "delta^1", r"\delta^{1}"),
        (Symbol("w", "5", new="+"), "w5+", "w^{+}_{5}"),
        (Symbol("w", "5", new="new"), "new_w5", r"w^{\text{new}}_{5}"),
        (Symbol("W", "", "2", "+"), "W^2+", "W^{2,+}"),
        (Symbol("z", "1", "2", sample=3), "z^2_1@3", "z^{2,(3)}_{1}"),
        (Symbol("Cost"), "Cost", r"\mathrm{Cost}"),
        (Symbol("eta"), "eta", r"\eta"),
    ],
)
def test_a_symbol_in_text_and_latex(symbol, text, latex):
    assert (symbol.text, symbol.latex) == (text, latex)
    assert read_symbol(plain(text)) == symbol
    assert read_symbol(plain(latex)) == symbol


def test_a_derivative_is_a_ratio():
    ratio = Ratio(Symbol("E", "total"), Symbol("w", "5"), 2)
    assert ratio.text == "dE_total/dw5@2"
    assert ratio.latex == r"\frac{\partial E^{(2)}_{\mathrm{total}}}{\partial w_{5}}"
    assert Ratio(Symbol("C"), Symbol("z", "1", "2")).text == "dC/dz^2_1"


def test_the_slopes_of_a_layer():
    slopes = Slopes("sigma", Symbol("z", "", "1"))
    assert (slopes.text, slopes.latex) == ("sigma'(z^1)", r"\sigma'(z^{1})")


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        (r"$\frac{\partial E_{total}}{\partial w_5}$", "dE_total/dw_5"),
        (r"\dfrac{\partial C}{\partial z^{1}_{2}}", "dC/dz^1_2"),
        (r"\mathrm{net}_{h1}", "net_h1"),
        ("∂E/∂w5", "dE/dw5"),
        ("δ^1_2", "delta^1_2"),
        (r"\delta^{1}", "delta^1"),
        (" 'w 5' ", "w5"),
        ("η", "eta"),
        ("λ", "lambda"),
    ],
)
def test_the_dress_is_taken_off(typed, bare):
    assert plain(typed) == bare


@pytest.mark.parametrize("typed", ["", "5w", "w5_3", "w^", "w__5", "w5@", "w+5", "dE/dw5", "w[1]"])
def test_what_is_no_symbol(typed):
    assert read_symbol(typed) is None


@pytest.mark.parametrize("typed", ["w_5", "w5", "w_{5}"])
def test_a_subscript_may_be_written_in_several_ways(typed):
    assert read_symbol(plain(typed)) == Symbol("w", "5")

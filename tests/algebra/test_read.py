"""What the reader makes of what people write; hostile input ends in an ExpressionError and in no time."""

import time

import numpy as np
import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import (
    DEEPEST_TREE,
    Add,
    Call,
    Cases,
    Condition,
    Constant,
    Derivative,
    Divide,
    Group,
    Hadamard,
    MatMul,
    Matrix,
    Multiply,
    Negate,
    Number,
    Power,
    Reference,
    Subtract,
    Transpose,
    contains,
    depth,
    references,
    substitute,
)
from workings.algebra.read import read
from workings.algebra.tidy import tidied
from workings.algebra.write.latex import write_latex
from workings.algebra.write.mathml import write_mathml
from workings.algebra.write.text import write_text
from workings.errors import ExpressionError

a, b, c, x, y, z = (Reference(name) for name in "abcxyz")
ONE, TWO, THREE = Number("1"), Number("2"), Number("3")
HALF = Divide(ONE, TWO)

STRUCTURE = {
    "a + b - c + x": Add((Subtract(Add((a, b)), c), x)),
    "0.5 * (-0.038)": Multiply((Number("0.5"), Negate(Number("0.038")))),
    "(a*b) + c": Add((Group(Multiply((a, b))), c)),
    "((a)) + c": Add((Group(a), c)),
    "(a + b)*c": Multiply((Add((a, b)), c)),
    "(a*b)*c": Multiply((Multiply((a, b)), c)),
    "2 * -3": Multiply((TWO, Negate(THREE))),
    "2*+3": Multiply((TWO, THREE)),
    "-a*b": Negate(Multiply((a, b))),
    "-2*b": Multiply((Negate(TWO), b)),
    "-x^2": Negate(Power(x, TWO)),
    "-2^2": Negate(Power(TWO, TWO)),
    "(-2)^2": Power(Negate(TWO), TWO),
    "2^3^x": Power(TWO, Power(THREE, x)),
    "2**x": Power(TWO, x),
    "a/b/c": Divide(Divide(a, b), c),
    "2*a/b*c": Multiply((Divide(Multiply((TWO, a)), b), c)),
    "a - -b*c": Subtract(a, Negate(Multiply((b, c)))),
    "e^-x": Power(Constant("e"), Negate(x)),
    "e^(-x)": Power(Constant("e"), Negate(x)),
    "pi": Constant("pi"),
    "0.50 + .5 + 1e-5": Add((Number("0.50"), Number(".5"), Number("1e-5"))),
    "1.2·10^-3": Multiply((Number("1.2"), Power(Number("10"), Negate(THREE)))),
    "10⁻³": Power(Number("10"), Negate(THREE)),
    "0.5(-0.0058)": Multiply((Number("0.5"), Negate(Number("0.0058")))),
    "2 x": Multiply((TWO, x)),
    "2x": Multiply((TWO, x)),
    "x(1 - x)": Multiply((x, Subtract(ONE, x))),
    "(a)(b)": Multiply((Group(a), Group(b))),
    "½(a − b)²": Multiply((HALF, Power(Subtract(a, b), TWO))),
    "a × b ÷ c": Divide(Multiply((a, b)), c),
    "ln 2": Call("ln", (TWO,)),
    "-ln p_2": Negate(Call("ln", (Reference("p2"),))),
    "tanh^2(x)": Power(Call("tanh", (x,)), TWO),
    "sigmoid(x)": Call("sigma", (x,)),
    "σ'(z)": Call("sigma'", (z,)),
    "sigmoid′(z)": Call("sigma'", (z,)),
    "sigma*x": Multiply((Reference("sigma"), x)),
    "max(0, x)": Call("max", (Number("0"), x)),
    "√x + 1": Add((Call("sqrt", (x,)), ONE)),
    "|x - |y||": Call("abs", (Subtract(x, Call("abs", (y,))),)),
    "2|x|": Multiply((TWO, Call("abs", (x,)))),
    "W^T @ x ⊙ y": Hadamard(MatMul(Transpose(Reference("W")), x), y),
    "xᵀ": Transpose(x),
    "(1, 2)": Matrix(((ONE,), (TWO,))),
    "[1, 2]": Matrix(((ONE,), (TWO,))),
    "[[1, 2], [3, x]]": Matrix(((ONE, TWO), (THREE, x))),
    "[[1]]": Matrix(((ONE,),)),
    "[[a + b]*c]": Group(Multiply((Add((a, b)), c))),
    "[[1, 2], [3, x]] (1, 2)": MatMul(Matrix(((ONE, TWO), (THREE, x))), Matrix(((ONE,), (TWO,)))),
    "{z if z > 0; 0 otherwise}": Cases(((z, Condition(z, ">", Number("0"))),), Number("0")),
    "d/dx [x^2]": Derivative(Power(x, TWO), x),
    "∂L/∂o × ∂o/∂z": Multiply((Reference("dL/do"), Reference("do/dz"))),
    "dE / dw": Reference("dE/dw"),
    "delta/dw": Divide(Reference("delta"), Reference("dw")),
}

LATEX = {
    r"w_5 \, \text{out}_{h1} + b_2": Add((Multiply((Reference("w5"), Reference("out_h1"))), Reference("b2"))),
    r"\frac{1}{1+e^{-z}}": Divide(ONE, Add((ONE, Power(Constant("e"), Negate(z))))),
    r"\tfrac12 x": Multiply((HALF, x)),
    r"\frac1{x}": Divide(ONE, x),
    r"a \cdot \left(b + c\right)": Multiply((a, Add((b, c)))),
    r"(W^{(2)})^T \delta^{(2)}": MatMul(Transpose(Reference("W^{(2)}")), Reference("delta^{(2)}")),
    r"\delta (a)^{\top}": MatMul(Reference("delta"), Transpose(Group(a))),
    r"2 x^{\mathsf T}": Multiply((TWO, Transpose(x))),
    r"a {} b": MatMul(a, b),
    r"\sigma'(z) \odot x": Hadamard(Call("sigma'", (z,)), x),
    r"\sigma^{\prime}(z)": Call("sigma'", (z,)),
    r"\tanh x": Call("tanh", (x,)),
    r"\exp{x}^2": Power(Call("exp", (x,)), TWO),
    r"\sqrt{x}^2": Power(Call("sqrt", (x,)), TWO),
    r"\left|x\right|": Call("abs", (x,)),
    r"\lvert x \rvert": Call("abs", (x,)),
    r"\begin{bmatrix} 1 & 2 \\ 3 & x \\ \end{bmatrix}": Matrix(((ONE, TWO), (THREE, x))),
    r"\begin{cases} z & \text{for } z \geq 0 \\ 0 & \text{otherwise} \end{cases}": Cases(
        ((z, Condition(z, ">=", Number("0"))),), Number("0")
    ),
    r"\frac{\partial}{\partial x}\left[x^2\right]": Derivative(Power(x, TWO), x),
    r"\frac{\eta \partial E}{\partial w}": Multiply((Reference("eta"), Reference("dE/dw"))),
    r"\text{1e-5} \text{} \displaystyle": Number("1e-5"),
    r"0{,}5 \pi": Multiply((Number("0.5"), Constant("pi"))),
    r"{x}^2 \quad": Power(x, TWO),
}


@pytest.mark.parametrize("text", STRUCTURE)
def test_text_is_read_as_written(text):
    assert read(text) == STRUCTURE[text]


@pytest.mark.parametrize("text", LATEX)
def test_latex_is_read_as_written(text):
    assert read(text) == LATEX[text]


@pytest.mark.parametrize(
    ("spelling", "variants"),
    [
        ("net_h1", ["net_h1", "net_{h1}", "net_{h_1}", r"\text{net}_{h1}", r"\mathrm{net}_{h_{1}}", r"net_\text{h1}"]),
        ("w5", ["w5", "w_5", "w_{5}", "w₅", r"\mathbf{w}_5", r"\vec w_5"]),
        ("w5^+", ["w_5^+", "w5^+", "w_{5}^{+}", "w^+_5", "w₅⁺"]),
        ("new_w0", ["new_w0", "new_w_0", r"\text{new\_w0}", r"\text{new}_{w0}"]),
        ("delta_o1", ["delta_o1", "δ_o1", "δ_{o1}", r"\delta_{o1}"]),
        ("dE_total/dw5", ["dE_total/dw_5", "∂E_total/∂w₅"]),
        (
            "dE_total/dw5",
            [r"\frac{\partial E_{total}}{\partial w_5}", r"\frac{dE_{total}}{dw_5}"],
        ),
        ("dE/dw", [r"\frac{\mathrm{d}E}{\mathrm{d}w}", r"\partial E / \partial w", "dE/dw"]),
        ("z1^{(2)}", ["z^{(2)}_1", "z_1^{(2)}", "z₁⁽²⁾"]),
        ("w^{(new)}", [r"w^{\text{new}}", "w^{(new)}", r"w^\text{new}"]),
        ("m_hat", ["m̂", r"\hat{m}", r"\hat m", "m_hat"]),
        ("y_hat1", ["ŷ_1", r"\hat{y}_1", "y_hat_1"]),
        ("w_{1,2}", ["w_{1,2}", "w_{1, 2}"]),
        ("w_delta", [r"w_\delta", "w_δ", r"w_{\delta}"]),
        ("epsilon", ["ε", r"\varepsilon", r"\epsilon"]),
        ("x'", ["x'", "x′", r"x^\prime"]),
        ("d", ["∂", r"\partial"]),
    ],
)
def test_a_name_has_one_spelling(spelling, variants):
    for variant in variants:
        assert read(variant) == Reference(spelling), variant


def test_options():
    assert read("0,5*x", decimal_comma=True) == Multiply((Number("0.5"), x))
    assert read("max(0,5; x)", decimal_comma=True) == Call("max", (Number("0.5"), x))
    assert read("g(x)") == Multiply((Reference("g"), Group(x)))
    assert read("g(x)", functions={"g"}) == Call("g", (x,))
    assert read("a b", form="latex") == Multiply((a, b))
    with pytest.raises(ExpressionError):
        read("a b", form="text")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 +", "the end at character 4: expected a number, a name or an opening bracket"),
        ("", "the end at character 1"),
        ("(1", "'(' at character 1: expected a closing ')'"),
        ("(1]", "']' at character 3: expected an opening bracket"),
        ("1)", "')' at character 2"),
        ("a b", "'b' at character 3: expected an operator"),
        ("a = b", "'=' at character 3"),
        ("a $ b", "'b' at character 5"),
        ("1 2", "'2' at character 3"),
        ("f(1, 2)", "'f(...)' at character 1: expected a known function"),
        ("ln", "the end at character 3"),
        ("W[1]", "'[' at character 2"),
        ("x_", "the subscript '' at character 2"),
        ("x_{§}", "the subscript '§' at character 2"),
        ("x_{1", "'{' at character 3: expected a closing '}'"),
        ("§", "'§' at character 1"),
        ("\x00", "at character 1"),
        ("1e9999999", "an exponent of at most 6 digits"),
        ("[[1, 2], [3]]", "rows of 2, 1 entries at character 1"),
        ("[[1, 2], 3]", "expected a row in square brackets"),
        ("{a if b > 0}", "'otherwise' in its last line"),
        ("{a if b; 0 otherwise}", "expected a comparison"),
        ("|a", "the end at character 3: expected '|'"),
        ("d/dx x", "'x' at character 6"),
        ("d/dx [1, 2]", "expected d/dx and square brackets"),
        (r"\frac{d}{dx} x", "expected the brackets around what is differentiated"),
        (r"\foo", r"the command '\\foo' at character 1"),
        (r"\sqrt[3]{x}", "a root is"),
        (r"\begin{align} 1 \end{align}", "the environment 'align'"),
        (r"\begin{matrix} 1 \end{pmatrix}", "expected \\ or \\end{matrix}"),
        (r"\begin{matrix} \end{matrix}", "rows of no entries"),
        (r"\mathbf{+}", "expected a name"),
        (r"\mathbf{x + y}", "expected one name in the braces"),
        (r"\hat", "expected a name"),
        ("\\", "at character 1"),
    ],
)
def test_an_error_says_what_and_where(text, message):
    with pytest.raises(ExpressionError) as refused:
        read(text)
    assert message.replace("\\\\", "\\") in str(refused.value).replace("\\\\", "\\")


HOSTILE = {
    "brackets": "(" * 100_000,
    "balanced brackets": "(" * 50_000 + ")" * 50_000,
    "a megabyte": "x" * 1_000_000,
    "signs": "-" * 99_999 + "x",
    "signs after a sign": "2*" + "-" * 99_000 + "x",
    "powers": "2^" * 49_000 + "2",
    "braces": "_{" * 50_000,
    "subscripts": "x_{" * 33_000,
    "fonts": r"\mathbf{" * 12_000,
    "closed fonts": r"\mathbf{" * 20 + "x" + "}" * 20,
    "differentials": "∂" * 100_000,
    "functions": "ln " * 33_000,
    "roots": "√" * 100_000,
    "bars": "|" * 100_000,
    "fractions": r"\frac{" * 16_000,
    "null bytes": "\x00" * 100_000,
    "quotes": "x" + "'" * 99_999 + "(",
    "matrices": "[" * 100_000,
    "environments": r"\begin{pmatrix}" * 6_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_input_is_refused_at_once(kind):
    start = time.monotonic()
    with pytest.raises(ExpressionError):
        read(HOSTILE[kind])
    assert time.monotonic() - start < 10, "a hang, even on a busy machine"


def test_a_tower_of_powers_is_read_and_not_computed():
    assert write_text(read("9**9**9")) == "9^(9^9)"


@pytest.mark.parametrize("sign", [" + ", "*"])
def test_a_long_sum_and_a_long_product_are_one_level(sign):
    chain = sign.join(["x"] * 5_000)
    assert depth(read(chain)) == 1
    assert write_text(read(chain)) == chain


DEEP = {
    "differences": " - ".join(["x"] * (DEEPEST_TREE + 1)),
    "alternating signs": " - ".join(["x*y + 1"] * (DEEPEST_TREE // 2)),
    "quotients": "/".join(["y"] * DEEPEST_TREE) + "/x",
    "matrix products": " @ ".join(["A"] * (DEEPEST_TREE + 1)),
    "products by entry": " ⊙ ".join(["x"] * (DEEPEST_TREE + 1)),
    "turned round": "x" + "^T" * DEEPEST_TREE,
    "brackets": "(y - x*" * 50 + "x" + ")" * 50,
}


@pytest.mark.parametrize("kind", DEEP)
def test_the_deepest_that_is_read_can_be_worked_with(kind):
    values = {"x": np.float64(0.5), "y": np.float64(3.0), "A": np.eye(2)}
    one, other = read(DEEP[kind]), read(DEEP[kind])
    assert depth(one) >= 100
    assert one == other
    assert hash(one) == hash(other)
    assert substitute(one, lambda reference: reference) == one
    assert {reference.key for reference in references(one)} <= {*"xyA"}
    assert not contains(one, Cases)
    assert np.all(np.isfinite(evaluate(one, values.__getitem__)))
    assert all(write(one) for write in (write_text, write_latex, write_mathml))
    assert tidied(one) == tidied(other)


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("x - " + DEEP["differences"], DEEPEST_TREE + 1),
        (" - ".join(["a"] * 3_000), 2_999),
        (" - ".join(["a*b + c"] * 600), 1_200),
        ("x^T" + "^T" * DEEPEST_TREE, DEEPEST_TREE + 1),
        ("/".join("x" * 50_000), 49_999),
    ],
    ids=["one more", "minus signs", "pairs", "turned round", "the longest"],
)
def test_what_goes_deeper_is_refused(text, deep):
    with pytest.raises(ExpressionError, match=f"this formula is {deep} operations deep, but at most 200 can be"):
        read(text)

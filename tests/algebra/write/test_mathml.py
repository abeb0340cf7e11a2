"""MathML: well-formed, escaped, two-dimensional where the mathematics is."""

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from algebra.expressions import expressions
from workings.algebra.expression import Reference
from workings.algebra.names import NameParts, spelling
from workings.algebra.read import read
from workings.algebra.write.mathml import mathml_name, write_mathml

# What MathML Core draws without a style sheet.
CORE = {"math", "mrow", "mi", "mo", "mn", "mtext", "mfrac", "msup", "msub", "msubsup", "msqrt", "mtable", "mtr", "mtd"}
CHILDREN = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3}


@given(expression=expressions(groups=True))
@settings(deadline=None)
def test_every_expression_is_well_formed_core_mathml(expression):
    for element in ElementTree.fromstring(write_mathml(expression)).iter():
        assert element.tag in CORE
        assert len(element) == CHILDREN.get(element.tag, len(element))


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("a/b", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        ("e^-z", "<msup><mrow><mi>e</mi></mrow><mrow><mo>−</mo><mi>z</mi></mrow></msup>"),
        ("(a/b)^2", "<mrow><mo>(</mo><mfrac>"),
        ("{z if z <= 0; 0 otherwise}", "<mtext>if </mtext><mi>z</mi><mo>≤</mo><mn>0</mn>"),
        ("{z if z < 0; 0 otherwise}", "<mo>&lt;</mo>"),
        ("abs(x)", "<mo>|</mo><mi>x</mi><mo>|</mo>"),
        ("sqrt(x)", "<msqrt><mi>x</mi></msqrt>"),
        ("sigma'(z)", "<msup><mi>σ</mi><mrow><mo>′</mo></mrow></msup>"),
        ("w5^+*2", "<msubsup><mi>w</mi><mn>5</mn><mrow><mo>+</mo></mrow></msubsup>"),
        ("(w5^+)^2", "<mo>)</mo>"),
    ],
)
def test_formulas(text, piece):
    assert piece in write_mathml(read(text))


def test_names_are_escaped_and_set():
    assert mathml_name("<b> & co") == "<mi>&lt;b&gt; &amp; co</mi>"
    assert mathml_name("delta_o1") == "<msub><mi>δ</mi><mi>o1</mi></msub>"
    assert mathml_name("x'") == "<msup><mi>x</mi><mrow><mo>′</mo></mrow></msup>"
    assert mathml_name("dE/dw").startswith("<mfrac><mrow><mo>∂</mo><mi>E</mi></mrow>")


def test_layer_and_sample_stand_above():
    assert mathml_name("w^{2}_13") == "<msubsup><mi>w</mi><mn>13</mn><mrow><mn>2</mn></mrow></msubsup>"
    assert mathml_name("C@2") == "<msup><mi>C</mi><mrow><mo>@</mo><mn>2</mn></mrow></msup>"


def test_distinct_names_look_distinct():
    stems, subscripts, layers = ("w", "out", "delta"), ("", "1", "13", "h1", "1,2"), ("", "2", "2,+")
    names = {
        spelling(NameParts(stem, subscript, primes, superscript, layer if subscript else "", sample))
        for stem, subscript, layer in itertools.product(stems, subscripts, layers)
        for primes, superscript, sample in itertools.product((0, 1), ("", "+", "(2)"), ("", "@2", "@13"))
    }
    assert len({mathml_name(name) for name in names}) == len(names)


def test_display():
    assert write_mathml(Reference("x"), display=True).startswith('<math display="block">')

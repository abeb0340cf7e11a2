"""Web pages: what is read of them, and that every character can be found again in the file."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.marking.places import check_places
from workings.marking.reading.sourced import MOST_MARKUP
from workings.marking.reading.web_page import web_page


def read(body):
    """The lines of a page, without the space around them."""
    return [line.strip() for line in web_page(f"<!doctype html><html><body>{body}").text.strip().split("\n")]


def math(inside):
    return read(f"<math>{inside}</math>")


def test_an_unchanged_character_is_found_at_its_place():
    raw = "<html>\n<p>w<sub>h1</sub> &minus; <b>0.25</b> =\n2&frac12;</p></html>"
    sourced = web_page(raw)
    assert sourced.text == "w_{h1} − 0.25 = 2½\n"
    for char, at in zip(sourced.text, sourced.where, strict=False):
        assert raw[at] == char or raw[at] in "<&\n"
    minus = sourced.text.index("−")
    assert raw[sourced.where[minus] : sourced.where[minus + 1]] == "&minus;"
    number = sourced.text.index("0.25")
    assert raw[sourced.where[number] :].startswith("0.25</b>")
    assert raw[sourced.where[1] :].startswith("<sub>")


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("w<sub>1</sub>x<sup>2</sup>", ["w_1x^2"]),
        ("w<sub>11</sub><sup>(2)</sup> W<sup>T</sup> e<sup>&minus;z</sup>", ["w_{11}^{(2)} W^T e^{−z}"]),
        ("σ<sup>′</sup>(z), the 1<sup>st</sup> of<sub></sub> them", ["σ′(z), the 1st of them"]),
        ("w<sub>h<sub>1</sub></sub>", ["w_{h_1}"]),
        ("w<sub>1 <p>z = 1", ["w_1", "z = 1"]),  # never closed
        ("&part;E &#x2202;E &#8706;E &lt;&nbsp;&amp;", ["∂E ∂E ∂E < &"]),
        ("a &foo; b && &#; c &#xZ; &lt", ["a &foo; b && &#; c &#xZ; <"]),
        ("\U0001d464 = 1", ["w = 1"]),
        ("a<br>b<br/>c<div>d</div>e<p>f</p><h2>g</h2>h", list("abcdefgh")),
        ("one\nline", ["one line"]),
        ("<pre>a = 1\n  b = 2</pre>c", ["a = 1", "b = 2", "c"]),
        ("<ul><li>a<li>b</ul>c", ["- a", "- b", "c"]),
        ("a<script>if (1<2) {'</p>'}</script>b<style>p{}</style>c<!-- d > -->e<![if x]>f<?php 1 ?>g", ["abcefg"]),
        ("a <aside>b</aside c=d> </> < 3 <3 e", ["a", "b", "< 3 <3 e"]),
        (r"\(z_1 = 2\) and $a &lt; 3$", [r"\(z_1 = 2\) and $a < 3$"]),
    ],
)
def test_text(body, lines):
    assert read(body) == lines


def test_the_head_says_nothing():
    raw = "<html><head><title>z = 1</title><style>a</style><meta x=y></head><body>z = 2</body></html>"
    assert web_page(raw).text.strip() == "z = 2"
    assert web_page("<html><head><title>z = 1</title><p>z = 2").text.strip() == "z = 2"  # its end may be left out


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("<tr><th>w<sub>1</sub></th><th>w<sub>2</sub></th></tr>", ["| w_1 | w_2 |"]),
        ("<tbody><tr><td>1<td>2<tr><td><p>3</p><td>4<br>5", ["| 1 | 2 |", "| 3  | 4 5 |"]),
        ("<tr><td>z</td><td><i>=</i></td><td>5</td></tr>", ["z = 5"]),  # an equation, set in columns
        ("<tr><td>z = 5</td></tr><tr><td>= 6</td></tr>", ["z = 5", "= 6"]),
        ("<tr><td><p>z = 5</p><p>y = 6</p></td></tr>", ["z = 5", "y = 6"]),
        ("<tr><td><h1>a</h1>b</td><td><table><tr><td>1<td>2</table></td></tr>", ["a", "b", "", "| 1 | 2 |"]),
    ],
)
def test_tables(rows, lines):
    assert read(f"<table>{rows}</table>") == lines


@pytest.mark.parametrize(
    ("inside", "latex"),
    [
        ("<mi>z</mi><mo>=</mo><mn>0.5</mn><mo>&#x2062;</mo><mi>x</mi>", "z=0.5 x"),
        ("<mi>x</mi>\n <mi>y</mi>", "x y"),
        ("<mfrac><mrow><mi>∂</mi><mi>E</mi></mrow><mrow><mi>∂</mi><mi>w</mi></mrow></mfrac>", r"\frac{∂E}{∂w}"),
        ("<msub><mi>net</mi><mrow><mi>h</mi><mn>1</mn></mrow></msub>", r"\mathrm{net}_{h 1}"),
        ("<msubsup><mi>w</mi><mn>5</mn><mo>+</mo></msubsup>", "w_{5}^{+}"),
        ("<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup>", "{a+b}^{2}"),
        ("<msup><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow><mn>2</mn></msup>", "(a)^{2}"),
        ("<msup><mi>f</mi><mo>′</mo></msup>", "f'"),
        ("<mover><mi>y</mi><mo>^</mo></mover>", r"\hat{y}"),
        ("<msqrt><mn>2</mn><mi>x</mi></msqrt>", r"\sqrt{2 x}"),
        ("<mtext>if </mtext><mi>x</mi>", r"\text{if }x"),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd></mtr></mtable>",
            r"\begin{bmatrix}1 & 2 \\ 3\end{bmatrix}",
        ),
        (
            "<mtable><mtr><mtd><mi>z</mi></mtd><mtd><mo>=</mo><mn>1</mn></mtd></mtr></mtable>",
            r"\begin{aligned}z & =1\end{aligned}",
        ),
        (
            "<semantics><mrow><mi>z</mi></mrow><annotation encoding='application/x-tex'>z_1 &lt; 2</annotation>"
            "<annotation-xml>no</annotation-xml></semantics>",
            "z_1 < 2",
        ),
        ("<semantics><mi>z</mi><annotation encoding='StarMath 5.0'>no</annotation></semantics>", "z"),
    ],
)
def test_mathml(inside, latex):
    assert math(inside) == [f"${latex}$"]


def test_a_formula_is_read_once_where_it_is_also_drawn():
    katex = (
        '<span class="katex"><math><semantics><mi>z</mi><annotation encoding="application/x-tex">z</annotation>'
        '</semantics></math><span class="katex-html" aria-hidden="true"><span>z</span></span></span>'
    )
    assert read(f"a {katex} b") == ["a  $z$  b"]
    mathjax = '<span class="MathJax_Preview">z</span><script type="math/tex; mode=display">z = 1</script>'
    assert read(f"a {mathjax} b") == ["a  $$z = 1$$  b"]


PIECES = r"""
    < > & ; / = ' " <! <!-- --> <![ ]]> <? ?> &# &lt; &#x41; $ | <p> </p> <sub> </sub> <sup> <table> <tr> <td> </td>
    </table> <li> <br> <pre> <script> </script> <math> </math> <mfrac> <msup> <mover> <mrow> <mi> </mi> <mo> ^ ′
    <mtable> <mtr> <mtd> <annotation> <annotation~encoding=tex> </annotation> <span~aria-hidden=true> </span> <head>
    </head> <a~b=' <script~type=math/tex> 1 a é 𝑤 {"cells":[ {"source":[ "source": "a" \n \ud800 ]} , ] } ~
"""


@given(
    st.lists(st.sampled_from(PIECES.split()) | st.text(max_size=3), max_size=40).map("".join),
    st.sampled_from(["", "<html>", "<p>", '{"cells":[']),
)
@example('<span aria-hidden=true>"cells"', "<html>")
@example("<!-- --><!-- -->" * 200 + "x", "<!-- -->")  # every way to pair them would be tried
def test_nothing_is_too_broken_to_be_read(text, beginning):
    raw = beginning + text.replace("~", " ")
    check_places(web_page(raw))


HOSTILE = [
    "<",
    "<b>",
    "</>",
    "<!---->",
    "<!--a>",
    "<a b='>",
    '<a b=">" c ',
    "<a c ",
    "&lt;",
    "&#",
    "<td>",
    "<table><tr><td>",
]
HOSTILE += [
    "<sub>",
    "<math><msup><mrow>",
    "<mi>",
    "<script>",
    "<?",
    "</ script",
    "<![x[",
    "\n",
    "-- ",
    "<span aria-hidden=true>",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_markup_of_a_page_is_bounded(piece, monkeypatch):
    monkeypatch.setattr("workings.marking.reading.web_page.MOST_MARKUP", 2_000)
    check_places(web_page("<html>" + piece * (100_000 // len(piece))))  # minutes, if it took the square of its length


def test_after_too_much_markup_the_rest_stays_as_it_is():
    raw = "<html>" + "<i>x</i>" * MOST_MARKUP + "<b>the end</b>"
    sourced = web_page(raw)
    assert sourced.text.startswith("xxx")
    assert sourced.text.endswith("<b>the end</b>")
    check_places(sourced)

"""Pictures of networks, judged by what can be read back from their SVG."""

from __future__ import annotations

import itertools
import random
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from picture_reading import SVG, curves, faults, line_areas, rectangles, shown_numbers, wrong_numbers

from workings.derivation.trace import Trace
from workings.errors import InputError
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Example, Layer, Network, Parameters
from workings.network.notations import NOTATIONS
from workings.network.quantity import Quantity, parse_address
from workings.presentation.diagram import draw, figures
from workings.presentation.drawing import layout, paint

UNDER_A_TAG = "M80 186C150 186 150 186 225 186"  # where the tag of w2 is, in the forward picture of two-two-two


def network_of(
    sizes, seed=0, *, hidden="tanh", output="sigmoid", loss="half_squared_error", samples=1, scale=1.0, **more
):
    """A network with numbers drawn at random."""
    generator = np.random.default_rng(seed)
    pairs = list(itertools.pairwise(sizes))
    layers = tuple(
        Layer(n_in, n_out, ACTIVATIONS[output if number == len(pairs) else hidden])
        for number, (n_in, n_out) in enumerate(pairs, start=1)
    )
    parameters = Parameters.of(
        [scale * generator.normal(size=(n_out, n_in)) for n_in, n_out in pairs],
        [scale * generator.normal(size=n_out) for _, n_out in pairs],
    )
    example = Example(
        generator.normal(size=(samples, sizes[0])),
        generator.uniform(0.1, 0.9, size=(samples, sizes[-1])),
        learning_rate=0.5,
        is_batch=samples > 1,
    )
    return Network(layers, parameters, LOSSES[loss], example=example, **more)


def two_two_two():
    parameters = Parameters.of([[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]], [[0.35] * 2, [0.60] * 2])
    layers = (Layer(2, 2, ACTIVATIONS["sigmoid"]),) * 2
    example = Example(np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]), 0.5)
    return Network(layers, parameters, LOSSES["half_squared_error"], train_biases=False, example=example)


def random_pictures(count, seed):
    """Pictures of networks of up to 4 layers of up to 4 neurons, of every notation, both modes, numbers of any size."""
    chance = random.Random(seed)
    for number in range(count):
        network = network_of(
            [chance.randint(1, 4) for _ in range(chance.randint(2, 5))],
            seed=number,
            samples=chance.choice([1, 1, 3]),
            scale=chance.choice([1.0, 1.0, 1e-3, 30.0, 1e-300, 1e12]),
            l2=chance.choice([0.0, 0.0, 0.01]),
            train_biases=chance.choice([True, False]),
            title=chance.choice(["", "A title", "A title that is very much longer than most networks are wide " * 2]),
        )
        notation = chance.choice(list(NOTATIONS.values()))
        yield network, draw(Trace(network), notation, backward=number % 2 == 1)


def expected_addresses(network, *, backward, sample=None):
    """Every address that belongs into the picture of a network without folded layers."""
    sizes, at = network.sizes, "" if sample is None else f"@{sample + 1}"
    yield from (f"x[{k + 1}]{at}" for k in range(sizes[0]))
    yield from (f"y[{k + 1}]{at}" for k in range(sizes[-1]))
    yield f"C{at}"
    if sample is not None:
        yield "C"
    if network.l2:
        yield from ("R", "J")
    if sizes[-1] > 1:
        yield from (f"C[{k + 1}]{at}" for k in range(sizes[-1]))
    for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes), start=1):
        for j, kind in itertools.product(range(1, n_out + 1), ["z", "a"] + ["delta", "dC/da"] * backward):
            yield f"{kind}[{layer}][{j}]{at}"
        for j, kind in itertools.product(range(1, n_out + 1), ["b"] + ["dC/db", "b+"] * backward):
            yield f"{kind}[{layer}][{j}]"
            yield from (f"{kind.replace('b', 'W')}[{layer}][{j},{k}]" for k in range(1, n_in + 1))


def test_nothing_overlaps_and_every_number_is_right():
    for network, svg in random_pictures(100, seed=1):
        assert not faults(svg), (network.sizes, faults(svg)[:5])
        assert not list(wrong_numbers(svg, network)), network.sizes


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=lambda notation: notation.name)
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
def test_the_fullest_network_has_no_overlaps(notation, backward):
    network = network_of([4, 4, 4, 4, 4, 4], samples=2, l2=0.1)
    assert not faults(draw(Trace(network), notation, backward=backward, sample=1))


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("sizes", [(1, 1), (2, 2, 2), (2, 3, 1), (4, 3, 2, 4)], ids=str)
def test_every_quantity_is_shown_once(sizes, samples, backward):
    network = network_of(sizes, samples=samples, l2=0.1 * (samples > 1))
    sample = 2 if samples > 1 else None
    svg = draw(Trace(network), NOTATIONS["textbook"], backward=backward, sample=sample)
    expected = Counter(expected_addresses(network, backward=backward, sample=sample))
    assert Counter(address for address, _ in shown_numbers(svg)) == expected


def test_each_tag_lies_on_its_own_edge():
    network = network_of([3, 4, 2], seed=3)
    svg = draw(Trace(network), NOTATIONS["textbook"], backward=True)
    root = ET.fromstring(svg)
    home = {}  # the rectangle that each number stands in
    boxes = list(rectangles(svg))
    for text in root.iter(f"{SVG}text"):
        if text.get("data-quantity"):
            x, y = float(text.get("x")), float(text.get("y"))
            (home[text.get("data-quantity")],) = (
                box for box in boxes if box.left < x < box.right and box.top < y < box.bottom
            )

    def ends(box):
        middle = (box.top + box.bottom) / 2
        return (pytest.approx(box.left, abs=0.2), pytest.approx(middle, abs=0.2)), (
            pytest.approx(box.right, abs=0.2),
            pytest.approx(middle, abs=0.2),
        )

    edges = [(points[0], points[-1]) for points in curves(svg)]
    for layer, (n_in, n_out) in enumerate(itertools.pairwise(network.sizes), start=1):
        for j, k in itertools.product(range(1, n_out + 1), range(1, n_in + 1)):
            tag = home[f"W[{layer}][{j},{k}]"]
            source = home[f"x[{k}]" if layer == 1 else f"a[{layer - 1}][{k}]"]
            assert [start for start, end in edges if end == ends(tag)[0]] == [ends(source)[1]]
            assert [end for start, end in edges if start == ends(tag)[1]] == [ends(home[f"z[{layer}][{j}]"])[0]]
            assert home[f"W+[{layer}][{j},{k}]"] == home[f"dC/dW[{layer}][{j},{k}]"] == tag


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        (lambda svg: re.sub(r'(<text x=")([\d.]+)(" y="[\d.]+" font-size="12")', r"\g<1>150\3", svg), "overlaps"),
        (lambda svg: svg.replace(">0.3775<", ">0.37751234567890<"), "overlaps"),
        (lambda svg: re.sub(r'(<rect x=")([\d.]+)', r"\g<1>-9", svg), "leaves"),
        (lambda svg: svg.replace("</svg>", f'<path class="wk-edge" d="{UNDER_A_TAG}"/></svg>'), "runs under"),
    ],
    ids=["moved labels", "longer number", "outside", "foreign edge"],
)
def test_a_planted_fault_is_found(planted, told):
    svg = draw(Trace(two_two_two()), NOTATIONS["net-out"])
    assert not faults(svg)
    assert any(told in fault for fault in faults(planted(svg)))


@pytest.mark.parametrize(
    ("name", "value"), [("TAG_GAP", -4.0), ("CARD_GAP", -60.0), ("NAME_GAP", -30.0), ("JOIN", -9.0)]
)
def test_a_layout_that_is_too_tight_is_found(monkeypatch, name, value):
    monkeypatch.setattr(layout, name, value)
    assert any(faults(svg) for _, svg in random_pictures(20, seed=2))


def test_a_planted_wrong_digit_is_found():
    network = two_two_two()
    svg = draw(Trace(network), NOTATIONS["net-out"])
    assert not list(wrong_numbers(svg, network))
    assert len(list(wrong_numbers(svg.replace(">0.5933<", ">0.5934<"), network))) == 1


def test_the_classic_reads_as_expected():
    shown = dict(shown_numbers(draw(Trace(two_two_two()), NOTATIONS["net-out"], backward=True)))
    assert shown["W[2][1,1]"] == "0.4"
    assert shown["W+[2][1,1]"] == "0.3589"
    assert shown["dC/dW[2][1,1]"] == "0.08217"
    assert shown["delta[2][2]"] == "−0.03810"
    assert shown["C"] == "0.2984"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (2.0, "2"),
        (-0.05, "−0.05"),
        (20000.0, "20000"),
        (123456.0, "123456"),
        (0.12345, "0.12345"),
        (0.1234567, "0.1235"),
        (0.4 * 0.8, "0.32"),
        (0.99999999999, "1.000"),
        (0.49999999, "0.5000"),
        (1234.5678, "1235"),
        (0.00001, "1e−5"),
        (1e12, "1e12"),
        (-1.5e12, "−1.5e12"),
        (1e-300, "1e−300"),
        (5e-324, "5e−324"),
        (1.7976931348623157e308, "1.798e308"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "NaN"),
    ],
)
def test_figures(value, written):
    assert figures(value) == written


def test_huge_numbers_fit():
    network = network_of([3, 2, 3], hidden="identity", output="identity", scale=1e12)
    example = replace(network.example, inputs=np.array([[1e-300, -0.0, 1e150]]))
    network = replace(network, example=example)
    with np.errstate(over="ignore", invalid="ignore"):
        svg = draw(Trace(network), NOTATIONS["textbook"], backward=True)
        assert not faults(svg)
        assert not list(wrong_numbers(svg, network))
    assert {"1e−300", "0", "1e150", "∞"} <= {written for _, written in shown_numbers(svg)}


def test_large_layers_fold():
    network = network_of([784, 128, 10], scale=0.05)
    svg = draw(Trace(network), NOTATIONS["net-out"], backward=True)
    lines = {line.what for line in line_areas(svg)}
    assert {"784 inputs", "128 neurons", "10 neurons", "781 more", "125 more", "7 more"} <= lines
    shown = {address for address, _ in shown_numbers(svg)}
    assert {"x[1]", "x[2]", "x[784]", "a[1][128]", "delta[2][10]"} <= shown
    assert not {"x[3]", "x[783]"} & shown
    assert not any(parse_address(address).kind in ("W", "b", "W+", "b+", "dC/dW", "dC/db") for address in shown)
    assert not faults(svg)
    assert not list(wrong_numbers(svg, network))


def test_four_neurons_stand_unfolded_and_five_do_not():
    four = draw(Trace(network_of([4, 4])), NOTATIONS["textbook"])
    five = draw(Trace(network_of([4, 5])), NOTATIONS["textbook"])
    assert "folded" not in four
    assert "folded" in five
    assert "2 more" in five
    assert {"W[1][4,4]"} <= {address for address, _ in shown_numbers(four)}


def test_layers_beside_a_folded_one_keep_their_numbers():
    svg = draw(Trace(network_of([9, 3, 2])), NOTATIONS["textbook"], backward=True)
    shown = {parse_address(address) for address, _ in shown_numbers(svg)}
    assert {quantity.layer for quantity in shown if quantity.kind == "W"} == {2}
    assert not faults(svg)


def test_a_batch_shows_the_sample_asked_for():
    network = network_of([2, 3, 2], samples=3)
    first, default, third = (draw(Trace(network), NOTATIONS["textbook"], sample=i) for i in (0, None, 2))
    assert first == default != third
    assert "sample 3 of 3" in third
    assert dict(shown_numbers(third))["x[1]@3"] == figures(float(network.example.inputs[2, 0]))


@pytest.mark.parametrize(
    ("samples", "sample", "told"),
    [
        (3, 3, "there is no sample 4: the example has 3 samples, counted from 1"),
        (1, 1, "there is no sample 2: the example has one sample only"),
    ],
)
def test_a_sample_that_is_not_there_is_refused(samples, sample, told):
    with pytest.raises(InputError, match=told):
        draw(Trace(network_of([2, 2], samples=samples)), NOTATIONS["textbook"], sample=sample)


def test_the_only_sample_may_be_named():
    trace = Trace(network_of([2, 2]))
    assert draw(trace, NOTATIONS["textbook"], sample=0) == draw(trace, NOTATIONS["textbook"])


@pytest.mark.parametrize(
    "title", ["<b>&amp; \"quotes\" 'and' ]]>", "\x00\x1b[31m\ud800 red", "τίτλος 題名 🙂", "x" * 900, " \n\t "]
)
def test_any_title_makes_valid_xml_that_fits(title):
    svg = draw(Trace(replace(two_two_two(), title=title)), NOTATIONS["net-out"])
    assert svg.isascii()
    assert not faults(svg)


def test_it_is_accessible_and_self_contained():
    svg = draw(Trace(replace(two_two_two(), title="A title")), NOTATIONS["net-out"], backward=True)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert [root[0].tag, root[0].text, root[1].tag] == [f"{SVG}title", "A title", f"{SVG}desc"]
    assert "2 inputs, 2 hidden neurons, 2 outputs" in root[1].text
    assert "The cost is 0.2984" in root[1].text
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|<image|<foreignObject|@import|url\(", svg)


def test_a_negative_weight_is_dashed():
    network = two_two_two()
    flat = network.parameters.flat.copy()
    assert 'class="wk-edge wk-negative"' not in draw(Trace(network), NOTATIONS["net-out"])
    flat[0] = -0.15
    svg = draw(Trace(network.with_parameters(flat)), NOTATIONS["net-out"])
    dashed = [path for path in ET.fromstring(svg).iter(f"{SVG}path") if "wk-negative" in path.get("class")]
    assert len(dashed) == 3  # to the tag, from the tag, and in the legend
    assert re.search(r"\.wk-negative\{stroke-dasharray:", svg)


@pytest.mark.parametrize("theme", [paint._LIGHT, paint._DARK], ids=["light", "dark"])
def test_text_is_readable(theme):
    """The contrast that WCAG 2 asks for, level AA: 4.5 for text, 3 for lines that mean something."""
    for ground in ("paper", "card"):
        for text in ("ink", "muted", "forward", "backward", "updated"):
            assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
    assert contrast(theme["backward"], theme["slopes"]) >= 4.5
    for line in ("positive", "negative", "plain"):
        assert contrast(theme[line], theme["paper"]) >= 3.0, line


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_same_network_gives_the_same_picture():
    assert draw(Trace(two_two_two()), NOTATIONS["net-out"]) == draw(Trace(two_two_two()), NOTATIONS["net-out"])


def test_it_asks_the_trace_for_nothing_that_it_does_not_show():
    asked = []

    class Watched(Trace):
        def value(self, key):
            asked.append(key)
            return super().value(key)

    svg = draw(Watched(network_of([50, 40, 2])), NOTATIONS["textbook"])
    assert {str(quantity) for quantity in asked} == {address for address, _ in shown_numbers(svg)}
    assert Quantity("x", index=(30,)) not in asked

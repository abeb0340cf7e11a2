"""What --fix writes: wrong numbers and what follows from them, in the writer's own spelling, and nothing else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.marking.pages import page
from tests.marking.test_mark import CORPUS, NETWORK
from workings.algebra.read import read
from workings.marking.convention import Convention
from workings.marking.fixing.fix import fix, numeric_slips
from workings.marking.fixing.predicted import predicted, shown
from workings.marking.mark import mark
from workings.marking.slips import SLIPS
from workings.network.network_file import load, load_text


def network():
    return load_text(NETWORK.format(hidden="sigmoid", output="sigmoid").encode(), "network.toml")


@pytest.mark.parametrize("digits", [4, 6])
def test_a_clean_page_comes_back_as_it_was(digits):
    text = page(network(), digits).text
    assert fix(text, network()).text == text


@pytest.mark.parametrize(
    "code", [code for code, slip in SLIPS.items() if slip.rewrites and code != "missing_weight_decay"]
)
def test_every_slip_that_can_be_planted_is_put_right(code):
    net = network()

    def plant(ledger, q, formula):
        for made in SLIPS[code].rewrites(ledger, q, formula):
            if abs(ledger.number(made) - ledger.number(formula)) > 2e-5:
                return made
        return None

    found = fix(page(net, 6, plant).text, net)
    assert not numeric_slips(found.marking)
    assert not found.stuck
    assert results(found.text) == pytest.approx(results(page(net, 6).text), abs=3e-6)


def results(text):
    return [float(line.rpartition(" = ")[2]) for line in text.split("\n\n")]


CHAIN = "z = 0.5*3 + 0.1 = 1.7\n\na = sigmoid(1.7) = 0.8455\n\nb = 2*0.8455 - 0.3 = 1.391\n"


def test_what_follows_is_put_right_too():
    assert fix(CHAIN).text == "z = 0.5*3 + 0.1 = 1.6\n\na = sigmoid(1.6) = 0.8320\n\nb = 2*0.8320 - 0.3 = 1.364\n"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("z = 0,5*3,0 + 0,1 = 1,7", "z = 0,5*3,0 + 0,1 = 1,6"),
        ("z = 0.25 × (−0.5) = 0.125", "z = 0.25 × (−0.5) = −0.125"),
        ("z = 0.25 × 0.5 = −0.125, y = −0.5*2 = −1", "z = 0.25 × 0.5 = 0.125, y = −0.5*2 = −1"),
        ("$z = 0{,}5 \\cdot 3{,}0 = 1{,}7$", "$z = 0{,}5 \\cdot 3{,}0 = 1{,}5$"),
        ("z = .5*.5 = .35", "z = .5*.5 = .25"),
        ("z = 0.5*3 + 0.1 - 0.25 = 1.5 + 0.1 - 0.35 = 1.25", "z = 0.5*3 + 0.1 - 0.25 = 1.5 + 0.1 - 0.25 = 1.35"),
    ],
)
def test_numbers_are_spelled_as_their_writer_spells(wrong, right):
    assert fix(wrong).text == right


def test_line_ends_and_bytes_that_are_no_characters_stay():
    text = "\udcff\r\nz = 0.5*3 + 0.1 = 1.7\r\n\r\na = sigmoid(1.7) = 0.8455\n"
    assert fix(text).text == "\udcff\r\nz = 0.5*3 + 0.1 = 1.6\r\n\r\na = sigmoid(1.6) = 0.8320\n"


@given(st.text())
def test_what_holds_no_slip_is_left_alone(text):
    if not numeric_slips(mark(text)):
        assert fix(text).text == text


def test_a_side_that_cannot_be_taken_apart_is_solved_for_its_roundest_number():
    (found,) = predicted(read("0.9 - 0.01*0.2/(0.04 + 0.01)"), read("0.9 - 0.01*4.1234"), Convention(4))
    assert (found.at, found.new) == (2, Decimal("4.0000"))


@pytest.mark.parametrize(
    ("value", "like", "right"),
    [("0.25", "0.3", "0.25"), ("0.123456", "0.3", "0.1235"), ("0.000030772", "0.00030772", "0.000030772")],
)
def test_as_many_decimals_as_usual(value, like, right):
    assert str(Decimal(shown(Decimal(value), Decimal(like), Convention(4)))) == str(Decimal(right))


@pytest.mark.skipif(not CORPUS.exists(), reason="the labelled documents are not here")
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.network.toml")), ids=lambda path: path.name.partition(".")[0])
def test_the_labelled_documents_have_no_wrong_number_left(path):
    (document,) = (p for p in CORPUS.glob(path.name.partition(".")[0] + ".*") if p.suffix in {".md", ".txt"})
    text = document.read_text(encoding="utf-8")
    found = fix(text, load(path))
    assert not numeric_slips(found.marking)
    assert (found.text == text) == (not numeric_slips(mark(text, load(path))))

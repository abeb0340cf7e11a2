"""Input that no one would write by hand: it is got through, and nothing in it is run.

How long that takes is measured by ``make bench-marking``. A test that hangs tells where it is after two minutes.
"""

import random

import pytest

import workings as wk
from benchmarks.hostile import through
from benchmarks.planting.damage import REPEATED, mutated
from tests.marking.pages import page
from workings.marking.document import LONGEST_TEXT, Document
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.marking.reading.chains import MOST_RELATIONS, read_chains


@pytest.mark.parametrize("text", ["9**9**9 = 1", "z = exp(exp(exp(999))) = 1", "z = 1e999999 * 2 = 3", "a = 0.5^T = 1",
                                  f"z = 1/{'0' * 30_000}1 = 2", "z = 10^-30000 = 0.1", "z = 1e-400 = 1"])  # fmt: skip
def test_no_number_is_too_large(text):
    through(text)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_page_is_got_through(seed):
    network = wk.load(("two-two-two", "tanh-softmax")[seed // 2 % 2])
    through(mutated(page(network, digits=4).text, random.Random(seed)), network if seed % 2 else None)


@pytest.mark.parametrize("seed", [8, 38, 43])
def test_what_is_placed_anew_in_one_reading_is_not_looked_for_in_another(seed):
    network = wk.load("tanh-softmax")
    text = mutated(page(network, digits=6).text, random.Random(seed))
    through(text)
    through(text, network)


def test_what_is_too_long_is_told():
    marking = mark("z = 0.5*2 = 1\n" * 10_000)
    assert marking.reading.unread[-1].start == LONGEST_TEXT
    assert "100,000" in as_json(marking)["unread"][-1]["reason"]


@pytest.mark.parametrize("piece", REPEATED)
def test_repeated_junk_is_got_through(piece):
    through("z = " + piece * (1_000 // len(piece)))


@pytest.mark.parametrize("signs", [MOST_RELATIONS, MOST_RELATIONS + 1])
@pytest.mark.parametrize("piece", ["1=", "z: 1\n"])
def test_what_has_too_many_equations_is_told(piece, signs):
    text = "z" * (piece == "1=") + piece.replace("1=", "=1") * signs
    reading = read_chains(Document.of(text))
    assert sum(len(chain.relations) for chain in reading.chains) == MOST_RELATIONS
    told = [each for each in reading.unread if "1,000 equations" in each.reason]
    assert [text[each.start] for each in told] == ["=:"[piece != "1="]] * (signs > MOST_RELATIONS)


@pytest.mark.parametrize(
    "text",
    [r"\[ \( \begin{align} $$ z = 0.5*3 = 1.5 $$", r"\begin{align} \begin{gather} z = 0.5*3 = 1.5 \end{gather}"],
)
def test_a_formula_after_signs_that_close_nothing_is_read(text):
    (chain,) = read_chains(Document.of(text)).chains
    assert len(chain.sides) == 3


@pytest.mark.long
@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize("before", ["", "z = "])
def test_junk_of_any_length_is_got_through(piece, before):
    through(before + piece * (100_000 // len(piece)))
    through(before + piece * (10_000_000 // len(piece)))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1_000))
@pytest.mark.parametrize("example", ["two-two-two", "tanh-softmax"])
def test_any_damage_is_got_through(example, seed):
    network = wk.load(example)
    text = mutated(page(network, digits=6).text, random.Random(seed))
    through(text)
    through(text, network)

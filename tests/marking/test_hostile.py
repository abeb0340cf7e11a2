"""Input that no one would write by hand: it is got through in bounded time, and nothing in it is run."""

import json
import random
import time

import pytest

import workings as wk
from tests.marking.pages import page
from workings.marking.document import LONGEST_TEXT, Document
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.marking.reading.chains import MOST_RELATIONS, read_chains
from workings.marking.report import report

SECONDS = 2.0
"""Of processor time a document, so that other work on the machine does not count."""

JUNK = [
    "^",
    "**",
    "(",
    ")",
    "{",
    r"\frac{",
    "$",
    "9",
    "e99",
    "e999999",
    "=",
    "_",
    "-",
    "|",
    "/0",
    "\0",
    "^9^9",
    "[",
    "]]",
]
JUNK += ["!", r"\begin{bmatrix}", "&", ",", "0" * 400, "1e-300", "^T", "%", "→", ": 1", "<sub>", "&#0;", "\ufffd"]
LONG = [
    "(",
    ")",
    "()",
    "[",
    "[1,",
    "a=",
    "=",
    "a_{",
    "a^",
    "|",
    "$",
    "*a ",
    r"\frac{",
    r"\begin{align}",
    r"\underbrace{1}_{",
]
LONG += [
    "`",
    "-",
    "1+",
    "1 ",
    "\0",
    "\ufffd",
    "a: 1\n",
    "z1 is 0.5, ",
    "1.5*2 → ",
    "x²·",
    "Δa",
    "|x",
    "0,5",
    "<sub>",
    "&amp;",
    "1=",
    r"\[",
    r"\(",
    r"\begin{align}a=1 ",
    "0.5*0.3 = 0.15 = ",
    "= 1\n",
    "|a=1",
    "z = 0.5*0.3 = 0.15\n",
    "z1 = 0.1234*0.5 + 0.3 = 0.37\n",
    "# z = 1*2 = 3\n",
    r"$\sum_{i=1}^{9} x_i = 1$ ",
    "The cost falls from 0.5 to 0.4 after 3 rounds.\n",
    "[a](http://x.y/z?a=1) ",
    "<p>a<b>1",
]


def through(text, network=None, name=""):
    """Mark a text and write both reports; the processor time it took."""
    start = time.process_time()
    marking = mark(text, network, name=name)
    json.dumps(as_json(marking))
    list(report(marking))
    return time.process_time() - start


def mutated(text, rng):
    """The text with some of its characters deleted, doubled, exchanged or overwritten, or its lines shuffled."""
    for _ in range(rng.choice([1, 3, 10, 40])):
        i, j = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        n = rng.choice([1, 2, 5, 30])
        made = rng.randrange(6)
        if made == 0:
            text = text[:i] + text[i + n :]
        elif made == 1:
            text = text[: i + n] + text[i:]
        elif made == 2:
            text = text[:i] + text[j : j + n] + text[i + n : j] + text[i : i + n] + text[j + n :]
        elif made == 3:
            lines = text.split("\n")
            rng.shuffle(lines)
            text = "\n".join(lines)
        elif made == 4:
            text = text[:i] + chr(rng.randrange(0x250)) + text[i + 1 :]
        else:
            text = text[:i] + rng.choice(JUNK) + text[i:]
    return text


@pytest.mark.parametrize("text", ["9**9**9 = 1", "z = exp(exp(exp(999))) = 1", "z = 1e999999 * 2 = 3", "a = 0.5^T = 1",
                                  f"z = 1/{'0' * 30_000}1 = 2", "z = 10^-30000 = 0.1", "z = 1e-400 = 1"])  # fmt: skip
def test_no_number_is_too_large(text):
    through(text)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_page_is_got_through(seed):
    network = wk.load(("two-two-two", "tanh-softmax")[seed // 2 % 2])
    through(mutated(page(network, digits=4).text, random.Random(seed)), network if seed % 2 else None)


def test_what_is_too_long_is_told():
    marking = mark("z = 0.5*2 = 1\n" * 10_000)
    assert marking.reading.unread[-1].start == LONGEST_TEXT
    assert "100,000" in as_json(marking)["unread"][-1]["reason"]


@pytest.mark.parametrize("piece", LONG)
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
@pytest.mark.parametrize("piece", LONG)
@pytest.mark.parametrize("before", ["", "z = "])
def test_repeated_junk_takes_no_time(piece, before):
    assert through(before + piece * (100_000 // len(piece))) < SECONDS
    assert through(before + piece * (10_000_000 // len(piece))) < SECONDS


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1_000))
@pytest.mark.parametrize("example", ["two-two-two", "tanh-softmax"])
def test_any_damage_takes_no_time(example, seed):
    network = wk.load(example)
    text = mutated(page(network, digits=6).text, random.Random(seed))
    assert through(text) < SECONDS
    assert through(text, network) < SECONDS

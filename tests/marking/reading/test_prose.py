"""Claims in words: what a sentence says a number is, and what it does not say."""

import pytest

from workings.marking.document import Document
from workings.marking.reading.chains import read_chains
from workings.marking.reading.claims import claims
from workings.marking.reading.prose import told


def read(text):
    document = Document(text)
    return [
        ([str(claim.result) for claim in each.claims], each.kinds, each.where, each.neuron, each.moments)
        for each in told(document.pieces, list(claims(read_chains(document).chains)))
    ]


@pytest.mark.parametrize(
    ("text", "numbers", "meaning"),
    [
        ("The hidden neurons see 0.6 and 0.35.", ["0.6", "0.35"], ("z", "hidden", None, ())),
        ("Net inputs of the hidden layer are 0.6, 0.3 and -1.1.", ["0.6", "0.3", "-1.1"], ("z", "hidden", None, ())),
        ("The first hidden neuron receives 0.55.", ["0.55"], ("z", "hidden", 1, ())),
        ("The output of the second hidden neuron is 0.336.", ["0.336"], ("a", "hidden", 2, ())),
        ("The network's answer is 0.61.", ["0.61"], ("a", "output", None, ())),
        ("The errors of the output neurons are 0.14 and -0.04.", ["0.14", "-0.04"], ("delta", "output", None, ())),
        ("After 10,000 rounds the outputs are 0.016 and 0.98.", ["0.016", "0.98"], ("a", "output", None, (10_000,))),
        ("After two updates, for the record, the cost was 0.049.", ["0.049"], ("C", None, None, (2,))),
        ("Initially the loss is 0.29.", ["0.29"], ("C", None, None, (0,))),
    ],
)  # fmt: skip
def test_a_sentence_says_what_its_numbers_are(text, numbers, meaning):
    ((found, kinds, *rest),) = read(text)
    assert found == numbers
    assert any((kind, *rest) == meaning for kind in kinds)


def test_what_falls_from_one_number_to_another_had_the_one_before():
    (before, after) = read("After one update the cost falls from 0.085 to 0.065.")
    assert (before[0], before[-1]) == (["0.085"], (0,))
    assert (after[0], after[-1]) == (["0.065"], (1,))


def test_the_moment_may_come_last_and_it_is_what_was_spoken_of():
    found = read("The cost drops from 0.298 to 0.291 after one round, and after ten thousand it is 0.0000351.")
    assert [each[-1] for each in found] == [(0,), (1,), (10_000,)]
    assert all("C" in each[1] for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "The learning rate is 0.5.",
        "Without the bias the output is 0.4.",
        "The new cost is 0.29.",
        "After training the cost is 0.0003.",
        "We would like the network to say 0.99.",
        "The target output is 0.01.",
        "The accuracy of the network is 0.93.",
        "The cost of the 2 hidden neurons in chapter 3.",
        "The cost = 0.29 here and that is 0.5 of it.",
    ],
)
def test_of_a_sentence_that_is_not_understood_nothing_is_claimed(text):
    assert read(text) == []


def test_a_bare_chain_in_a_sentence_that_says_when_is_of_that_moment():
    ((numbers, kinds, *_rest, moments),) = read("After 100 updates C = 0.02.")
    assert (numbers, kinds, moments) == (["0.02"], (), (100,))

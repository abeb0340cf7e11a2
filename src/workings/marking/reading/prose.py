"""Claims in words: "the hidden neurons answer with 0.537 and 0.336", "after two updates the cost is 0.0491".

A number is somebody's claim where nothing but small words stand between it and the word for what it is. Any other word
in between ends it: of a sentence that is not understood nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from workings.algebra.expression import Negate, Number
from workings.algebra.lex import Token
from workings.marking.reading.chains import Chain, Side
from workings.marking.reading.claims import Claim
from workings.marking.reading.relations import Piece

Where = Literal["hidden", "output"]


@dataclass(frozen=True, slots=True)
class Told:
    """Numbers, and what the words before them say they are.

    Attributes
    ----------
    claims : tuple of Claim
        One for each number, without a subject; or the one bare chain with a name.
    kinds : tuple of str
        The kinds of quantity the word is used for; none where the name tells.
    where : {"hidden", "output"}, optional
        In which layers.
    layer, neuron : int, optional
        Which of them, and which neuron of it, counted from 1.
    moments : tuple of int
        How many updates had been made, one or another; none where it is not said.
    """

    claims: tuple[Claim, ...]
    kinds: tuple[str, ...]
    where: Where | None = None
    layer: int | None = None
    neuron: int | None = None
    moments: tuple[int, ...] = ()

    @property
    def start(self) -> int:
        """Where it begins in the document."""
        return self.claims[0].start


_KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("see", "receive", "preactivation"), ("z",)),
    **dict.fromkeys(("answer", "say", "fire", "respond", "return", "produce", "predict", "prediction"), ("a",)),
    "activation": ("a",),
    "cost": ("C",),
    "loss": ("C",),
    "error": ("delta", "C"),
    "delta": ("delta",),
}
"""What a word is used for; like all words here without the s of a plural or a verb."""

_TWO_WORDS = {("weighted", "input"), ("weighted", "sum"), ("net", "input"), ("pre", "activation")}
"""What is called a weighted input."""

_NEURONS = frozenset({"neuron", "unit", "node", "layer"})
_ORDINALS = {word: number for number, word in enumerate(("first", "second", "third", "fourth", "fifth"), start=1)}
_SMALL_WORDS = frozenset({
    "a", "about", "again", "already", "an", "and", "approximately", "are", "as", "at", "be", "become", "both", "but",
    "by", "down", "equal", "exactly", "have", "has", "in", "is", "its", "just", "nearly", "now", "of", "only", "our",
    "roughly", "s", "signal", "so", "still", "the", "their", "then", "therefore", "to", "total", "two", "up", "was",
    "we", "were", "with",
})  # fmt: skip
_FALLING = re.compile(r"(?:fall|drop|sink|goe?|decrease|shrink|rise|increase|change|move)(?:d|ed)?|went|fell|sank")
_LONGEST_WITHOUT_PLURAL = 3  # was, its
_UNITS = re.compile(r"(?:update|step|round|iteration|epoch|pass)(?:e?s)?", re.I)
_COUNTS: Mapping[str, int] = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
    )
} | {"twenty": 20, "fifty": 50, "hundred": 100, "thousand": 1_000, "a": 1, "million": 1_000_000}
_STARTS = frozenset({"initially", "before", "originally"})
_UNTOLD = frozenset({
    "after", "another", "could", "desired", "different", "end", "epoch", "eventually", "example", "expected", "final",
    "finally", "goal", "ideal", "if", "imagine", "instead", "iteration", "later", "might", "new", "next", "once",
    "other", "round", "should", "step", "suppose", "target", "trained", "training", "update", "want", "without",
    "would",
})  # fmt: skip
"""Words for another moment, or for something that is not so: nothing is claimed in the rest of such a sentence."""


def told(pieces: Sequence[Piece], claims: Sequence[Claim]) -> Iterator[Told]:
    """What is claimed in words between a document's chains, and by the bare chains of sentences that say when."""
    taken = {side.first: (side.last, claim) for claim in claims for side in claim.chain.sides}
    sentence = _Sentence()
    at = 0
    while at < len(pieces):
        if at in taken:
            at, claim = taken[at]
            is_dated = sentence.moments and not sentence.is_untold
            if is_dated and claim.is_given and claim.result is not None and at == claim.chain.sides[-1].last:
                yield Told((claim,), (), moments=sentence.moments)
            sentence.forget()
            continue
        found = _count(pieces, at) if sentence.may_count(pieces[at].token) else None
        if found is not None:
            at = sentence.dated(found[0], found[1], pieces)
            continue
        numbers, stop = _numbers(pieces, at)
        if numbers:
            yield from sentence.claimed(numbers, _moment_after(pieces, stop))
            at = stop
            continue
        sentence.read(pieces[at], pieces[at + 1] if at + 1 < len(pieces) else None)
        at += 1


@dataclass
class _Sentence:
    """What has been said so far, as far as it matters for the next number."""

    kinds: tuple[str, ...] = ()
    where: Where | None = None
    layer: int | None = None
    neuron: int | None = None
    moments: tuple[int, ...] = ()
    change: Literal["", "verb", "from", "to"] = ""
    last: Told | None = None
    before: str = ""
    counts_updates: bool = False
    is_untold: bool = False

    def forget(self) -> None:
        """A word that is not understood: what comes next is about something else."""
        self.kinds, self.where, self.layer, self.neuron, self.change = (), None, None, None, ""

    def read(self, piece: Piece, after: Piece | None) -> None:
        """Take in one word or sign."""
        token = piece.token
        word, following = _word(piece), _word(after) if after is not None else ""
        if piece.is_end("end", "cell") or (token.kind == "other" and word in {".", "!", "?", ":"}):
            self.forget()
            self.moments, self.counts_updates, self.is_untold = (), False, False
        elif token.kind == "stop" or word in {",", "-", "–", "(", ")"}:
            pass
        elif word == ";":
            self.forget()
            self.moments = ()
        elif word == "after" and after is not None and _is_count(after.token):
            pass
        else:
            self.word(word, following)
        if token.kind != "stop":
            self.before = word

    def word(self, word: str, following: str) -> None:
        """Take in one word."""
        if (self.before, word) in _TWO_WORDS or (self.before == "-" and word == "activation"):
            self.kinds = ("z",)
        elif (word, following) in _TWO_WORDS or word == "pre":
            pass
        elif word in {"hidden", "output"}:
            self.place(word, following)
        elif word == "network":
            self.where, self.neuron = "output", None
        elif word in _ORDINALS:
            self.neuron = _ORDINALS[word]
        elif word == "layer" and self.neuron is not None and self.where == "hidden":
            self.layer, self.neuron = self.neuron, None
        elif word in _KINDS:
            self.kinds, self.change = _KINDS[word], ""
        elif word == "it" and self.last is not None:
            self.kinds, self.where = self.last.kinds, self.last.where
            self.layer, self.neuron = self.last.layer, self.last.neuron
        elif self.kinds and _FALLING.fullmatch(word):
            self.change = "verb"
        elif word == "from" and self.change == "verb":
            self.change = "from"
        elif word == "to" and self.change == "from":
            self.change = "to"
        elif word in _STARTS:
            self.forget()
            self.moments = (0,)
        elif word not in _SMALL_WORDS and word not in _NEURONS:
            self.is_untold |= word in _UNTOLD
            self.forget()

    def place(self, word: str, following: str) -> None:
        """Hidden or output, as a noun the answer of what follows or went before."""
        if word == "hidden":
            self.where, self.layer = "hidden", None
            return
        if following in {*_NEURONS, "error", "delta", "activation"}:
            self.where, self.layer, self.neuron = "output", None, None
            return
        self.kinds, self.change = ("a",), ""
        if self.where is None:
            self.where = "output"

    def may_count(self, token: Token) -> bool:
        """Whether a number or a word for one here may say how many updates had been made."""
        return self.before == "after" and _is_count(token)

    def dated(self, count: int, at: int, pieces: Sequence[Piece]) -> int:
        """Take in how many updates had been made, if a word for updates follows or went before; where to go on."""
        has_unit = at < len(pieces) and _UNITS.fullmatch(pieces[at].token.text) is not None
        if has_unit or self.counts_updates:
            self.moments, self.counts_updates = (count,), True
        else:
            self.is_untold = True
        self.forget()
        self.before = "of time"
        return at + has_unit

    def claimed(self, numbers: Sequence[Claim], moment_after: tuple[int, ...]) -> Iterator[Told]:
        """What is claimed of some numbers, before a word for the moment or after it."""
        if not self.kinds or self.is_untold:
            return
        moments = self.moments or moment_after
        if self.change == "from":
            moments = tuple(dict.fromkeys((0, *(n - 1 for n in moments if n))))
        elif self.change == "to" and not moments:
            return
        found = Told(tuple(numbers), self.kinds, self.where, self.layer, self.neuron, moments)
        self.last = found
        self.kinds = self.kinds if self.change == "from" else ()
        yield found


def _word(piece: Piece) -> str:
    return _bare(piece.token.text)


@lru_cache(maxsize=4096)  # a page has few words, and each of them often
def _bare(written: str) -> str:
    """A word without the marks of a genitive and of a plural."""
    word = written.lower().rstrip("'")
    return word if len(word) <= _LONGEST_WITHOUT_PLURAL or word.endswith("ss") else word.removesuffix("s")


def _moment_after(pieces: Sequence[Piece], at: int) -> tuple[int, ...]:
    """The moment that follows here, as in "falls to 0.29 after one update"; empty where none does."""
    if at + 1 >= len(pieces) or _word(pieces[at]) != "after":
        return ()
    found = _count(pieces, at + 1)
    if found is None or found[1] >= len(pieces) or not _UNITS.fullmatch(pieces[found[1]].token.text):
        return ()
    return (found[0],)


def _is_count(token: Token) -> bool:
    return token.kind == "number" or token.text.lower() in _COUNTS


def _count(pieces: Sequence[Piece], at: int) -> tuple[int, int] | None:
    """A whole number in digits or words, and the piece after it."""
    token = pieces[at].token
    if token.kind == "number":
        return (int(token.text), at + 1) if token.text.isdecimal() and len(token.text) < 10 else None
    total = 1
    start = at
    while at < len(pieces) and (word := pieces[at].token.text.lower()) in _COUNTS:
        total *= _COUNTS[word]
        at += 1
    return (total, at) if at > start else None


def _numbers(pieces: Sequence[Piece], at: int) -> tuple[list[Claim], int]:
    """The numbers that are listed here, and the piece after them."""
    found: list[Claim] = []
    while (one := _number(pieces, at)) is not None:
        claim, stop = one
        found.append(claim)
        at = stop
        while stop < len(pieces) and pieces[stop].token.text.lower() in {",", "and", "or"}:
            stop += 1
        if stop == at or _number(pieces, stop) is None:
            break
        at = stop
    return found, at


def _number(pieces: Sequence[Piece], at: int) -> tuple[Claim, int] | None:
    """One number with its sign, as a claim; no number that something is worked out with."""
    sign = at < len(pieces) and pieces[at].token.kind == "symbol" and pieces[at].token.text == "-"
    first = at + sign
    if first >= len(pieces) or pieces[first].token.kind != "number":
        return None
    after = pieces[first + 1].token if first + 1 < len(pieces) else None
    if after is not None and after.kind == "symbol" and after.text not in {",", ";", ")"}:
        return None
    token = pieces[first].token
    if "." not in token.text and "e" not in token.text.lower():
        return None  # a count, or the number of something
    number = Number(token.text)
    side = Side(Negate(number) if sign else number, pieces[at].token.start, token.end, at, first + 1)
    return Claim(Chain((side,), ()), None, (), (side,)), first + 1

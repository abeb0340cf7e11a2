"""What a document gives before it begins to calculate: inputs, targets, weights, biases and rates, by name or in words.

Each kind of number is kept in the order of the text, for that order is what tells which neuron a weight belongs to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from workings.algebra.expression import Reference
from workings.marking.binding.custom import derivative, is_cost, old_name, stem_and_tag, told
from workings.marking.checking.comparing import factors, terms
from workings.marking.document import Document
from workings.marking.reading.claims import Claim
from workings.marking.reading.relations import Piece
from workings.marking.recovery.tables import named_numbers

_WORDS = (
    (re.compile(r"inputs?|features?", re.I), "x"),
    (re.compile(r"targets?|labels?|desired|wanted", re.I), "y"),
    (re.compile(r"weights?", re.I), "W"),
    (re.compile(r"bias(?:es)?", re.I), "b"),
    (re.compile(r"rate|eta|η", re.I), "eta"),
    (re.compile(r"decay|l2", re.I), "l2"),
)
_CONNECTING = frozenset({
    "the", "are", "is", "of", "and", ":", ",", "a", "an", "with", "has", "have", "being", "vector", "value", "values",
    "initial", "initially", "set", "to", "be", "both", "given", "as", "at", "fixed", "chosen",
})  # fmt: skip
_ADDING = frozenset({",", "and", ";", "&", "(", ")", "[", "]"})
KINDS = ("x", "y", "W", "b")
MOST_READINGS = 64


@dataclass(frozen=True, slots=True)
class Given:
    """One number that a document gives.

    Attributes
    ----------
    start : int
        From which character of the document on.
    kinds : tuple of str
        What it may be, the likeliest first: x, y, W, b, eta or l2.
    value : float
    name : str
        Empty where it was given in words.
    """

    start: int
    kinds: tuple[str, ...]
    value: float
    name: str = ""


@dataclass(frozen=True)
class Facts:
    """All that a document gives.

    Attributes
    ----------
    given : tuple of Given
        In the order of the text, a name again only where a sample is given that needs it.
    forward : tuple of Claim
        What is claimed before the cost is worked out or anything differentiated.
    """

    given: tuple[Given, ...]
    forward: tuple[Claim, ...]

    def named(self) -> dict[str, float]:
        """The first number of each name."""
        found: dict[str, float] = {}
        for each in self.given:
            if each.name:
                found.setdefault(each.name, each.value)
        return found

    def of(self, kind: str) -> list[Given]:
        """The numbers that are likeliest of a kind."""
        return [each for each in self.given if each.kinds[:1] == (kind,)]

    def readings(self) -> Iterator[dict[str, list[Given]]]:
        """The numbers by kind; a letter that may stand for several is read in each way."""
        options = dict.fromkeys(self._stem(each) for each in self.given)
        kinds = {stem: self._kinds(stem) for stem in options}
        for number, choice in enumerate(product(*kinds.values())):
            if number == MOST_READINGS:
                return
            chosen = dict(zip(kinds, choice, strict=True))
            reading: dict[str, list[Given]] = defaultdict(list)
            for each in self.given:
                reading[chosen[self._stem(each)]].append(each)
            yield reading

    def _stem(self, given: Given) -> str:
        return stem_and_tag(given.name)[0] if given.name else f" {given.kinds[0]}"

    def _kinds(self, stem: str) -> tuple[str, ...]:
        found = (kind for each in self.given if self._stem(each) == stem for kind in each.kinds)
        return tuple(dict.fromkeys(found))


def facts_of(document: Document, claims: Sequence[Claim]) -> Facts:
    """What a document gives, and what it works out from that on its way forward."""
    begun = next((at for at, claim in enumerate(claims) if claim.worked is not None), len(claims))
    back = next((at for at, claim in enumerate(claims) if _is_way_back(claim, at > begun)), len(claims))
    biases = _biases(claims)
    found = [*_by_name(claims, begun, back, biases), *_in_tables(document, biases), *_in_words(document.pieces)]
    first_result = claims[begun].start if begun < len(claims) else len(document.text)
    is_early = {"W", "b"}
    kept = [
        each
        for each in sorted(found, key=lambda each: each.start)
        if each.name or each.start < first_result or not is_early & set(each.kinds)
    ]
    return Facts(tuple(kept), tuple(claims[:back]))


def _is_way_back(claim: Claim, has_begun: bool) -> bool:
    """Whether the forward pass is over: the cost has been worked out, or something is differentiated."""
    if claim.subject is None or not claim.numbers:
        return False
    return (has_begun or claim.worked is not None) and (is_cost(claim.subject) or derivative(claim.subject) is not None)


def _biases(claims: Sequence[Claim]) -> frozenset[str]:
    """Names that formulas tell to be biases: what stands alone in a sum of products."""
    found = set()
    for claim in claims:
        for side in claim.symbolic:
            written = [list(factors(term)) for term in terms(side.expression)]
            if len(written) < 2 or not all(isinstance(part, Reference) for term in written for part in term):
                continue
            alone = [term[0] for term in written if len(term) == 1]
            if len(alone) == 1 and all(len(term) <= 2 for term in written) and isinstance(alone[0], Reference):
                found.add(str(alone[0].key))
    return frozenset(found)


def _kinds_of(name: str, biases: frozenset[str]) -> tuple[str, ...]:
    if name in biases:
        return ("b",)
    kinds = told(name)
    known = tuple(kind for kind in ("x", "W", "b", "y", "eta", "l2") if kind in kinds)
    if stem_and_tag(name)[0] == "d":
        return ("y", "b")
    if "a" in kinds and "y" not in kinds and not {"W", "x"} & kinds:
        return ()
    return known


def _by_name(claims: Sequence[Claim], begun: int, back: int, biases: frozenset[str]) -> Iterator[Given]:
    """Numbers and vectors with names; an input again is that of another sample.

    Once targets are given and something has been worked out, a new name that may be an answer's is one.
    """
    seen: dict[str, list[float]] = {}
    has_targets = False
    for at, claim in enumerate(claims):
        name = claim.subject
        if name is None or not claim.is_given or "←" in claim.chain.relations or old_name(name) is not None:
            continue
        kinds = _kinds_of(name, biases)
        numbers = [float(number) for number in claim.numbers]
        is_sample = bool(kinds) and kinds[0] in {"x", "y"}
        if not kinds or (name in seen and (not is_sample or at > back)):
            continue
        is_answer = has_targets and at > begun and name not in seen and "a" in told(name)
        if is_answer or (at > back and kinds[0] in KINDS):
            continue
        has_targets |= kinds[0] == "y"
        seen.setdefault(name, numbers)
        yield from (Given(claim.start, kinds, number, name) for number in numbers)


def _in_tables(document: Document, biases: frozenset[str]) -> Iterator[Given]:
    for name, number, start in named_numbers(document.pieces):
        if kinds := _kinds_of(name, biases):
            yield Given(start, kinds, number, name)


def _in_words(pieces: Sequence[Piece]) -> Iterator[Given]:
    """Lists of numbers after a word that says what they are: ``inputs 1 and -0.5``, ``a learning rate of 0.5``."""
    at = 0
    while at < len(pieces):
        kind = _said(pieces[at].token.text)
        at += 1
        if kind is None or pieces[at - 1].token.kind == "number":
            continue
        while at < len(pieces) and pieces[at].token.text.lower() in _CONNECTING:
            at += 1
        for start, number in _listed(pieces, at):
            yield Given(start, (kind,), number)


@lru_cache(maxsize=4096)  # a page has few words, and each of them often
def _said(word: str) -> str | None:
    """What the numbers after a word are."""
    return next((kind for pattern, kind in _WORDS if pattern.fullmatch(word)), None)


def _listed(pieces: Sequence[Piece], at: int) -> list[tuple[int, float]]:
    """The numbers of a list that begins here; none where the first is part of a calculation."""
    found: list[tuple[int, float]] = []
    sign = 1.0
    while at < len(pieces):
        token = pieces[at].token
        if token.kind == "number":
            found.append((token.start, sign * float(token.text)))
            sign = 1.0
        elif token.text in {"-", "+"} and token.kind == "symbol" and _is_number(pieces, at + 1):
            sign = -1.0 if token.text == "-" else 1.0
        elif token.text not in _ADDING:
            break
        at += 1
    goes_on = at < len(pieces) and (pieces[at].is_relation or pieces[at].token.text in {"*", "/", "^", "%", "-", "+"})
    return [] if goes_on else found


def _is_number(pieces: Sequence[Piece], at: int) -> bool:
    return at < len(pieces) and pieces[at].token.kind == "number"

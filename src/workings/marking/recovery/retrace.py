"""A proposed network held against a document's forward pass: which of its numbers the document has.

Each layer is worked out from what the document wrote for the one below, so a slip further down is no reason to doubt
the network. The activation of a layer is the one that gives most of the numbers that follow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workings.algebra.expression import Call, Reference, parts
from workings.marking.binding.custom import told
from workings.marking.checking.comparing import decimals, last_place
from workings.marking.reading.claims import TOO_COMMON, Claim
from workings.marking.recovery.layouts import Layout
from workings.network.activations import ACTIVATIONS, IDENTITY
from workings.network.network import Array

ACTIVATIONS_TRIED = ("sigmoid", "tanh", "relu", "leaky_relu", "softmax")
_NO_ACTIVATION = IDENTITY.name
_MENTIONED_ONLY = frozenset({"relu", "leaky_relu"})
"""What gives zeros; a zero elsewhere on the page is no sign of it."""

LEAST_SHARE = 0.6
"""Of a network's own forward numbers; with fewer in the document it is taken for another network."""

LARGEST_REST = 1.0
"""Of the numbers met: a document that works out more beside them is about a larger network."""

_SPELLINGS = {"exp": "sigmoid", "sigma": "sigmoid", "max": "relu"}

_COARSEST = 0.01
"""A bare 0 or 1 is the number itself, not anything that rounds to it."""


@dataclass
class Written:
    """A number of the forward pass, as it was written.

    Attributes
    ----------
    number : Decimal
    operands : frozenset of Decimal
        What was put in.
    says : frozenset of str
        The activations that its formula names.
    is_used : bool
        Whether it is taken for a quantity already.
    """

    number: Decimal
    operands: frozenset[Decimal]
    says: frozenset[str]
    is_used: bool = False

    @property
    def unit(self) -> float:
        """One unit of its last place."""
        return min(float(last_place(self.number)), _COARSEST)


@dataclass(frozen=True, slots=True)
class Retraced:
    """How a layout fares.

    Attributes
    ----------
    layout : Layout
    activations : tuple of str
        Of each layer.
    outputs : array of shape (n_samples, n_out)
        As the document has them.
    met, asked : int
        Of the network's weighted inputs and activations those that the document has, and all.
    left : int
        How many numbers the document works out on its way forward that are none of the network's.
    """

    layout: Layout
    activations: tuple[str, ...]
    outputs: Array
    met: int
    asked: int
    left: int

    @property
    def is_believed(self) -> bool:
        """Whether most of the network is in the document, and most of the document's forward pass in the network."""
        return self.share >= LEAST_SHARE and self.left <= LARGEST_REST * self.met

    @property
    def share(self) -> float:
        """Which part of its numbers the document has."""
        return self.met / self.asked if self.asked else 0.0


def numbers_of(claims: Sequence[Claim], given: frozenset[int]) -> list[Written]:
    """The numbers that a document works out or states on its way forward, without those given at these places."""
    found = []
    for claim in claims:
        is_other = claim.is_given and claim.subject is not None and not told(claim.subject) & {"z", "a"}
        if claim.start in given or is_other:
            continue
        called = {
            str(part.function)
            for side in claim.chain.sides
            for part in parts(side.expression)
            if isinstance(part, Call)
        }
        says = frozenset(_SPELLINGS.get(name, name) for name in called) & frozenset(ACTIVATIONS)
        if any(isinstance(side.expression, Reference) for side in claim.symbolic):
            says |= {_NO_ACTIVATION}  # a name that is another name
        found += [Written(number, claim.operands, says) for number in claim.numbers]
    return found


def retrace(layout: Layout, inputs: Array, written: Sequence[Written], mentioned: frozenset[str]) -> Retraced:
    """Go through the layers, taking each number as the document has it."""
    numbers = [Written(each.number, each.operands, each.says) for each in written]
    below, slack = inputs, 0.0
    met = asked = 0
    names = []
    for depth, (W, b) in enumerate(zip(layout.weights, layout.biases, strict=True)):
        Z = below @ W.T + b
        reach = 1.01 + np.abs(W).sum(axis=1) * (slack > 0)
        found = 0
        for sample, j in np.ndindex(Z.shape):
            z = _found(numbers, float(Z[sample, j]), float(reach[j])) or _worked(numbers, W[j])
            if z is not None:
                found += abs(float(z.number) - Z[sample, j]) <= reach[j] * z.unit
                Z[sample, j], z.is_used = float(z.number), True
        is_last = depth == len(layout.weights) - 1
        name, A, answered = _activation(Z, numbers, mentioned, is_last)
        met, asked = met + found + answered, asked + Z.size * (1 if name == _NO_ACTIVATION else 2)
        names.append(name)
        below, slack = A, 1.0
    left = sum(bool(each.operands) and not each.is_used for each in numbers)
    return Retraced(layout, tuple(names), below, met, asked, left)


def _activation(Z: Array, numbers: list[Written], mentioned: frozenset[str], is_last: bool) -> tuple[str, Array, int]:
    """The activation that gives most of the numbers that are left, what the document has for it, and how many."""
    ranked = []
    for order, name in enumerate((_NO_ACTIVATION, *ACTIVATIONS_TRIED)):
        if name in _MENTIONED_ONLY and name not in mentioned:
            continue
        if ACTIVATIONS[name].scope == "layer" and (Z.shape[1] < 2 or not is_last):
            continue
        A, taken = _answers(name, Z, numbers)
        said = sum(name in each.says for each in taken)
        is_told = said > 0 or (name in mentioned and not is_last)
        # the same number again is no activation, unless the page speaks of one that leaves it as it is
        counts = name != _NO_ACTIVATION and (is_told or not np.allclose(A, Z))
        ranked.append(((len(taken) if counts else len(taken) - 0.5, said, is_told, counts, -order), name, A, taken))
    _rank, name, A, taken = max(ranked, key=lambda each: each[0])
    if not taken:
        return _NO_ACTIVATION, Z, 0
    for each in taken:
        each.is_used = True
    return name, A, len(taken) if name != _NO_ACTIVATION else 0


def _answers(name: str, Z: Array, numbers: list[Written]) -> tuple[Array, list[Written]]:
    """What a document has for the activations of a layer, and where."""
    A = np.array(ACTIVATIONS[name].value(Z.copy()), dtype=float)
    free = [each for each in numbers if not each.is_used and (not each.says or name in each.says)]
    taken: list[Written] = []
    for place in np.ndindex(A.shape):
        of_this = [each for each in free if abs(Decimal(repr(float(Z[place])))) in each.operands]
        one = _found(of_this, float(A[place]), 1.51) or _found(free, float(A[place]), 1.51)
        if one is not None:
            taken.append(one)
        elif (one := next((each for each in of_this if name in each.says), None)) is None:
            continue
        A[place] = float(one.number)
        free = [each for each in free if each is not one]
    return A, taken


def _found(numbers: Sequence[Written], value: float, reach: float) -> Written | None:
    """The first number that is such a value rounded; one with few decimals says nothing of a long one."""
    for each in numbers:
        if each.is_used:
            continue
        off = abs(float(each.number) - value)
        exact = decimals(each.number) < 2
        if off <= (1e-9 if exact and each.number not in TOO_COMMON else reach * each.unit):
            return each
    return None


def _worked(numbers: Sequence[Written], weights: Array) -> Written | None:
    """The result of a sum into which just these weights were put, right or wrong."""
    wanted = {abs(Decimal(repr(float(weight)))) for weight in weights} - TOO_COMMON
    if not wanted:
        return None
    return next((one for one in numbers if not one.is_used and not one.says and wanted <= one.operands), None)


_MENTIONS = {
    "sigmoid": r"sigmoid|logistic|\\sigma|σ|e\^|exp\(",
    "tanh": r"tanh|hyperbolic",
    "relu": r"relu|rectif|max(?:imum)?\s*\(\s*0",
    "leaky_relu": r"leaky",
    "softmax": r"softmax",
}


def mentioned_in(text: str) -> frozenset[str]:
    """The activations that a text speaks of."""
    return frozenset(name for name, pattern in _MENTIONS.items() if re.search(pattern, text, re.IGNORECASE))

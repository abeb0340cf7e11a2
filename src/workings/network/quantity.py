"""Quantity: the identity of a number, and its address, both ways.

``KINDS`` lists every kind of number there is. Addresses count from 1, quantities from 0; they are turned around
here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from workings.errors import AddressError, nearest


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of quantity.

    Attributes
    ----------
    name : str
        The head of its address.
    meaning : str
        What it is, in a few words.
    layered : bool
        Whether it belongs to a layer.
    rank : int
        How many indices name one number of it.
    sampled : {"always", "optional", "never"}
        Whether, in a batch, each sample has one of its own; "optional": the batch has one too.
    shared : bool
        Whether it can be the share that comes through one output's loss.
    derivative : (str, str), optional
        What is differentiated by what, as kinds.
    updated : str, optional
        The parameter of which it is the value after the update.
    remembered : str, optional
        The kind of which it is the value before the update.
    of_bias : str, optional
        The kind that is the same for a bias.
    """

    name: str
    meaning: str
    layered: bool = True
    rank: int = 1
    sampled: Literal["always", "optional", "never"] = "always"
    shared: bool = False
    derivative: tuple[str, str] | None = None
    updated: str | None = None
    remembered: str | None = None
    of_bias: str | None = None


def _of_optimizer(name: str, meaning: str, *, is_remembered: bool) -> Iterator[Kind]:
    """What an optimizer works out for each weight, and for each bias; and what of it was there before the update."""
    yield Kind(name, f"{meaning} of a weight", rank=2, sampled="never", of_bias=f"{name}b")
    yield Kind(f"{name}b", f"{meaning} of a bias", sampled="never")
    if is_remembered:
        before = f"{meaning} of a {{}}, before the update"
        yield Kind(f"{name}-", before.format("weight"), rank=2, sampled="never", remembered=name, of_bias=f"{name}b-")
        yield Kind(f"{name}b-", before.format("bias"), sampled="never", remembered=f"{name}b")


def _constant(name: str, meaning: str) -> Kind:
    return Kind(name, meaning, layered=False, rank=0, sampled="never")


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("x", "input", layered=False),
        Kind("y", "target", layered=False),
        Kind("s", "weight of a sample", layered=False, rank=0),
        Kind("W", "weight", rank=2, sampled="never"),
        Kind("b", "bias", sampled="never"),
        Kind("z", "weighted input"),
        Kind("a", "activation"),
        Kind("f", "activation before dropout"),
        Kind("mask", "whether an activation is kept, 1, or left out, 0"),
        Kind("p", "share of a layer's activations that is left out", rank=0, sampled="never"),
        Kind("C", "cost", layered=False, rank=0, sampled="optional", shared=True),
        Kind("R", "penalty on the weights", layered=False, rank=0, sampled="never"),
        Kind("J", "objective: cost and penalty", layered=False, rank=0, sampled="never"),
        Kind("dC/da", "slope of the cost by an activation", shared=True, derivative=("C", "a")),
        Kind("da/dz", "slope of the activation", derivative=("a", "z")),
        Kind("delta", "error: slope of the cost by a weighted input", shared=True, derivative=("C", "z")),
        Kind("dz/dW", "slope of a weighted input by a weight", rank=2, derivative=("z", "W")),
        Kind(
            "dz/da", "slope of a weighted input by an activation below", rank=2, sampled="never", derivative=("z", "a")
        ),
        Kind("dC/dW", "gradient of a weight", rank=2, sampled="optional", derivative=("C", "W")),
        Kind("dC/db", "gradient of a bias", sampled="optional", derivative=("C", "b")),
        Kind("W+", "weight after the update", rank=2, sampled="never", updated="W"),
        Kind("b+", "bias after the update", sampled="never", updated="b"),
        Kind("G", "norm of the whole gradient", layered=False, rank=0, sampled="never"),
        *_of_optimizer("g", "clipped gradient", is_remembered=False),
        *_of_optimizer("m", "gathered gradient", is_remembered=True),
        *_of_optimizer("v", "gathered square of the gradient", is_remembered=True),
        *_of_optimizer("m_hat", "corrected mean of the gradient", is_remembered=False),
        *_of_optimizer("v_hat", "corrected mean square of the gradient", is_remembered=False),
        _constant("eta", "learning rate"),
        _constant("eta_0", "learning rate of the start"),
        _constant("t", "number of the update"),
        _constant("n", "updates of an epoch"),
        _constant("factor", "what a cut leaves of the learning rate"),
        _constant("every", "epochs from cut to cut"),
        _constant("cuts", "how often the learning rate was cut"),
        _constant("over", "epochs over which the learning rate falls to 0"),
        _constant("power", "how fast the learning rate falls"),
        _constant("warmup", "epochs in which the learning rate rises"),
        _constant("l1", "strength of the penalty on |w|"),
        _constant("l2", "strength of the weight decay"),
        _constant("clip_norm", "largest norm of the gradient"),
        _constant("clip_value", "largest size of a gradient"),
        _constant("momentum", "share of the gathered gradient that is kept"),
        _constant("beta1", "share of the mean gradient that is kept"),
        _constant("beta2", "share of the mean square that is kept"),
        _constant("rho", "share of the mean square that is kept"),
        _constant("epsilon", "what keeps the divisor from 0"),
        _constant("weight_decay", "share by which parameters shrink"),
    )
}

OF_A_PARAMETER: dict[str, tuple[str, str]] = {
    name: (kind.name, parameter)
    for kind in KINDS.values()
    if kind.of_bias
    for name, parameter in ((kind.name, "W"), (kind.of_bias, "b"))
}
"""What optimizers work out: the kind, what it is called by itself, and the kind of parameter it belongs to."""

_OF_KIND = {found: kind for kind, found in OF_A_PARAMETER.items()}


def of_a_parameter(name: str, parameter: str) -> str:
    """The kind of what an optimizer calls m, for a weight (``W``) or a bias (``b``)."""
    return _OF_KIND[name, parameter]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which number is meant: a kind, and where it sits.

    Attributes
    ----------
    kind : str
        A name in ``KINDS``.
    layer : int, optional
        1 to L; the inputs are layer 0.
    index : tuple of int
        From 0; empty for the whole vector or matrix. For weights (to, from).
    sample : int, optional
        From 0; None where there is no batch, and for what belongs to the batch as a whole.
    output : int, optional
        From 0; the share that comes through this output's loss.
    update : int, optional
        From 1; None for the update at hand.
    """

    kind: str
    layer: int | None = None
    index: tuple[int, ...] = ()
    sample: int | None = None
    output: int | None = None
    update: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether a whole vector or matrix is meant."""
        return len(self.index) < KINDS[self.kind].rank

    def dated(self, update: int | None) -> Quantity:
        """The same number of another update."""
        return Quantity(self.kind, self.layer, self.index, self.sample, self.output, update)

    def __str__(self) -> str:
        return format_address(self)


LONGEST_NAME = 200
"""Characters; LaTeX takes some. Python reads numbers of so many digits, and refuses those of thousands."""

_ADDRESS = re.compile(r"""
    (?P<head> dC(?=[\[:]\d+\]?/) | [A-Za-z0-9/+_-]+? (?=[\[:@#]|$) )
    (?: (?<=dC) [\[:](?P<output>\d+)\]? (?P<tail>/d[az]) )?
    (?P<groups> (?: \[\d+(?:,\d+)*\] | :\d+(?:,\d+)* )*)
    (?: @(?P<sample>\d+) )?
    (?: \#(?P<update>\d+) )?
    """, re.VERBOSE)  # fmt: skip
_ALIASES = {"dC/dz": "delta", "dJ/dW": "dC/dW", "dJ/db": "dC/db"}


def parse_address(text: str) -> Quantity:
    """The quantity an address names; brackets may be colons (``dC/dW:2:1,3``), and stray quotes are ignored.

    Raises
    ------
    AddressError
        When the text is no address; says what would be one.
    """
    check_length(text)
    match = _ADDRESS.fullmatch("".join(text.split()).strip("'\"`“”‘’"))
    if match is None:
        raise AddressError(
            f"{text!r} is no address. One looks like z[1][3] (layer 1, neuron 3), W[2][1,3] (layer 2, to neuron 1 from "
            "neuron 3), C, delta[1] (a whole vector), z[1][3]@2 (sample 2) or delta[1][3]#5 (update 5)"
        )
    head = match["head"] + (match["tail"] or "")
    kind = KINDS.get(_ALIASES.get(head, head))
    if kind is None:
        raise AddressError(f"{text!r}: there is no quantity {head!r}. {nearest(head, KINDS)}")
    groups = [tuple(map(int, group.split(","))) for group in re.findall(r"[\d,]+", match["groups"])]
    quantity = _placed(text, kind, groups)
    if match["output"]:
        quantity = replace(quantity, output=_from_one(text, match["output"]))
    if match["sample"]:
        quantity = replace(quantity, sample=_from_one(text, match["sample"]))
    return replace(quantity, update=int(match["update"]) if match["update"] else None)


def check_length(text: str) -> None:
    """Refuse what is too long for an address or a name."""
    if len(text) > LONGEST_NAME:
        raise AddressError(f"{text[:40]!r}... is too long for the name of a quantity")


def _placed(text: str, kind: Kind, groups: list[tuple[int, ...]]) -> Quantity:
    """The quantity of a kind with the bracketed numbers put where they belong."""
    if kind.name == "C" and groups:
        output, *more = (number for group in groups for number in group)
        if more:
            raise AddressError(f"{text!r}: C takes at most one number, the output: C[2]")
        return Quantity("C", output=_from_one(text, str(output)))
    layer: int | None = None
    if kind.layered:
        if not groups:
            raise AddressError(f"{text!r}: which layer? {kind.name}[1] is that of the first layer")
        ((layer, *more), *groups) = groups
        if more:
            raise AddressError(
                f"{text!r}: the layer is one number in brackets of its own: {kind.name}[{layer}][{more[0]}]"
            )
    indices = [number for group in groups for number in group]
    if kind.of_bias and len(indices) == 1:
        kind = KINDS[kind.of_bias]  # m[2][1] is about a bias, as b[2][1] is one
    if len(groups) > 1 or len(indices) > max(kind.rank, 2 if kind.name == "da/dz" else 0):
        wanted = {0: "no number", 1: "one number", 2: "two numbers in one pair of brackets, [to,from]"}[kind.rank]
        where = " after the layer" if kind.layered else ""
        raise AddressError(f"{text!r}: {kind.name} takes {wanted}{where}")
    if kind.rank == 2 and len(indices) == 1:
        raise AddressError(f"{text!r}: {kind.name} takes two numbers after the layer, [to,from], and got one")
    return Quantity(kind.name, layer, tuple(_from_one(text, str(number)) for number in indices))


def _from_one(text: str, number: str) -> int:
    if int(number) < 1:
        raise AddressError(f"{text!r}: numbers in an address start at 1")
    return int(number) - 1


def format_address(quantity: Quantity) -> str:
    """The address of a quantity: ``dC/dW[2][1,3]@2``."""
    kind = KINDS[quantity.kind]
    head = kind.name
    share = "" if quantity.output is None else f"[{quantity.output + 1}]"
    if share and kind.derivative:
        head = f"dC{share}/d{kind.derivative[1]}"
    elif share:
        head += share
    layer = "" if quantity.layer is None else f"[{quantity.layer}]"
    index = f"[{','.join(str(i + 1) for i in quantity.index)}]" if quantity.index else ""
    sample = "" if quantity.sample is None else f"@{quantity.sample + 1}"
    update = "" if quantity.update is None else f"#{quantity.update}"
    return head + layer + index + sample + update

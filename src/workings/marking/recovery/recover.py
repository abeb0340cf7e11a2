"""The network of a document that comes with none: proposed from what is given, kept if it retraces the numbers.

A proposal is a way to share out the weights and biases that are given, or what the sums show. None is believed before
it has reproduced most of its own forward pass from the document: an unfounded network would accuse the innocent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from workings.algebra.expression import Multiply, Subtract
from workings.errors import WorkingsError
from workings.marking.checking.comparing import literal
from workings.marking.document import Document
from workings.marking.reading.claims import Claim
from workings.marking.recovery.costs import with_loss
from workings.marking.recovery.facts import Facts, Given, facts_of
from workings.marking.recovery.layouts import Layout, layouts
from workings.marking.recovery.retrace import Retraced, mentioned_in, numbers_of, retrace
from workings.marking.recovery.sums import in_sums
from workings.marking.recovery.tables import runs
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Array, Example, Layer, Network, Parameters

MOST_OUTPUTS = 20
MOST_PROPOSALS = 400
SURE_SHARE = 0.75
"""Of its numbers; from there on what is given is kept: in what the sums show instead, every slip would be a weight."""


def recover(document: Document, claims: Sequence[Claim]) -> Network | None:
    """The network that the claims of a document work through; None where they show none."""
    facts = facts_of(document, claims)
    given = frozenset(each.start for each in facts.given)
    written, mentioned = numbers_of(facts.forward, given), mentioned_in(document.beginning)
    best: tuple[Retraced, Array, Array] | None = None
    for proposals in (_stated(document, facts), _shown(facts)):
        for inputs, targets, layout in islice(proposals, MOST_PROPOSALS):
            found = retrace(layout, inputs, written, mentioned)
            if found.is_believed and (best is None or (found.met, found.share) > (best[0].met, best[0].share)):
                best = found, inputs, targets  # its first layers alone would have all of their numbers too
        if best is not None and best[0].share >= SURE_SHARE:
            break
    return None if best is None else _network(*best, facts=facts, claims=claims)


def missing(document: Document, claims: Sequence[Claim]) -> str:
    """What a document would have to give for its network to be found, as the end of a sentence."""
    facts = facts_of(document, claims)
    words = {"x": "its inputs", "y": "its targets", "W": "its weights"}
    absent = [word for kind, word in words.items() if not facts.of(kind)]
    if absent:
        return f"it does not say what {' and '.join(absent)} are"
    counts = ", ".join(f"{len(facts.of(kind))} {word.removeprefix('its ')}" for kind, word in words.items())
    return f"it gives {counts}, but no network made of them has the numbers of its forward pass"


def _stated(document: Document, facts: Facts) -> Iterator[tuple[Array, Array, Layout]]:
    """Inputs, targets and the layers that can be made of the parameters given."""
    for reading, inputs, targets in _read(facts):
        n_in, n_out = inputs.shape[1], targets.shape[1]
        weights, biases = ([each.value for each in reading.get(kind, [])] for kind in ("W", "b"))
        for layout in (*_in_tables(document, n_in), *layouts(n_in, n_out, weights, biases)):
            if layout.fits(n_in, n_out):
                yield inputs, targets, layout


def _shown(facts: Facts) -> Iterator[tuple[Array, Array, Layout]]:
    """Inputs, targets and the layers whose sums are worked out."""
    for _reading, inputs, targets in _read(facts):
        layout = in_sums(facts.forward, inputs[0], facts.named())
        if layout is not None and layout.fits(inputs.shape[1], targets.shape[1]):
            yield inputs, targets, layout


def _read(facts: Facts) -> Iterator[tuple[dict[str, list[Given]], Array, Array]]:
    """What is given by kind, with the inputs and targets of each sample."""
    for reading in facts.readings():
        inputs, targets = _samples(reading.get("x", [])), _samples(reading.get("y", []))
        if inputs is None or targets is None or len(inputs) != len(targets):
            continue
        if targets.shape[1] <= MOST_OUTPUTS:
            yield reading, inputs, targets


def _samples(given: Sequence[Given]) -> Array | None:
    """A row for each sample: the names once, or a name again for the next sample; None where they do not make rows."""
    by_place: dict[object, list[float]] = defaultdict(list)
    vectors = Counter((each.name, each.start) for each in given)
    for number, each in enumerate(given):
        is_single = bool(each.name) and vectors[each.name, each.start] == 1
        by_place[each.name if is_single else number].append(each.value)
    lengths = {len(values) for values in by_place.values()}
    if len(lengths) != 1:
        return None
    return np.array(list(by_place.values())).T.copy()


def _in_tables(document: Document, n_inputs: int) -> Iterator[Layout]:
    """A layer for each run of rows; one number more than there are inputs is the bias.

    After the last layer a table may hold something else.
    """
    weights: list[Array] = []
    biases: list[Array] = []
    n_in = n_inputs
    for rows in runs(document.pieces):
        W = np.array(rows)
        if W.shape[1] not in {n_in, n_in + 1}:
            break
        weights.append(W[:, :n_in])
        biases.append(W[:, n_in] if W.shape[1] > n_in else np.zeros(len(W)))
        n_in = len(W)
    for n in range(len(weights), 0, -1):
        yield Layout(tuple(weights[:n]), tuple(biases[:n]))


def _network(
    found: Retraced, inputs: Array, targets: Array, *, facts: Facts, claims: Sequence[Claim]
) -> Network | None:
    """The network itself, with the loss that gives the cost that was claimed."""
    layout = found.layout
    layers = tuple(
        Layer(W.shape[1], len(W), ACTIVATIONS[name]) for W, name in zip(layout.weights, found.activations, strict=True)
    )
    rate, l2 = _rates(facts, claims)
    example = Example(inputs, targets, rate, is_batch=len(inputs) > 1)
    is_softmax = layers[-1].activation.scope == "layer"
    loss = LOSSES["cross_entropy" if is_softmax else "half_squared_error"]
    try:
        network = Network(layers, Parameters.of(layout.weights, layout.biases), loss, example=example, l2=l2)
    except WorkingsError:
        return None
    return with_loss(network, found.outputs, claims)


def _rates(facts: Facts, claims: Sequence[Claim]) -> tuple[float, float]:
    """Learning rate and weight decay; a letter used for both is the rate's unless that is given another way."""
    either = [each for each in facts.given if set(each.kinds) & {"eta", "l2"}]
    both = [each for each in either if {"eta", "l2"} <= set(each.kinds)]
    rates = [each.value for each in either if "l2" not in each.kinds]
    decays = [each.value for each in either if "eta" not in each.kinds]
    if rates and both and not decays:
        decays = [both[0].value]
    if not rates and both:
        rates = [both[0].value]
    return (rates[0] if rates else _used_rate(claims)), (decays[0] if decays else 0.0)


def _used_rate(claims: Sequence[Claim]) -> float:
    """The first factor of what is subtracted in most updates."""
    used: Counter[float] = Counter()
    for claim in claims:
        match claim.worked.expression if claim.worked else None:
            case Subtract(_, Multiply((first, *_))) if (number := literal(first)) is not None:
                used[float(number)] += 1
    return used.most_common(1)[0][0] if used else 1.0

"""What every lesson opens with: the network in words, and the numbers it starts from."""

from __future__ import annotations

from collections.abc import Iterator

from workings.derivation.order import sample_weights, samples
from workings.network.network import Network
from workings.network.quantity import KINDS, Quantity
from workings.network.reductions import REDUCTIONS
from workings.network.schedules import CONSTANT
from workings.presentation.blocks import Block, Heading, Sentence, Values
from workings.presentation.display import LONGEST
from workings.presentation.lesson import Lesson

MOST_GIVEN = 16
"""Of more given numbers of a kind than this, only the first few are shown."""

BEFORE_UPDATE = (
    "All gradients are taken with the weights as they are; none changes before the last part. A gradient is the "
    "slope at the place where the network stands now, and a weight changed too early would move that place."
)


def opening(lesson: Lesson) -> Iterator[Block]:
    """Title, network and given numbers."""
    network, request = lesson.network, lesson.request
    title = "".join(character if character.isprintable() else " " for character in network.title)
    yield Heading(title.strip() or "A training step", 1)
    yield Sentence((in_words(network), *(f" This is update {request.update}." if request.update > 1 else "",)))
    if not network.train_biases:
        yield Sentence(("The biases are not trained.",))
    if request.only is None:
        yield Heading("Given", 2)
        yield from _meanings(network)
        yield Values(tuple(_groups(lesson)))


def in_words(network: Network) -> str:
    """The network in a sentence or two."""
    names = [layer.activation.name for layer in network.layers]
    hidden = list(dict.fromkeys(names[:-1]))
    kinds = (
        f"{', '.join(hidden)} in the hidden layer{'s' if len(names) > 2 else ''}, {names[-1]} at the output"
        if hidden
        else f"{names[-1]} output"
    )
    if hidden == [names[-1]]:
        kinds = f"{names[-1]} neurons throughout"
    batch = ""
    if network.example is not None and network.example.is_batch:
        gathered = REDUCTIONS[network.reduction].gathered
        by_weight = "" if network.example.sample_weights is None else ", each counted by its weight"
        batch = f" A batch of {len(network.example.inputs)} samples, whose losses are {gathered}{by_weight}."
    decay = " Weights decay." if network.l2 else ""
    decay += " Every weight pays for its size." if network.l1 else ""
    decay += " Dropout leaves out some activations in each update." if network.has_dropout else ""
    sizes = "-".join(map(str, network.sizes))
    return f"A {sizes} network: {kinds}; the loss is {network.loss.name.replace('_', ' ')}.{batch}{decay}"


def _meanings(network: Network) -> Iterator[Sentence]:
    """What inputs and outputs stand for, where the example knows it."""
    if network.example is None:
        return
    for kind, names in (("x", network.example.input_meanings), ("y", network.example.output_meanings)):
        if names:
            named: list[str | Quantity] = []
            for k, name in enumerate(names[:LONGEST]):
                named += ["; " if k else "", Quantity(kind, None, (k,)), f" {name}"]
            more = f" and {len(names) - LONGEST:,} more" if len(names) > LONGEST else ""
            what = "inputs" if kind == "x" else "targets"
            yield Sentence((f"The {what}, as the model takes them: ", *named, f"{more}."))


def _groups(lesson: Lesson) -> Iterator[tuple[str, tuple[Quantity, ...]]]:
    network, request = lesson.network, lesson.request
    for sample in samples(network):
        if request.wants_sample(sample):
            of_sample = "" if sample is None else f" of sample {sample + 1}"
            yield _some(f"inputs{of_sample}", [Quantity("x", None, (k,), sample) for k in range(network.sizes[0])])
            yield _some(f"targets{of_sample}", [Quantity("y", None, (k,), sample) for k in range(network.sizes[-1])])
    if weights := [q for q in sample_weights(network) if request.wants_sample(q.sample)]:
        yield _some("weights of the samples", weights)
    for number, layer in enumerate(network.layers, start=1):
        if request.layer in (None, number):
            weights = [Quantity("W", number, (j, k)) for j in range(layer.n_out) for k in range(layer.n_in)]
            name = number + lesson.notation.layer_base
            yield _some(f"weights of layer {name}", weights)
            yield _some(f"biases of layer {name}", _biases(lesson, number))
    schedule = CONSTANT if network.example is None else network.example.schedule
    numbers = tuple(Quantity(name) for name in schedule.numbers if name != "t")
    yield "learning rate", numbers or (Quantity("eta"),)
    if network.example is not None and network.example.optimizer.clipping is not None:
        bound = Quantity(network.example.optimizer.clipping.name)
        yield KINDS[bound.kind].meaning, (bound,)
    for number, layer in enumerate(network.layers, start=1):
        if layer.dropout and request.layer in (None, number):
            yield f"dropout of layer {number + lesson.notation.layer_base}", (Quantity("p", number),)
    if network.l2:
        yield "weight decay", (Quantity("l2"),)
    if network.l1:
        yield "penalty on |w|", (Quantity("l1"),)


def _biases(lesson: Lesson, number: int) -> list[Quantity]:
    """A layer's biases; one of them where one symbol stands for all."""
    biases = [Quantity("b", number, (j,)) for j in range(lesson.network.layer(number).n_out)]
    by_symbol = {lesson.label(bias): bias for bias in reversed(biases)}
    return list(reversed(by_symbol.values()))


def _some(title: str, quantities: list[Quantity]) -> tuple[str, tuple[Quantity, ...]]:
    """All of a few; of many the first ones, and how many there are."""
    if len(quantities) <= MOST_GIVEN:
        return title, tuple(quantities)
    return f"{title}, the first {LONGEST} of {len(quantities):,}", tuple(quantities[:LONGEST])

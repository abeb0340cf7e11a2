"""In matrices: layer by layer forward, the errors back through the transposed weights, whole gradients."""

from __future__ import annotations

from collections.abc import Iterator

from workings.derivation import order
from workings.network.quantity import Quantity
from workings.presentation.blocks import Block, Heading, Sentence
from workings.presentation.lesson import Lesson
from workings.presentation.opening import BEFORE_UPDATE, opening
from workings.presentation.scalar_lesson import Told, cost, layer_title, of_sample


def blocks(lesson: Lesson) -> Iterator[Block]:
    """The whole training step in vectors and matrices."""
    yield from opening(lesson)
    told = Told(lesson)
    for part, tell in (("forward", _forward), ("backward", _backward), ("update", _update)):
        if lesson.request.wants(part):
            yield from tell(told)


def _forward(told: Told) -> Iterator[Block]:
    lesson, network = told.lesson, told.lesson.network
    yield Heading("Forward", 2)
    for sample in lesson.samples():
        for layer in _layers(lesson):
            yield Heading(layer_title(lesson, layer, sample), 3)
            yield from told.step(Quantity("z", layer, (), sample))
            for kind in ("f", "mask", "a") if network.layer(layer).dropout else ("a",):
                yield from told.step(Quantity(kind, layer, (), sample))
        if lesson.request.layer is None:
            yield Heading("Cost" + of_sample(sample), 3)
            yield from cost(told, sample)
    if lesson.request.layer is None and lesson.request.sample is None:
        for quantity in order.objective(network):
            yield from told.step(quantity)


def _backward(told: Told) -> Iterator[Block]:
    lesson, network = told.lesson, told.lesson.network
    yield Heading("Backward", 2)
    yield Sentence((BEFORE_UPDATE,))
    for sample in lesson.samples():
        for layer in reversed(_layers(lesson)):
            yield Heading(layer_title(lesson, layer, sample), 3)
            for kind in ("dC/da", "da/dz", "delta"):
                also = (Quantity("dC/db", layer, (), sample),) if kind == "delta" else ()
                yield from told.step(Quantity(kind, layer, (), sample), also=also)
            yield from told.step(Quantity("dC/dW", layer, (), sample))
    if order.samples(network) != (None,) and lesson.request.sample is None:
        yield Heading("Over the batch", 3)
        for layer in reversed(_layers(lesson)):
            yield from told.step(Quantity("dC/db", layer))
            yield from told.step(Quantity("dC/dW", layer))


def _update(told: Told) -> Iterator[Block]:
    yield Heading("New weights and biases", 2)
    yield Sentence(("Only now, with every gradient known, do the parameters change.",))
    for quantity in (*order.scheduled(told.lesson.network), *order.norm(told.lesson.network)):
        yield from told.step(quantity)
    for parameter in "Wb":
        for layer in _layers(told.lesson):
            for kind in (*order.worked_out(told.lesson.network, parameter), f"{parameter}+"):
                yield from told.step(Quantity(kind, layer))


def _layers(lesson: Lesson) -> list[int]:
    wanted = lesson.request.layer
    return [wanted] if wanted else list(range(1, lesson.network.depth + 1))

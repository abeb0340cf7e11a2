"""One scalar at a time: forward neuron by neuron, then back in numbered steps, then every new weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workings.algebra.expression import references
from workings.derivation import order
from workings.derivation.derive import Step
from workings.derivation.rules import GIVEN
from workings.network.quantity import Quantity
from workings.presentation.blocks import Block, Equation, Heading, Sentence
from workings.presentation.lesson import Lesson
from workings.presentation.opening import BEFORE_UPDATE, opening
from workings.presentation.stages import shown_in


def blocks(lesson: Lesson) -> Iterator[Block]:
    """The whole training step."""
    yield from opening(lesson)
    told = Told(lesson)
    if lesson.request.wants("forward"):
        yield from _forward(told)
    if lesson.request.wants("backward"):
        yield from _backward(told)
    if lesson.request.wants("update") and lesson.request.upto is None:
        yield from _update(told)


def chosen(lesson: Lesson) -> Iterator[Block]:
    """The numbers that were asked for, in that order; those of another update under a heading that says so."""
    told, update = Told(lesson), lesson.source.update
    for quantity in lesson.request.quantities:
        if (quantity.update or lesson.source.update) != update:
            update = quantity.update or lesson.source.update
            yield Heading(f"Update {update}", 3)
        yield from told.step(quantity)
        yield from told.meanings(quantity)


class Told:
    """A lesson in the telling: it knows which rules the reader has met, so that each is introduced once."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._met: set[tuple[str, str]] = set()
        self._known: set[Quantity] = set()

    def step(self, quantity: Quantity, also: tuple[Quantity, ...] = ()) -> Iterator[Block]:
        """A step, after its rule where that is new, and before its differentiation where that is wanted."""
        step = self.lesson.step(quantity)
        yield from self.rule(step)
        number = self.lesson.number(quantity)
        yield Equation(step, number, also)
        if self.lesson.request.depth == "rules":
            from workings.presentation.reasons import reasons

            yield from reasons(self.lesson, step)

    def meanings(self, quantity: Quantity) -> Iterator[Block]:
        """What the inputs and targets in a line stand for, where the example knows it, each once."""
        example = self.lesson.network.example
        line = (quantity, *shown_in(self.lesson.step(quantity).formula))
        new = [q for q in dict.fromkeys(line) if q.kind in ("x", "y") and q.index and q not in self._known]
        if example is None:
            return
        self._known.update(new)
        parts: list[str | Quantity] = []
        for q in new:
            if example.meaning(q.kind, q.index[0]):
                parts += ["; " if parts else "Here ", q, f" is {example.meaning(q.kind, q.index[0])}"]
        if parts:
            yield Sentence((*parts, "."))

    def rule(self, step: Step) -> Iterator[Block]:
        """The sentence of intuition and the source of a rule, the first time it is used."""
        rule = step.rule
        if rule is GIVEN or (rule.code, rule.because) in self._met:
            return
        self._met.add((rule.code, rule.because))
        source = f" ({rule.source})" if rule.source else ""
        reason = f": {rule.because}" if rule.because else ""
        in_general = f", {rule.statement}" if rule.statement and self.lesson.request.form == "matrix" else ""
        text = f"{rule.name[0].upper()}{rule.name[1:]}{in_general}{reason}. [{rule.code}]{source}"
        yield Sentence((text,), "rule")


def _forward(told: Told) -> Iterator[Block]:
    lesson, network = told.lesson, told.lesson.network
    yield Heading("Forward", 2)
    for sample in lesson.samples():
        layer = None
        for quantity in filter(lesson.request.wants_layer, order.forward(network, sample)):
            if quantity.layer != layer:
                layer = quantity.layer
                yield Heading(layer_title(lesson, layer or 0, sample), 3)
            yield from told.step(quantity)
        if lesson.request.layer is None:
            yield Heading("Cost" + of_sample(sample), 3)
            yield from cost(told, sample)
    if lesson.request.layer is None and lesson.request.sample is None:
        for quantity in order.objective(network):
            yield from told.step(quantity)


def cost(told: Told, sample: int | None) -> Iterator[Block]:
    """Each output's share and their sum; with one output the share is the cost."""
    *outputs, total = order.cost(told.lesson.network, sample)
    for quantity in (*outputs, total) if len(outputs) > 1 else (total,):
        yield from told.step(quantity)


def _backward(told: Told) -> Iterator[Block]:
    lesson, network = told.lesson, told.lesson.network
    yield Heading("Backward", 2)
    yield Sentence((BEFORE_UPDATE,))
    for sample in lesson.samples():
        layer = None
        for quantity in filter(lesson.request.wants_layer, order.backward(network, sample)):
            if lesson.is_past(quantity) or not _is_told(lesson, quantity):
                continue
            if quantity.layer != layer:
                layer = quantity.layer
                yield Heading(layer_title(lesson, layer or 0, sample), 3)
            yield from told.step(quantity, also=_also(lesson, quantity))
    if lesson.request.sample is None:
        yield from _batch(told)


def _is_told(lesson: Lesson, quantity: Quantity) -> bool:
    """Whether a quantity gets a step of its own: those that are numbered, and shares that a sum is made of."""
    if quantity.output is None:
        return quantity.kind in order.NUMBERED_KINDS
    if quantity.kind != "dC/da" or quantity.layer == lesson.network.depth:
        return False
    total = lesson.source.equation(replace(quantity, output=None)).formula
    return total is not None and any(reference.key == quantity for reference in references(total))


def _also(lesson: Lesson, quantity: Quantity) -> tuple[Quantity, ...]:
    """dC/dz is also dC/db, and at an output what comes through that output's own loss."""
    if quantity.kind != "delta" or quantity.output is not None:
        return ()
    is_own = quantity.layer == lesson.network.depth and lesson.network.layers[-1].activation.scope == "neuron"
    own_share = replace(quantity, output=quantity.index[0])
    return (replace(quantity, kind="dC/db"), *((own_share,) if is_own and lesson.network.sizes[-1] > 1 else ()))


def _batch(told: Told) -> Iterator[Block]:
    lesson = told.lesson
    of_layer = filter(lesson.request.wants_layer, order.batch_gradients(lesson.network))
    gradients = [quantity for quantity in of_layer if not lesson.is_past(quantity)]
    if gradients:
        yield Heading("Over the batch", 3)
        for quantity in gradients:
            yield from told.step(quantity)


def _update(told: Told) -> Iterator[Block]:
    yield Heading("New weights and biases", 2)
    yield Sentence(("Only now, with every gradient known, do the parameters change.",))
    shown: set[str] = set()
    for quantity in order.update(told.lesson.network):
        if quantity.layer is not None and not told.lesson.request.wants_layer(quantity):
            continue
        symbol = told.lesson.label(quantity)
        if symbol not in shown:  # one symbol stands for all biases of a layer where they are one
            yield from told.step(quantity)
        shown.add(symbol)


def layer_title(lesson: Lesson, layer: int, sample: int | None = None) -> str:
    """What a layer is called in headings."""
    depth = lesson.network.depth
    if layer == depth:
        return "Output layer" + of_sample(sample)
    number = layer + lesson.notation.layer_base
    return ("Hidden layer" if depth == 2 else f"Layer {number}, hidden") + of_sample(sample)


def of_sample(sample: int | None) -> str:
    """The end of a heading in a batch."""
    return "" if sample is None else f", sample {sample + 1}"

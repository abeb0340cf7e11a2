"""A network and its numbers as a picture: what is shown of it, and what each part says.

Where it stands and how it is drawn is the business of ``drawing``.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workings.derivation.source import TrainingStep
from workings.errors import InputError
from workings.network.network import Example, Network
from workings.network.notation import Notation
from workings.network.quantity import KINDS, Quantity
from workings.network.symbol import AnySymbol, Ratio, Slopes, Symbol
from workings.presentation.drawing.layout import place
from workings.presentation.drawing.paint import paint
from workings.presentation.drawing.picture import Card, Column, Entry, Key, Link, Picture, Role, Tag
from workings.presentation.drawing.svg import Run, Runs

FOLD = 4
"""Layers of more neurons than this show their first, second and last one."""

EXACT, ROUNDED = 6, 4
"""A number that ends within so many significant digits is shown as it is; any other is rounded to so many."""

NOISE = 16 * sys.float_info.epsilon
"""What a few operations in binary leave behind: 0.4 * 0.8 is 0.32000000000000006, and shown as 0.32."""


def draw(source: TrainingStep, notation: Notation, *, backward: bool = False, sample: int | None = None) -> str:
    """Draw a network with the numbers of one training step as SVG.

    Parameters
    ----------
    source : TrainingStep
        Where the numbers come from: a Trace.
    notation : Notation
        What they are called.
    backward : bool
        Whether to show the gradients and the new weights and biases too.
    sample : int, optional
        Which sample of a batch, from 0; the first when left out.

    Returns
    -------
    str
        A whole SVG document. Each number carries the address of its quantity as ``data-quantity``.

    Raises
    ------
    InputError
        When the example has no such sample.
    """
    view = _View(source, notation, backward, _sample(source.network, sample))
    return paint(place(_picture(view)))


def figures(value: float) -> str:
    """A number, short enough for a picture: as it is if six significant digits hold it, else rounded to four."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    is_plain = 1e-4 <= abs(value) < 1e6
    for digits in range(1, (EXACT if is_plain else ROUNDED) + 1):
        short = float(f"{value:.{digits}g}")
        if math.isclose(short, value, rel_tol=NOISE):
            written = repr(short).removesuffix(".0") if is_plain else f"{short:.{digits - 1}e}"
            break
    else:
        written = f"{value:#.{ROUNDED}g}".removesuffix(".")
    mantissa, e, exponent = written.partition("e")
    return (mantissa + (f"e{int(exponent)}" if e else "")).replace("-", "−")


@dataclass(frozen=True, slots=True)
class _View:
    """What is asked for."""

    source: TrainingStep
    notation: Notation
    backward: bool
    sample: int | None

    @property
    def network(self) -> Network:
        return self.source.network

    def quantity(self, kind: str, layer: int | None = None, *index: int, output: int | None = None) -> Quantity:
        """The quantity of the sample that is shown; gradients by parameters are those of the update."""
        sample = self.sample if KINDS[kind].sampled == "always" or kind == "C" else None
        return Quantity(kind, layer, index, sample, output)

    def entry(self, quantity: Quantity, role: Role) -> Entry:
        value = self.number(quantity)
        return Entry(quantity, self.name(quantity), figures(value), repr(value), role)

    def number(self, quantity: Quantity) -> float:
        return float(self.source.value(quantity))

    def name(self, quantity: Quantity) -> Runs:
        return runs(self.notation.symbol(quantity, self.network))


def _sample(network: Network, sample: int | None) -> int | None:
    """The sample to show; None where there is no batch."""
    example = _example(network)
    there = len(example.inputs)
    if sample is not None and not 0 <= sample < there:
        has = f"{there} samples, counted from 1" if there > 1 else "one sample only"
        raise InputError(f"there is no sample {sample + 1}: the example has {has}")
    return (sample or 0) if example.is_batch else None


def _example(network: Network) -> Example:
    assert network.example is not None  # no source of numbers is without one
    return network.example


def _picture(view: _View) -> Picture:
    L = view.network.depth
    layers = [_layer(view, number) for number in range(L + 1)]
    columns = (*layers, _targets(view), _cost(view))
    between = tuple(_edges(view, number) for number in range(1, L + 1))
    to_targets = tuple(Link(i, i) for i, item in enumerate(layers[-1].places) if isinstance(item, Card))
    to_cost = tuple(Link(link.target, 0) for link in to_targets)
    return Picture(
        title=view.network.title.strip() or "-".join(map(str, view.network.sizes)),
        subtitle=_subtitle(view),
        description=_description(view),
        columns=columns,
        gaps=(*between, to_targets, to_cost),
        legend=_legend(view, between),
    )


def _folded(size: int, card: Callable[[int], Card]) -> tuple[Card | int, ...]:
    """The cards of a layer from top to bottom; of a large one the first, the second, how many more, and the last."""
    if size <= FOLD:
        return tuple(map(card, range(size)))
    return card(0), card(1), size - 3, card(size - 1)


def _shown(size: int) -> list[tuple[int, int]]:
    """Place and index of each neuron that has a card."""
    return [(index, index) for index in range(size)] if size <= FOLD else [(0, 0), (1, 1), (3, size - 1)]


def _layer(view: _View, number: int) -> Column:
    size = view.network.sizes[number]
    places = _folded(size, lambda index: _neuron(view, number, index))
    what = "inputs" if number == 0 else "neurons"
    counted = () if size <= FOLD else (f"{size:,} {what}",)
    if number == 0:
        return Column(("input", *counted), places)
    name = "output" if number == view.network.depth else f"hidden {number}"
    return Column((name, *counted, _spoken(view.network.layer(number).activation.name)), places)


def _neuron(view: _View, number: int, index: int) -> Card:
    """Forwards the weighted input becomes the activation, backwards the slope by the one that by the other."""
    if number == 0:
        return Card(((view.entry(view.quantity("x", None, index), "given"),),))
    forward = tuple(view.entry(view.quantity(kind, number, index), "forward") for kind in ("z", "a"))
    if not view.backward:
        return Card((forward,))
    backward = tuple(view.entry(view.quantity(kind, number, index), "backward") for kind in ("delta", "dC/da"))
    return Card((forward, backward))


def _targets(view: _View) -> Column:
    """Each output's target and its share of the cost; a single output's share is the cost."""
    size = view.network.sizes[-1]

    def card(index: int) -> Card:
        target = view.entry(view.quantity("y", None, index), "given")
        if size == 1:
            return Card(((target,),))
        return Card(((target,), (view.entry(view.quantity("C", output=index), "forward"),)))

    return Column(("target",), _folded(size, card))


def _cost(view: _View) -> Column:
    """The cost: of the sample and of the batch; where weights cost something also the penalty, and both together."""
    wanted = [view.quantity("C")]
    if view.sample is not None:
        wanted.append(Quantity("C"))
    if view.network.has_penalty:
        wanted += [Quantity("R"), Quantity("J")]
    return Column(("cost",), (Card(tuple((view.entry(quantity, "forward"),) for quantity in wanted)),))


def _edges(view: _View, number: int) -> tuple[Link, ...]:
    """The edges that lead into a layer; with tags unless it or the layer before is folded."""
    n_in, n_out = view.network.sizes[number - 1 : number + 1]
    tagged = max(n_in, n_out) <= FOLD
    W = view.network.W(number)
    largest = max(abs(float(W[j, k])) for _, j in _shown(n_out) for _, k in _shown(n_in)) or 1.0
    links = []
    for target, j in _shown(n_out):
        for source, k in _shown(n_in):
            tag = _tag(view, ("W", "W+", "dC/dW"), number, j, k) if tagged else None
            links.append(Link(source, target, float(W[j, k]) / largest, tag))
        if tagged:
            links.append(Link(None, target, None, _tag(view, ("b", "b+", "dC/db"), number, j)))
    return tuple(links)


def _tag(view: _View, kinds: tuple[str, str, str], number: int, *index: int) -> Tag:
    """A parameter; with the backward pass what it becomes, and below its gradient."""
    before, after, gradient = (view.quantity(kind, number, *index) for kind in kinds)
    if not view.backward:
        return Tag(((view.entry(before, "given"),),))
    return Tag(((view.entry(before, "given"), view.entry(after, "updated")), (view.entry(gradient, "backward"),)))


def _subtitle(view: _View) -> str:
    network, example = view.network, _example(view.network)
    parts = ["Forward pass and backpropagation" if view.backward else "Forward pass", _spoken(network.loss.name)]
    if network.l2:
        parts.append(f"weight decay {figures(network.l2)}")
    if network.l1:
        parts.append(f"penalty on |w| {figures(network.l1)}")
    if view.backward:
        parts.append(f"learning rate {figures(example.learning_rate)}")
    if view.sample is not None:
        parts.append(f"sample {view.sample + 1} of {len(example.inputs)}")
        if view.backward:
            parts.append(f"gradients of weights and biases: {network.reduction} over the batch")
    if view.backward and not network.train_biases:
        parts.append("biases are not trained")
    return " · ".join(parts)


def _description(view: _View) -> str:
    """What somebody is told who cannot see the picture."""
    inputs, *hidden, outputs = view.network.sizes
    layers = [_counted(inputs, "input"), *(_counted(size, "hidden neuron") for size in hidden)]
    shown = "weights, weighted inputs and activations" + (", gradients and new weights" if view.backward else "")

    def number(quantity: Quantity) -> str:
        return figures(view.number(quantity))

    results = "; ".join(
        f"output {index + 1} is {number(view.quantity('a', view.network.depth, index))}, "
        f"its target {number(view.quantity('y', None, index))}"
        for _, index in _shown(outputs)
    )
    return (
        f"A feed-forward network from left to right: {', '.join(layers)}, {_counted(outputs, 'output')}, with its "
        f"{shown}. {results[0].upper()}{results[1:]}. The cost is {number(view.quantity('C'))}."
    )


def _legend(view: _View, gaps: Sequence[Sequence[Link]]) -> tuple[Key, ...]:
    """What lines and names mean; each kind of name by its first example."""
    network = view.network
    weights = [link.weight for gap in gaps for link in gap if link.weight is not None]
    keys = [Key("positive", "positive weight")]
    if min(weights) < 0:
        keys.append(Key("negative", "negative weight"))
    keys.append(Key("none", "thicker means larger"))
    if view.backward and any(link.tag for gap in gaps for link in gap):
        keys.append(Key("arrow", "new value"))
    for kind, (quantity, meaning) in _examples(view, gaps).items():
        keys.append(Key("name", meaning, view.name(quantity), "backward" if KINDS[kind].derivative else "given"))
    if max(network.sizes) > FOLD:
        keys.append(Key("none", f"layers of more than {FOLD} are folded; edges to and from them carry no numbers"))
    return tuple(keys)


def _examples(view: _View, gaps: Sequence[Sequence[Link]]) -> dict[str, tuple[Quantity, str]]:
    """For each kind of name in the picture one example, and what it means."""
    tagged = next((number for number, gap in enumerate(gaps, start=1) if gap[0].tag), None)
    examples = [view.quantity("z", 1, 0), view.quantity("a", 1, 0)]
    if tagged:
        examples += [view.quantity("W", tagged, 0, 0), view.quantity("b", tagged, 0)]
    if view.backward:
        examples += [view.quantity("delta", 1, 0), view.quantity("dC/da", 1, 0)]
    if view.backward and tagged:
        examples += [view.quantity("dC/dW", tagged, 0, 0), view.quantity("dC/db", tagged, 0)]
    if view.network.has_penalty:
        examples += [Quantity("R"), Quantity("J")]
    found = {quantity.kind: (quantity, KINDS[quantity.kind].meaning) for quantity in examples}
    if view.sample is not None:
        by_weight = "" if _example(view.network).sample_weights is None else "weighted "
        found["C"] = (Quantity("C"), f"{by_weight}{view.network.reduction} of the costs of all samples")
    return found


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def runs(symbol: AnySymbol) -> Runs:
    """A symbol as styled text: letters italic, words upright, indices below and above each other."""
    if isinstance(symbol, Ratio):
        top = replace(symbol.top, sample=symbol.sample)
        return (Run("∂"), *_symbol_runs(top), Run("/∂"), *_symbol_runs(symbol.bottom))
    if isinstance(symbol, Slopes):
        return (Run(f"{_letters(symbol.function)}′("), *_symbol_runs(symbol.argument), Run(")"))
    return _symbol_runs(symbol)


def _symbol_runs(symbol: Symbol) -> Runs:
    base = _letters(symbol.base)
    sample = "" if symbol.sample is None else f"({symbol.sample})"
    above = Run(",".join(part for part in (symbol.sup, symbol.new, sample) if part), level=1)
    below = Run(_letters(symbol.sub), level=-1)
    # The longer index comes last: what follows it is then clear of both.
    first, last = sorted((above, below), key=lambda index: len(index.text))
    indices = [first, replace(last, stacked=True)] if first.text else [last] if last.text else []
    return (Run(base, italic=len(base) == 1), *indices)


def _letters(name: str) -> str:
    return {"delta": "δ", "eta": "η", "lambda": "λ", "sigma": "σ"}.get(name, name)

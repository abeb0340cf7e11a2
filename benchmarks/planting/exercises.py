"""Random small networks, and the steps of working one through by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random

from benchmarks.planting.page import SAYS, Page
from benchmarks.planting.pen import Pen
from benchmarks.planting.steps import (
    HALF,
    L2,
    ONE,
    RATE,
    TWO,
    Apply,
    Expr,
    Habits,
    Number,
    Quantity,
    Step,
    Worked,
    apply,
    work_out,
)

DECIMALS = (3, 4, 6, 9)
PRECISION = 45
"""Digits that are calculated with; far more than any document shows."""
MOST_WEIGHTS = 18


@dataclass(frozen=True)
class Exercise:
    """A network with one sample; ``texts`` are its numbers as they are written."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    texts: dict[Quantity, str]
    train_biases: bool

    def known(self) -> dict[Quantity, Number]:
        """All that is given."""
        return {q: Number(text, Decimal(text)) for q, text in self.texts.items()}

    def neuron(self, layer: int, j: int) -> list[Quantity]:
        """The weights of a neuron and its bias."""
        return [*(Quantity("w", layer, j, k) for k in self.inside(layer - 1)), Quantity("b", layer, j)]

    def inside(self, layer: int) -> range:
        """The neurons of a layer, counted from 1."""
        return range(1, self.sizes[layer] + 1)

    def toml(self) -> str:
        """As a network file."""
        numbers = {q: f"{float(text)!r}" for q, text in self.texts.items()}
        vector = lambda found: "[" + ", ".join(numbers[q] for q in found) + "]"  # noqa: E731
        lines = [
            f"inputs = {vector(Quantity('x', 0, j) for j in self.inside(0))}",
            f"targets = {vector(Quantity('y', 0, j) for j in self.inside(-1))}",
            f"learning_rate = {numbers[RATE]}",
            f'loss = "{self.loss}"',
            f"train_biases = {str(self.train_biases).lower()}",
            *([f"l2 = {numbers[L2]}"] if L2 in numbers else []),
        ]
        for layer, activation in enumerate(self.activations, start=1):
            neurons = [self.neuron(layer, j) for j in self.inside(layer)]
            lines += ["", "[[layers]]", f'activation = "{activation}"']
            lines += [f"weights = [{', '.join(vector(each[:-1]) for each in neurons)}]"]
            lines += [f"biases = {vector(each[-1] for each in neurons)}"]
        return "\n".join(lines) + "\n"


def random_exercise(random: Random) -> Exercise:
    """Two or three layers of one to four neurons, with numbers as they stand in exercises."""
    sizes: tuple[int, ...] = (9, 9)
    while sum(a * b for a, b in pairwise(sizes)) > MOST_WEIGHTS:
        n_hidden = random.choice((1, 1, 1, 2))
        sizes = tuple(random.choices((1, 2, 3, 4), (2, 5, 3, 1))[0] for _ in range(n_hidden + 2))
    hidden = random.choice(("sigmoid", "sigmoid", "tanh", "relu"))
    loss = random.choice(("half_squared_error", "half_squared_error", "squared_error", "binary_cross_entropy"))
    output = "sigmoid" if loss == "binary_cross_entropy" else random.choice(("sigmoid", "sigmoid", "tanh", "identity"))
    activations = (*[hidden] * (len(sizes) - 2), output)
    places, is_padded = random.choice((1, 2, 2, 3)), random.random() < 0.3

    def text(low: float, high: float, places: int = places) -> str:
        number = Decimal(0)
        while number == 0:
            number = Decimal(random.uniform(low, high)).quantize(Decimal(1).scaleb(-places))
        return f"{number if is_padded else number.normalize():f}"

    def target() -> str:
        if loss == "binary_cross_entropy":
            return random.choice("01")
        return text(*{"sigmoid": (0.01, 0.99), "tanh": (-0.9, 0.9), "identity": (-2, 2)}[output], places=2)

    texts = {Quantity("x", 0, j): text(-2, 3, random.choice((0, 1, 1, 2))) for j in range(1, sizes[0] + 1)}
    texts |= {Quantity("y", 0, j): target() for j in range(1, sizes[-1] + 1)}
    for layer in range(1, len(sizes)):
        for j in range(1, sizes[layer] + 1):
            texts |= {Quantity("w", layer, j, k): text(-1, 1) for k in range(1, sizes[layer - 1] + 1)}
            texts[Quantity("b", layer, j)] = text(-0.6, 0.6, min(places, 2))
    texts[RATE] = random.choice(("0.1", "0.5", "0.05", "0.9", "0.3", "0.25"))
    if random.random() < 0.2:
        texts[L2] = random.choice(("0.01", "0.1", "0.001"))
    return Exercise(sizes, activations, loss, texts, random.random() < 0.7)


SHOWS = {
    "plain": {"symbols": 0.96, "numbers": 0.93},
    "latex": {"symbols": 0.85, "numbers": 0.95},
    "unicode": {"symbols": 0.3, "numbers": 0.88},
}
"""How often a step is shown in symbols, and with the numbers put in."""


class Course:
    """The steps of an exercise in the order in which somebody takes them."""

    def __init__(self, exercise: Exercise, rendering: str, random: Random, interleaved: bool, again: bool) -> None:
        self._exercise, self._rendering, self._random = exercise, rendering, random
        self._last = len(exercise.sizes) - 1
        self._interleaved, self._again = interleaved, again
        self._is_combined, self._is_negated = random.random() < 0.35, random.random() < 0.35
        self._is_short_cut, self._shows_terms = random.random() < 0.7, random.random() < 0.5
        self.steps: list[Step] = []

    def taken(self) -> list[Step]:
        """All of them."""
        self._forward("Forward", "")
        for layer in range(self._last, 0, -1):
            section = "Output layer" if layer == self._last else "Hidden layer" + f" {layer}" * (self._last > 2)
            for j in self._exercise.inside(layer):
                self._error(layer, j, section)
            self._gradients(layer, section)
            if self._interleaved:
                self._updates(layer, section)
        for layer in range(1, self._last + 1) if not self._interleaved else ():
            self._updates(layer, "Update")
        if self._again:
            self._forward("Forward again", "'")
        return self.steps

    def _step(self, quantity: Quantity, formula: Expr, section: str, reductions: int = 0) -> None:
        random, odds = self._random, SHOWS[self._rendering]
        shows = {side for side, chance in odds.items() if random.random() < chance}
        if isinstance(formula, Quantity):
            shows = {"symbols"}
        elif not shows and self._rendering != "unicode":
            shows = {"numbers"}
        is_worked = self._shows_terms and "numbers" in shows and random.random() < 0.7
        self.steps.append(Step(quantity, formula, section, frozenset(shows), reductions if is_worked else 0))

    def _a(self, layer: int, j: int, prime: str = "") -> Quantity:
        return Quantity("a" + prime, layer, j) if layer else Quantity("x", 0, j)

    def _forward(self, section: str, prime: str) -> None:
        exercise, new = self._exercise, "+" if prime else ""
        for layer, activation in enumerate(exercise.activations, start=1):
            for j in exercise.inside(layer):
                ways = [
                    Apply("*", (Quantity("w" + new, layer, j, k), self._a(layer - 1, k, prime)))
                    for k in exercise.inside(layer - 1)
                ]
                bias = Quantity("b" + new * exercise.train_biases, layer, j)
                z = Quantity("z" + prime, layer, j)
                self._step(z, apply("+", *ways, bias), section, 1)
                formula = z if activation == "identity" else Apply(activation, (z,))
                self._step(self._a(layer, j, prime), formula, section)
        self._step(Quantity("C" + prime), cost(exercise, prime), section, 0 if "cross" in exercise.loss else 1)

    def _error(self, layer: int, j: int, section: str) -> None:
        """delta = dC/da * da/dz, in two steps, or in one."""
        error = self._output_error(j) if layer == self._last else self._hidden_error(layer, j)
        delta, slope = Quantity("delta", layer, j), self._slope(layer, j)
        if slope is None:
            self._step(delta, error, section)
        elif self._is_combined and self._exercise.loss != "binary_cross_entropy":
            self._step(delta, Apply("*", (error, slope)), section, self._random.choice((1, 2)))
        else:
            factors = Quantity("dC/da", layer, j), Quantity("da/dz", layer, j)
            self._step(factors[0], error, section, int(layer < self._last and self._exercise.sizes[layer + 1] > 1))
            self._step(factors[1], slope, section, 1)
            self._step(delta, Apply("*", factors), section)

    def _output_error(self, j: int) -> Expr:
        a, y, loss = self._a(self._last, j), Quantity("y", 0, j), self._exercise.loss
        difference = Apply("-", (a, y))
        if loss == "half_squared_error":
            return Apply("neg", (Apply("-", (y, a)),)) if self._is_negated else difference
        if loss == "squared_error":
            return Apply("*", (TWO, difference))
        if self._is_short_cut:
            return difference
        return Apply("/", (difference, Apply("*", (a, Apply("-", (ONE, a))))))

    def _hidden_error(self, layer: int, j: int) -> Expr:
        above = self._exercise.inside(layer + 1)
        ways = (Apply("*", (Quantity("delta", layer + 1, k), Quantity("w", layer + 1, k, j))) for k in above)
        return apply("+", *ways)

    def _slope(self, layer: int, j: int) -> Expr | None:
        """da/dz; nothing where delta is taken at once."""
        activation, a = self._exercise.activations[layer - 1], self._a(layer, j)
        if layer == self._last and self._exercise.loss == "binary_cross_entropy" and self._is_short_cut:
            return None
        return {
            "sigmoid": Apply("*", (a, Apply("-", (ONE, a)))),
            "tanh": Apply("-", (ONE, Apply("square", (a,)))),
            "relu": Apply("relu'", (Quantity("z", layer, j),)),
            "identity": None,
        }[activation]

    def _gradients(self, layer: int, section: str) -> None:
        exercise = self._exercise
        for j in exercise.inside(layer):
            delta = Quantity("delta", layer, j)
            for k in exercise.inside(layer - 1):
                gradient = Apply("*", (delta, self._a(layer - 1, k)))
                if L2 in exercise.texts:
                    gradient = Apply("+", (gradient, Apply("*", (L2, Quantity("w", layer, j, k)))))
                self._step(Quantity("dC/dw", layer, j, k), gradient, section, int(L2 in exercise.texts))
            if exercise.train_biases:
                self._step(Quantity("dC/db", layer, j), delta, section)

    def _updates(self, layer: int, section: str) -> None:
        neurons = (q for j in self._exercise.inside(layer) for q in self._exercise.neuron(layer, j))
        for q in neurons:
            if q.kind == "w" or self._exercise.train_biases:
                change = Apply("*", (RATE, q._replace(kind=f"dC/d{q.kind}")))
                self._step(q._replace(kind=q.kind + "+"), Apply("-", (q, change)), section, 1)


def cost(exercise: Exercise, prime: str = "") -> Expr:
    """The loss of the sample, a term for each output."""
    terms, last = [], len(exercise.sizes) - 1
    for j in exercise.inside(-1):
        a, y = Quantity("a" + prime, last, j), Quantity("y", 0, j)
        square = Apply("square", (Apply("-", (y, a)),))
        hit = Apply("*", (y, Apply("ln", (a,))))
        miss = Apply("*", (Apply("-", (ONE, y)), Apply("ln", (Apply("-", (ONE, a)),))))
        terms.append(
            {
                "half_squared_error": Apply("*", (HALF, square)),
                "squared_error": square,
                "binary_cross_entropy": Apply("neg", (Apply("+", (hit, miss)),)),
            }[exercise.loss]
        )
    return apply("+", *terms)


def page(exercise: Exercise, pen: Pen, steps: list[Worked]) -> Page:
    """The whole document."""
    written = Page(pen)
    written.paragraphs(*_givens(exercise, pen, written))
    written.lines(steps)
    return written


def _givens(exercise: Exercise, pen: Pen, written: Page) -> Iterator[str]:
    known, habits, last = exercise.known(), pen.habits, len(exercise.sizes) - 1
    listed = lambda found: written.given(*found, known=known)  # noqa: E731
    told = lambda found: ", ".join(written.inline(pen.number(known[q].text)) for q in found)  # noqa: E731
    inputs = [Quantity("x", 0, j) for j in exercise.inside(0)]
    targets = [Quantity("y", 0, j) for j in exercise.inside(-1)]
    yield f"One step of backpropagation, network {'-'.join(map(str, exercise.sizes))}."
    give = told if habits.prose and habits.rendering == "unicode" else listed
    yield f"Inputs: {give(inputs)}. {'Targets' if len(targets) > 1 else 'Target'}: {give(targets)}."
    for layer, activation in enumerate(exercise.activations, start=1):
        place = "output" if layer == last else "hidden"
        for j in exercise.inside(layer):
            *weights, bias = exercise.neuron(layer, j)
            name = written.inline(pen.name(Quantity("a", layer, j)))
            if give is told:
                has = f"the weights [{told(weights)}] and the bias {told([bias])}"
                yield f"The {place} neuron {name} ({activation}) has {has}."
            else:
                yield f"{place.capitalize()} neuron {name} ({activation}): {listed([*weights, bias])}."
    loss = written.inline(f"{pen.name(Quantity('C'))} = {pen.write(cost(exercise))}")
    settings = [f"Loss {loss}", f"learning rate {listed([RATE])}"]
    if L2 in known:
        settings.append(f"weight decay {listed([L2])} (times the weight, added to each weight's gradient)")
    yield "; ".join(settings) + "." + ("" if exercise.train_biases else " Biases are not trained.")
    if habits.says:
        follows = "I calculate on with all digits" if habits.carried else "the written numbers are used from then on"
        yield f"Every result is {SAYS[habits.rounding] % habits.decimals}; {follows}."


def work_through(exercise: Exercise, steps: list[Step], habits: Habits) -> list[Worked]:
    """All steps with their numbers, each from what was written before; a decimal.DecimalException where that ends."""
    known, done = exercise.known(), []
    for step in steps:
        worked = work_out(step, known, habits)
        known[step.quantity] = worked.result
        done.append(worked)
    return done

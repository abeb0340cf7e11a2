"""Planted slips: random networks worked through by hand, with one slip each, and how many of them are found.

python -m benchmarks.planted --networks 200 --processes 2
python -m benchmarks.planted --networks 200 --clean
python -m benchmarks.planted --kinds missing_path --decimals 4 --show 3
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, DecimalException, localcontext
from itertools import count, pairwise, product
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.planted_documents import (
    HALF,
    L2,
    ONE,
    RATE,
    RENDERINGS,
    ROUNDINGS,
    SAYS,
    TWO,
    Apply,
    Expr,
    Habits,
    Number,
    Page,
    Pen,
    Quantity,
    Step,
    Worked,
    apply,
    work_out,
)
from benchmarks.planted_slips import SLIPS, Scene, Slip, chosen

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


def random_habits(random: Random, wanted: Wanted) -> Habits:
    """How somebody writes such a document."""
    rendering, rounding, carried = wanted.rendering, wanted.rounding, wanted.carried
    if rounding is None:
        odds = {"half-up": 5, "half-even": 2, "truncate": 0 if wanted.kind == "truncation" else 3}
        rounding, carried = random.choices(list(odds), list(odds.values()))[0], random.random() < 0.3
    maybe = lambda chance: random.random() < chance  # noqa: E731
    signs = {"plain": ("*", " * "), "latex": (r" \cdot ", r" \cdot ", r" \times "), "unicode": ("·", " · ", " × ")}
    return Habits(
        rendering,
        wanted.decimals,
        rounding,
        carried,
        short=maybe(0.6),
        says=rounding == "truncate" or maybe(0.6),
        scheme=random.randrange(6),
        expanded=maybe(0.25),
        multiplied=random.choice(signs[rendering]),
        bare=rendering == "plain" and maybe(0.4),
        folds=maybe(0.5),
        close=maybe(0.5),
        square=random.choice(("^2", "**2")),
        many_lines=maybe(0.25),
        joined=maybe(0.3),
        prose=maybe(0.4),
    )


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


@dataclass(frozen=True)
class Label:
    """What was planted, in the fields of the corpus' gold labels, and how much it shows.

    ``size`` is the change at its place in units of the last place (none where only symbols change); ``visible`` says
    whether any printed token differs from the document without the slip; ``level`` how deep the slip goes.
    """

    line: int
    end_line: int
    quote: str
    quantity: str
    claimed: str
    expected: str
    kind: str
    alt_kinds: tuple[str, ...]
    symbolic: bool
    severity: str
    first: bool
    visible: bool
    size: int | None
    level: str


@dataclass(frozen=True)
class Planted:
    """A document, its network file, and its label (none where nothing was planted)."""

    text: str
    network: str
    label: Label | None
    habits: Habits

    @property
    def gold(self) -> dict[str, object]:
        """As in the corpus; a slip that nobody can see is none there."""
        findings = [] if self.label is None or not self.label.visible else [asdict(self.label)]
        return {"clean": not findings, "findings": findings}


class Wanted(NamedTuple):
    """What a document is to be like; without a kind of slip it is clean, without a rounding any will do."""

    seed: int
    number: int
    kind: str | None
    rendering: str
    decimals: int
    rounding: str | None = None
    carried: bool = False


def documents(
    seed: int = 0,
    n_networks: int = 200,
    kinds: Sequence[str] = tuple(SLIPS),
    renderings: Sequence[str] = RENDERINGS,
    decimals: Sequence[int] = DECIMALS,
) -> Iterator[Planted]:
    """Each kind of slip in each rendering, with each number of decimals, of each network."""
    for wanted in product([seed], range(n_networks), kinds, renderings, decimals):
        yield made(Wanted(*wanted))


def clean_documents(
    seed: int = 0,
    n_networks: int = 200,
    renderings: Sequence[str] = RENDERINGS,
    decimals: Sequence[int] = DECIMALS,
    roundings: Sequence[str] = tuple(ROUNDINGS),
) -> Iterator[Planted]:
    """The same without a slip, with each way of rounding, carried and not."""
    for wanted in product([seed], range(n_networks), [None], renderings, decimals, roundings, (False, True)):
        yield made(Wanted(*wanted))


def made(wanted: Wanted) -> Planted:
    """The document of a network, or of the first after it where the kind of slip has a place."""
    with localcontext(prec=PRECISION):
        found = (_attempted(wanted, attempt) for attempt in count())
        return next(document for document in found if document is not None)


def _attempted(wanted: Wanted, attempt: int) -> Planted | None:
    exercise = random_exercise(Random(f"{wanted.seed} {wanted.number} {attempt}"))
    random = Random(f"{wanted} {attempt}")
    habits = random_habits(random, wanted)
    if wanted.kind == "updated_weight_used":
        habits = replace(habits, scheme=0)
    pen = Pen(exercise.sizes, habits)
    interleaved = not pen.rebinds() and (wanted.kind == "updated_weight_used" or random.random() < 0.6)
    again = wanted.kind == "stale_value" or random.random() < 0.3
    steps = Course(exercise, wanted.rendering, random, interleaved, again).taken()
    try:
        right = work_through(exercise, steps, habits)
    except DecimalException:
        return None
    clean = page(exercise, pen, right)
    if wanted.kind is None:
        return Planted(clean.text, exercise.toml(), None, habits)
    for at, slip in _slips(wanted.kind, exercise, right, pen, random):
        try:
            wrong = work_through(exercise, [*steps[:at], slip.step, *steps[at + 1 :]], habits)
        except DecimalException:
            continue
        slipped = page(exercise, pen, wrong)
        label = replace(_label(slip, right[at], wrong[at], slipped, at), visible=clean.text != slipped.text)
        return Planted(slipped.text, exercise.toml(), label, habits)
    return None


def _slips(kind: str, exercise: Exercise, right: list[Worked], pen: Pen, random: Random) -> Iterator[tuple[int, Slip]]:
    """A slip for each step that it fits, in no order."""
    everything = exercise.known() | {worked.step.quantity: worked.result for worked in right}
    for at in random.sample(range(len(right)), len(right)):
        known = exercise.known() | {worked.step.quantity: worked.result for worked in right[:at]}
        slip = chosen(kind, Scene(right[at], known, everything, pen, random))
        if slip is not None:
            yield at, slip


def _label(slip: Slip, right: Worked, wrong: Worked, written: Page, at: int) -> Label:
    """The link from the last right side to the wrong one, or to the result of the wrong numbers."""
    pen, text, spans = written.pen, written.text, written.spans[at]
    sides = [[pen.write(side) for _, side in worked.sides] for worked in (wrong, right)]
    first = next((i for i, pair in enumerate(zip(*sides, strict=False)) if pair[0] != pair[1]), len(spans) - 1)
    last = {"name": 1, "typo": first + 1, "print": first, "term": first}.get(slip.level, len(spans) - 1)
    start, stop = spans[max(first - 1, 0)][0], spans[last][1]
    claimed, expected = (
        told if slip.symbolic and told else pen.number(told or worked.result.text)
        for told, worked in ((slip.claimed, wrong), (slip.expected, right))
    )
    is_remark = slip.kind == "truncation"
    return Label(
        line=text.count("\n", 0, start) + 1,
        end_line=text.count("\n", 0, stop) + 1,
        quote=text[start:stop],
        quantity=pen.name(right.step.quantity),
        claimed=claimed,
        expected=expected,
        kind=slip.kind,
        alt_kinds=slip.alt_kinds,
        symbolic=slip.symbolic,
        severity="remark" if is_remark else "slip",
        first=not slip.symbolic and not is_remark,
        visible=True,
        size=None if slip.symbolic else _size(slip, right, wrong, pen.habits.unit),
        level=slip.level,
    )


def _size(slip: Slip, right: Worked, wrong: Worked, unit: Decimal) -> int:
    """The larger of the changes of the result and of what was put in, in units of the last place."""
    pairs = [*slip.operands, (Decimal(wrong.result.text), Decimal(right.result.text))]
    return int(max(abs(new - old) for new, old in pairs) / unit + Decimal("0.5"))


def mark_json(text: str, network: Path | None) -> dict[str, object]:
    """What ``workings mark DOCUMENT [--network FILE] --json`` says, without a process of its own where that goes."""
    try:
        from workings.marking.json import as_json
        from workings.marking.mark import mark
        from workings.network.network_file import load
    except ImportError:
        return _by_command(text, network)
    return as_json(mark(text, None if network is None else load(network)))


def _by_command(text: str, network: Path | None) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "document.md"
        document.write_text(text, encoding="utf-8")
        command = [Path(sys.executable).with_name("workings"), "mark", document, "--json"]
        command += [] if network is None else ["--network", network]
        return json.loads(subprocess.run(command, capture_output=True, check=False).stdout)


def squeeze(text: object) -> str:
    """A quote without what any writer may change; this and the next four are the rules of the corpus' score.py."""
    return re.sub(r"[\s$\\]+|(?<=\d),(?=\d{3})", "", str(text).replace("−", "-").replace("·", "*").replace("×", "*"))


def is_fair(report: dict, label: Label) -> bool:
    """On the line of the label, and not much longer than what it quotes."""
    is_short = len(squeeze(report.get("quote", ""))) <= 2.5 * len(squeeze(label.quote)) + 20
    return is_short and label.line <= report.get("line", 0) <= label.end_line


def meets_quote(report: dict, label: Label) -> bool:
    quote, wanted = squeeze(report.get("quote", "")), squeeze(label.quote)
    return bool(is_fair(report, label) and quote and (quote in wanted or wanted in quote))


def meets_claim(report: dict, label: Label) -> bool:
    quote, claimed = squeeze(report.get("quote", "")), squeeze(label.claimed)
    is_there = squeeze(report.get("claimed", "")) == claimed or (len(claimed) > 2 and claimed in quote)
    return bool(is_fair(report, label) and claimed and is_there)


def meets(report: dict, label: Label) -> bool:
    return meets_quote(report, label) or meets_claim(report, label)


@dataclass(frozen=True)
class Score:
    """What a marker made of a document; ``owed`` says whether a finding was due."""

    owed: bool
    located: bool = False
    named: bool = False  # by its first name
    among: bool = False  # the first three
    false: int = 0
    needless: int = 0  # remarks where nothing was planted
    failed: str = ""

    @property
    def fell_short(self) -> bool:
        return bool(self.failed or self.false or (self.owed and not self.among))


def score(planted: Planted, report: dict) -> Score:
    """Hold a report against the label of a document."""
    label, findings = planted.label, report["findings"]
    slips = [each for each in findings if each.get("severity", "slip") == "slip"]
    remarks = len(findings) - len(slips)
    if label is None or not label.visible:
        return Score(owed=False, false=len(slips), needless=remarks)
    met = [each for each in slips if meets(each, label)]
    kinds = {label.kind, *label.alt_kinds}
    return Score(
        owed=label.severity == "slip",
        located=bool(met),
        named=any(each.get("kind") in kinds for each in met),
        among=any(kinds & {each.get("kind"), *(each.get("candidates") or [])[:3]} for each in met),
        false=len(slips) - len(met),
        needless=sum(each not in slips and not meets(each, label) for each in findings),
    )


def scored(planted: Planted, with_network: bool) -> Score:
    """Mark a document and score what was said; a marker that breaks is a score too."""
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder) / "network.toml"
        network.write_text(planted.network, encoding="utf-8")
        try:
            return score(planted, mark_json(planted.text, network if with_network else None))
        except Exception as error:
            return Score(owed=planted.label is not None, failed=f"{type(error).__name__}: {error}")


Tally = dict[tuple[str, str], Counter]
GROUPS = ("all", "kind", "size", "level", "decimals", "rendering", "rounding")


def groups(planted: Planted) -> Iterator[tuple[str, str]]:
    """Where a document counts."""
    label, habits = planted.label, planted.habits
    yield "all", "documents"
    yield "rendering", habits.rendering
    yield "decimals", str(habits.decimals)
    yield "rounding", habits.rounding + ", carried" * habits.carried
    if label is not None:
        yield "kind", label.kind
        yield "size", "symbols" if label.size is None else "2 and more" if label.size > 1 else str(label.size)
        yield "level", label.level


def add(tally: Tally, planted: Planted, found: Score) -> None:
    """Count a document in all of its groups."""
    for group in groups(planted):
        counts = tally.setdefault(group, Counter())
        counts.update(documents=1, owed=found.owed, failed=bool(found.failed), false=bool(found.false))
        counts.update(needless=bool(found.needless))
        if found.owed:
            counts.update(located=found.located, named=found.named, among=found.among)


def table(tally: Tally) -> Iterator[str]:
    """A line for each group."""
    yield f"{'':40}{'documents':>10}{'owed':>8}{'located':>10}{'first':>10}{'of three':>10}{'accused':>9}{'failed':>8}"
    for group, name in sorted(
        tally, key=lambda key: (GROUPS.index(key[0]), int(key[1]) if key[1].isdigit() else 0, key)
    ):
        counts = tally[group, name]
        cells = [f"{group} {name}".ljust(40), str(counts["documents"]).rjust(10), str(counts["owed"]).rjust(8)]
        for what in ("located", "named", "among"):
            cells.append((f"{counts[what] / counts['owed']:.1%}" if counts["owed"] else "").rjust(10))
        yield "".join(cells) + f"{counts['false']:>9}{counts['failed']:>8}"


def keep(planted: Planted, found: Score, folder: Path, name: str) -> None:
    """Write a document as the corpus has them, with what was said of it."""
    document = folder / f"{name}.{'md' if planted.habits.rendering == 'latex' else 'txt'}"
    document.write_text(planted.text, encoding="utf-8")
    (folder / f"{name}.network.toml").write_text(planted.network, encoding="utf-8")
    gold = {"document": document.name, "network": f"{name}.network.toml", **planted.gold, "score": asdict(found)}
    (folder / f"{name}.gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _documents_of(asked: argparse.Namespace, number: int) -> Iterator[Planted]:
    """Those of one network."""
    kinds, carried = ([None], (False, True)) if asked.clean else (asked.kinds, (False,))
    roundings = asked.roundings if asked.clean else [None]
    for wanted in product([asked.seed], [number], kinds, asked.renderings, asked.decimals, roundings, carried):
        yield made(Wanted(*wanted))


def _tallied(job: tuple[argparse.Namespace, int]) -> Tally:
    """All documents of a network, marked and scored."""
    asked, number = job
    tally: Tally = {}
    for i, planted in enumerate(_documents_of(asked, number)):
        found = scored(planted, not asked.without_network)
        add(tally, planted, found)
        if asked.keep is not None and found.fell_short:
            kind = "clean" if planted.label is None else planted.label.kind
            keep(planted, found, asked.keep, f"{number:03}-{i:03}-{kind}")
    return tally


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--networks", type=int, default=200)
    options.add_argument(
        "--kinds", nargs="+", choices=SLIPS, default=list(SLIPS), metavar="KIND", help=", ".join(SLIPS)
    )
    options.add_argument("--renderings", nargs="+", choices=RENDERINGS, default=list(RENDERINGS))
    options.add_argument("--decimals", nargs="+", type=int, default=list(DECIMALS))
    options.add_argument("--clean", action="store_true", help="without slips: whoever says anything accuses falsely")
    options.add_argument(
        "--roundings", nargs="+", choices=ROUNDINGS, default=list(ROUNDINGS), help="of clean documents"
    )
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--without-network", action="store_true", help="the marker sees no network file")
    options.add_argument("--show", type=int, default=0, metavar="N", help="print N documents and stop")
    options.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="write documents that were not marked rightly here"
    )
    asked = options.parse_args()
    if asked.show:
        _show(asked)
        return 0
    if asked.keep is not None:
        asked.keep.mkdir(parents=True, exist_ok=True)
    tally: Tally = {}
    with multiprocessing.Pool(asked.processes) as pool:
        for part in pool.imap_unordered(_tallied, ((asked, number) for number in range(asked.networks))):
            for group, counts in part.items():
                tally.setdefault(group, Counter()).update(counts)
    print("\n".join(table(tally)))
    return 0


def _show(asked: argparse.Namespace) -> None:
    found = (planted for number in count() for planted in _documents_of(asked, number))
    for planted, _ in zip(found, range(asked.show), strict=False):
        label = "nothing planted" if planted.label is None else json.dumps(asdict(planted.label), ensure_ascii=False)
        print(f"{planted.text}\n>>> {label}\n>>> {planted.habits}\n{'=' * 100}")


if __name__ == "__main__":
    sys.exit(main())

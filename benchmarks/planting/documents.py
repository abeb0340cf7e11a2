"""Random documents: a network worked through in some writer's way, with one slip planted and labelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, DecimalException, localcontext
from itertools import count, product
from random import Random
from typing import NamedTuple

from benchmarks.planting.exercises import DECIMALS, PRECISION, Course, Exercise, page, random_exercise, work_through
from benchmarks.planting.page import Page
from benchmarks.planting.pen import Pen
from benchmarks.planting.scene import Scene, Slip
from benchmarks.planting.slips import SLIPS, chosen
from benchmarks.planting.steps import RENDERINGS, ROUNDINGS, Habits, Worked


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

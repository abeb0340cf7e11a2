"""Whether a writer carries more digits than are shown, and what that makes of every number that is written.

A result that the shown numbers do not quite give, but the exact ones do, was worked out with the exact ones. Then the
document is worked through once more with all digits: each number put in is the quantity that was written so, each
number on the way is what the one before it makes it, and so the last digit of each can be told.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import product
from math import prod

from workings.algebra.expression import Expr, Number, rebuild
from workings.algebra.rounding import MODES
from workings.marking.bind import Bound
from workings.marking.binding.fitting import written
from workings.marking.binding.ledger import GIVEN, Ledger
from workings.marking.checking.comparing import Pair, decimals, last_place, numbers_of, rounded, value_of
from workings.marking.reading.claims import Claim
from workings.network.quantity import Quantity

NEAR = 3
"""Units of the last place; what is further off was not rounded differently but went wrong."""

MOST_COMBINATIONS = 64
"""Of values that numbers of one expression may stand for; where there are more, nothing is told to the last digit."""

SURE_DIGITS = 14
"""Of a value that was worked out in float64: those after the point, and of larger ones all of them."""

NOISE = Decimal("1e-10")
"""By how much one value may differ from another that was worked out in another way."""


@dataclass(frozen=True, slots=True)
class Exact:
    """What a number was before it was rounded.

    Attributes
    ----------
    values : tuple of Decimal
        The likeliest first: different quantities may be written with the same digits.
    is_certain : bool
        Whether it is one of these; what follows from a slip may have digits that nobody can tell.
    """

    values: tuple[Decimal, ...]
    is_certain: bool = True

    def behind(self, number: Decimal) -> Exact:
        """The same of the digits of a number, which stand for the opposite where a minus is written before them."""
        return Exact(tuple(-value for value in self.values), self.is_certain) if number.is_signed() else self

    def those(self, number: Decimal, mode: str) -> Exact | None:
        """The values of which a number is one rounded; None where there are none."""
        values = tuple(value for value in self.values if rounded(value, number, mode) == number)
        return Exact(values, self.is_certain) if values else None

    def is_near(self, other: Decimal) -> bool:
        """Whether a value is one of these, but for the noise of float64."""
        return any(abs(value - other) <= NOISE * max(abs(other), Decimal(1)) for value in self.values)

    def gives(self, number: Decimal, mode: str) -> bool:
        """Whether a number is one of these, rounded."""
        return any(rounded(value, number, mode) == number for value in self.values)


@dataclass(frozen=True)
class Carried:
    """What is written in a document whose writer carries all digits on.

    Attributes
    ----------
    mode : str
        A name in ``rounding.MODES``.
    pairs : dict of Pair to Exact
        What each side gives for the number after it.
    results : dict of Claim to Exact
        What follows for each quantity.
    """

    mode: str
    pairs: dict[Pair, Exact] = field(default_factory=dict)
    results: dict[Claim, Exact] = field(default_factory=dict)


def carried_on(ledger: Ledger, bound: Sequence[Bound], digits: int) -> Carried | None:
    """The document worked through with all digits; None where its writer goes on with the shown numbers.

    Parameters
    ----------
    ledger : Ledger
        Without anything claimed.
    bound : sequence of Bound
        In the order of the text.
    digits : int
        The decimals of most results.
    """
    mode, lead = _mode_and_lead(ledger.as_of({}), bound)
    if lead < 0:
        return None
    carried = _Working(ledger.as_of({}), Carried(mode), digits).through(bound)
    return carried if lead > 0 or _tells_more(carried) else None


def _tells_more(carried: Carried) -> bool:
    """Whether fewer numbers on the way are wrong than where the shown ones are carried on."""
    shown = [(pair, value) for pair in carried.pairs if (value := pair.value) is not None]
    off_exact = sum(not exact.gives(pair.written, carried.mode) for pair, exact in carried.pairs.items())
    return any(shown) and off_exact < min(
        sum(rounded(value, pair.written, mode) != pair.written for pair, value in shown) for mode in MODES
    )


def _mode_and_lead(ledger: Ledger, bound: Iterable[Bound]) -> tuple[str, int]:
    """How the exact values are rounded, and how many more results they fit than the shown numbers do."""
    by_exact: Counter[str] = Counter(dict.fromkeys(MODES, 0))
    by_shown: Counter[str] = Counter(dict.fromkeys(MODES, 0))
    doubt = _Doubt(ledger)
    for each in bound:
        q, result = each.quantity, each.claim.result
        if q is None or not each.ways or q.kind in GIVEN or result is None or not decimals(result):
            continue
        exact, shown = ledger.expected(q), _shown(each)
        if not abs(exact - float(result)) <= 1.01 * float(last_place(result)):
            doubt.claim(q, float(result), is_certain=False)
            continue
        fitting = [mode for mode in MODES if rounded(_decimal(exact), result, mode) == result]
        if shown is None or (not fitting and q in doubt):
            continue  # what follows from a slip may have been worked out with digits that nobody sees
        by_exact.update(fitting)
        by_shown.update(mode for mode in MODES if rounded(shown, result, mode) == result)
    mode = max(MODES, key=lambda name: by_exact[name])
    return mode, by_exact[mode] - max(by_shown.values())


def _shown(each: Bound) -> Decimal | None:
    """What the numbers shown give for the result."""
    last = [pair for *_, pairs in each.claim.links for pair in pairs if pair is not None]
    if last and last[-1].written == each.claim.result:
        return last[-1].value
    return _decimal(each.expected) if math.isfinite(each.expected) else None


class _Doubt:
    """Numbers with digits that nobody can tell: what was written otherwise than it follows, and what follows from it.

    Attributes
    ----------
    ledger : Ledger
        Takes down what the writer goes on with.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._begun: set[int] = set()  # positions
        self._certain: set[int] = set()  # of those looked at since anything was taken down

    def claim(self, q: Quantity, value: float, *, is_certain: bool) -> None:
        """The writer goes on with a value."""
        self.ledger.claim(q, value)
        self._certain.clear()
        if not is_certain:
            self._begun.add(self.ledger.equations.at[q])

    def __contains__(self, q: Quantity) -> bool:
        """Whether a quantity is one of these."""
        equations, written = self.ledger.equations, self.ledger.written
        waiting, passed = [equations.at[q]] if self._begun else [], set()
        while waiting:
            at = waiting.pop()
            if at in self._begun:
                return True
            if at not in passed and at not in self._certain:
                passed.add(at)
                if at not in written:
                    waiting += equations.made_from[at]
        self._certain |= passed
        return False


@dataclass
class _Working:
    """Works through a document with all digits.

    Attributes
    ----------
    ledger : Ledger
        The exact values; of what went wrong, what the writer went on with.
    found : Carried
    digits : int
        The decimals of most results.
    shown : dict
        How each quantity was written.
    meant : dict
        What each number written so far was before it was rounded.
    doubt : _Doubt
        What was written otherwise than it follows, and what follows from it.
    """

    ledger: Ledger
    found: Carried
    digits: int
    shown: dict[Quantity, Decimal] = field(default_factory=dict)
    meant: dict[tuple[Decimal, int], list[Exact]] = field(default_factory=lambda: defaultdict(list))
    doubt: _Doubt = field(init=False)

    def __post_init__(self) -> None:
        self.doubt = _Doubt(self.ledger)

    def through(self, bound: Iterable[Bound]) -> Carried:
        """All claims, one after the other."""
        for each in bound:
            worked = self.linked(each) if each.claim.result is not None else None
            if each.quantity is not None and each.quantity.kind not in GIVEN:
                self.settle(each, each.quantity, worked)
        return self.found

    def linked(self, each: Bound) -> Exact | None:
        """What the numbers put in give for the result; None where none are."""
        own: dict[tuple[Decimal, int], list[Exact]] = {}
        result, is_seamless = None, True
        for *_, pairs in each.claim.links:
            on_the_way: dict[tuple[Decimal, int], list[Exact]] = defaultdict(list)
            for pair in pairs:
                if pair is None or pair.value is None:
                    continue
                exact = self.worked_out(each, pair.worked, own, is_seamless)
                if exact is None:
                    continue
                self.found.pairs[pair] = exact
                is_right = exact.gives(pair.written, self.found.mode)
                result = exact if is_right else Exact((pair.written, *exact.values), is_certain=False)
                on_the_way[_key(pair.written)].append(result.behind(pair.written))
            own |= on_the_way
            is_seamless = is_seamless and all(pair is not None and pair.value is not None for pair in pairs)
        return result

    def worked_out(
        self, each: Bound, worked: Expr, own: dict[tuple[Decimal, int], list[Exact]], is_seamless: bool
    ) -> Exact | None:
        """The value of an expression with what each of its numbers stands for; None where that may be too much."""
        meanings = [self.meanings(each, number, own, is_seamless) for number in numbers_of(worked)]
        if prod(len(each.values) for each in meanings) > MOST_COMBINATIONS:
            return None
        values = []
        for combination in product(*(each.values for each in meanings)):
            value = value_of(_with(worked, iter(combination)))
            if value is not None:
                values.append(value)
        return Exact(tuple(dict.fromkeys(values)), all(each.is_certain for each in meanings)) if values else None

    def meanings(
        self, each: Bound, number: Number, own: dict[tuple[Decimal, int], list[Exact]], is_seamless: bool
    ) -> Exact:
        """What a number stands for: one on the way, a quantity of the equation, any that was written so, or itself.

        Where a link before could not be taken apart, it may be one on the way that nobody knows.
        """
        value, key = number.value, _key(number.value)
        if not decimals(value):
            return Exact((value,))
        known = own.get(key) or list(self.of_equation(each, value))
        found = known or self.meant.get(key) or [Exact((value,))]
        values = dict.fromkeys(value for exact in found for value in exact.values)
        return Exact(tuple(values), all(exact.is_certain for exact in found) and (is_seamless or bool(known)))

    def of_equation(self, each: Bound, number: Decimal) -> Iterator[Exact]:
        """The quantities of a claim's equation that are written with these digits."""
        if each.quantity is None or each.quantity.is_whole:
            return
        for q in dict.fromkeys(q for way in self.ledger.ways(each.quantity) for q in way.quantities):
            value = self.ledger.value(q)
            if math.isfinite(value) and self.is_written(q, exact := _decimal(value), number):
                shown = self.shown.get(q, number.copy_sign(exact))
                yield Exact((exact,), q not in self.doubt).behind(shown)

    def is_written(self, q: Quantity, exact: Decimal, number: Decimal) -> bool:
        """Whether a number is how a quantity is written; what has few decimals is given so."""
        if (shown := self.shown.get(q)) is not None:
            return abs(shown) == abs(number) and decimals(shown) == decimals(number)
        is_exact = self.ledger.formula(q) is None or decimals(number) < self.digits
        return abs(exact) == number if is_exact else rounded(abs(exact), number, self.found.mode) == number

    def settle(self, each: Bound, q: Quantity, worked: Exact | None) -> None:
        """Take down what a writer goes on with."""
        for single, number in written(each.claim, q, self.ledger):
            self.shown[single] = number
            expected = self.ledger.expected(single)
            if not math.isfinite(expected):
                continue
            is_certain = single not in self.doubt
            exact = Exact((_decimal(expected),), is_certain)
            if not q.is_whole:
                self.found.results[each.claim] = exact
            self.meant[_key(number)].append(self.gone_on_with(single, number, exact, worked).behind(number))

    def gone_on_with(self, q: Quantity, number: Decimal, exact: Exact, worked: Exact | None) -> Exact:
        """What a writer calculates on with: the value of what was put in, or of the equation, if either was written."""
        mode = self.found.mode
        put_in = worked.those(number, mode) if worked is not None and worked.is_certain else None
        if put_in is not None and not any(put_in.is_near(value) for value in exact.values):
            self.doubt.claim(q, float(put_in.values[0]), is_certain=True)
            return put_in
        if exact.gives(number, mode):
            return exact
        self.doubt.claim(q, float(number), is_certain=False)
        return Exact((number, *exact.values, *(worked.values if worked is not None else ())), is_certain=False)


@lru_cache(maxsize=4096)  # a number is put in at many places
def _decimal(value: float) -> Decimal:
    """A value without the noise of float64, which a cut-off digit would show."""
    return Decimal(f"{round(value, SURE_DIGITS):.{SURE_DIGITS}g}")


def _key(number: Decimal) -> tuple[Decimal, int]:
    """A number as it is written, without its sign."""
    return abs(number), decimals(number)


def _with(expression: Expr, numbers: Iterator[Decimal]) -> Expr:
    """The expression with other numbers, in the order of reading."""
    if isinstance(expression, Number):
        return Number(format(next(numbers), "f"))
    return rebuild(expression, lambda part: _with(part, numbers))

"""An interval that surely contains a number: what follows from a value known only to some decimals.

An end is infinite where there is no bound, or none that a float could hold. It stands for numbers as large as one
likes, never for infinity itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from workings.errors import ExpressionError

_REALS = (-math.inf, math.inf)
_FAR = 1e6  # from here on, whole turns are no longer told apart well enough


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high``; every operation rounds outwards by one unit in the last place."""

    low: float
    high: float

    @classmethod
    def of(cls, text: str) -> Interval:
        """The interval of a written number: its float alone where that is exact, else the two floats around it."""
        value = float(text)
        return cls(value, value) if Decimal(text) == Decimal(value) else cls.around(value)

    @classmethod
    def around(cls, value: float) -> Interval:
        """One unit in the last place to either side of a float."""
        return _outwards(value, value)

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __or__(self, other: Interval) -> Interval:
        """What holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def __add__(self, other: Interval) -> Interval:
        return _outwards(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return _outwards(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        # 0 times an infinite end is 0, not nan: every number that the end stands for is finite.
        corners = [a * b if a and b else 0.0 for a in (self.low, self.high) for b in (other.low, other.high)]
        return _outwards(min(corners), max(corners))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low < 0 < other.high or other.low == other.high == 0:
            raise ExpressionError(f"division by an interval that contains zero: [{other.low}, {other.high}]")
        below = 1 / other.high if other.high else -math.inf
        above = 1 / other.low if other.low else math.inf
        return self * _outwards(below, above)._within((0.0, math.inf) if other.high > 0 else (-math.inf, 0.0))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __abs__(self) -> Interval:
        if 0 in self:
            return Interval(0.0, max(-self.low, self.high))
        return self if self.low > 0 else -self

    def __lt__(self, other: Interval) -> bool | None:
        """Whether each number here is less than each one there: None where that is so for some only."""
        return True if self.high < other.low else None if self.low < other.high else False

    def __le__(self, other: Interval) -> bool | None:
        return True if self.high <= other.low else None if self.low <= other.high else False

    def power(self, exponent: Interval) -> Interval:
        """The powers that have a value: all of what is positive, whole ones of what is negative.

        Raises
        ------
        ExpressionError
            Where there are none, and where a negative number may be raised to several whole ones.
        """
        parts = [_power(self, exponent)] if self.high >= 0 else []
        if self.low < 0:
            if exponent.high - exponent.low >= 1:
                raise ExpressionError(
                    f"a power of [{self.low}, {self.high}] with an exponent from {exponent.low} to {exponent.high} "
                    "cannot be bounded"
                )
            whole = math.ceil(exponent.low)
            if whole in exponent:
                mirrored = _power(-self, Interval(whole, whole))
                parts.append(-mirrored if whole % 2 else mirrored)
        if not parts:
            raise ExpressionError(f"a power of [{self.low}, {self.high}] with a broken exponent has no value")
        return reduce(or_, parts)

    def increasing(
        self,
        function: Callable[[float], Any],
        domain: tuple[float, float] = _REALS,
        image: tuple[float, float] = _REALS,
    ) -> Interval:
        """The image under a function that never falls, two units wider for the library's own rounding.

        Raises
        ------
        ExpressionError
            Where all of the interval lies outside of the domain.
        """
        inside = self._within(domain)
        if inside.low > inside.high:
            raise ExpressionError(f"no number from {self.low} to {self.high} has a value here")
        exact = _outwards(float(function(inside.low)), float(function(inside.high)))
        return _outwards(exact.low, exact.high)._within(image)

    def wave(self, function: Callable[[float], Any], peak: float) -> Interval:
        """The image under a sine or cosine, whose value is largest at ``peak``."""
        if not max(abs(self.low), abs(self.high)) <= _FAR:
            return Interval(-1.0, 1.0)
        ends = [float(function(self.low)), float(function(self.high))]
        ends += [1.0] if self._meets(peak) else []
        ends += [-1.0] if self._meets(peak + math.pi) else []
        exact = _outwards(min(ends), max(ends))
        return _outwards(exact.low, exact.high)._within((-1.0, 1.0))

    def _meets(self, place: float) -> bool:
        """Whether the place, or one some whole turns away, may lie inside."""
        turns = math.ceil((self.low - place) / math.tau - 1e-9)
        return place + math.tau * turns <= self.high + 1e-8

    def larger(self, other: Interval) -> Interval:
        """The interval of the larger of two numbers."""
        return Interval(max(self.low, other.low), max(self.high, other.high))

    def smaller(self, other: Interval) -> Interval:
        """The interval of the smaller of two numbers."""
        return Interval(min(self.low, other.low), min(self.high, other.high))

    def _within(self, ends: tuple[float, float]) -> Interval:
        return Interval(max(self.low, ends[0]), min(self.high, ends[1]))


def _outwards(low: float, high: float) -> Interval:
    return Interval(math.nextafter(low, -math.inf), math.nextafter(high, math.inf))


def _power(base: Interval, exponent: Interval) -> Interval:
    """The powers of what of the base is not negative: they rise or fall in either, so corners are enough."""
    ends = (max(base.low, 0.0), base.high)
    corners = [_raised(a, b) for a in ends for b in (exponent.low, exponent.high)]
    return _outwards(min(corners), max(corners))._within((0.0, math.inf))


def _raised(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except (OverflowError, ZeroDivisionError):
        return math.inf

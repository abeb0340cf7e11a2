"""An interval that surely contains a number: what follows from a value known only to some decimals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workings.errors import ExpressionError


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high``; every operation rounds outwards by one unit in the last place."""

    low: float
    high: float

    @classmethod
    def of(cls, text: str) -> Interval:
        """The interval of a written number: the two floats around it."""
        return cls.around(float(text))

    @classmethod
    def around(cls, value: float) -> Interval:
        """One unit in the last place to either side of a float."""
        return _outwards(value, value)

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __add__(self, other: Interval) -> Interval:
        return _outwards(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return _outwards(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return _outwards(min(corners), max(corners))

    def __truediv__(self, other: Interval) -> Interval:
        if 0 in other:
            raise ExpressionError(f"division by an interval that contains zero: [{other.low}, {other.high}]")
        corners = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return _outwards(min(corners), max(corners))

    def __rtruediv__(self, other: float) -> Interval:
        return Interval(other, other) / self

    def __radd__(self, other: float) -> Interval:
        return Interval(other, other) + self

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __abs__(self) -> Interval:
        if 0 in self:
            return Interval(0.0, max(-self.low, self.high))
        return self if self.low > 0 else -self

    def __lt__(self, other: Interval) -> bool:
        return self.high < other.low

    def __le__(self, other: Interval) -> bool:
        return self.high <= other.low

    def power(self, exponent: Interval) -> Interval:
        """The interval to a power known exactly to be whole, or any power of a positive interval."""
        whole = round(exponent.low)
        if whole in exponent and exponent.high - exponent.low < 1e-9:
            ends = sorted((self.low**whole, self.high**whole))
            if whole % 2 == 0 and 0 in self:
                ends = [0.0, ends[1]]
            return _outwards(ends[0], ends[1])
        if self.low <= 0:
            raise ExpressionError(f"a power of [{self.low}, {self.high}] with a broken exponent has no value")
        corners = [a**b for a in (self.low, self.high) for b in (exponent.low, exponent.high)]
        return _outwards(min(corners), max(corners))

    def increasing(self, function: Callable[[float], Any]) -> Interval:
        """The image under a function that never falls, two units wider for the library's own rounding."""
        return _outwards(*_ends(_outwards(float(function(self.low)), float(function(self.high)))))

    def larger(self, other: Interval) -> Interval:
        """The interval of the larger of two numbers."""
        return Interval(max(self.low, other.low), max(self.high, other.high))


def _ends(interval: Interval) -> tuple[float, float]:
    return interval.low, interval.high


def _outwards(low: float, high: float) -> Interval:
    return Interval(math.nextafter(low, -math.inf), math.nextafter(high, math.inf))

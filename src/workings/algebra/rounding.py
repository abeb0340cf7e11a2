"""Rounding as people do it by hand: to decimals or to significant figures, on the decimal digits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext

from workings.errors import ExpressionError, InputError, nearest

MODES = {
    "half-up": ROUND_HALF_UP,  # away from zero: what people do by hand
    "half-even": ROUND_HALF_EVEN,
    "truncate": ROUND_DOWN,
}

Real = float | Decimal

MOST_DIGITS = 10_000


@dataclass(frozen=True, slots=True)
class Rounding:
    """How numbers are rounded and shown.

    Attributes
    ----------
    digits : int, optional
        Decimals. Without digits and figures: nine decimals, or nine figures for what is smaller than 0.0001.
    figures : int, optional
        Significant figures.
    mode : {"half-up", "half-even", "truncate"}
        Where a number lies between two; half-up rounds away from zero.

    Raises
    ------
    InputError
        For digits and figures together, too many or too few of them, or an unknown mode.
    """

    digits: int | None = None
    figures: int | None = None
    mode: str = "half-up"

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise InputError(f"there is no rounding {self.mode!r}. {nearest(str(self.mode), MODES)}")
        if self.digits is not None and self.figures is not None:
            raise InputError("digits counts decimals and figures significant figures: give one of them")
        for name, value, least in (("digits", self.digits, 0), ("figures", self.figures, 1)):
            if value is not None and not least <= value <= MOST_DIGITS:
                raise InputError(f"{name} is {value}, but must be a whole number from {least} to {MOST_DIGITS:,}")

    def __call__(self, value: Real) -> Decimal:
        """The rounded number; a negative one that rounds to zero stays -0."""
        exact = decimal_of(value)
        if not exact.is_finite():
            return exact
        decimals = self._decimals(exact)
        if exact.adjusted() > MOST_DIGITS:
            raise ExpressionError(f"a number of {exact.adjusted():,} digits is too large to be worked with by hand")
        with localcontext(prec=max(exact.adjusted(), 0) + max(decimals, 0) + 10):
            return exact.quantize(Decimal(1).scaleb(-decimals), rounding=MODES[self.mode])

    def show(self, value: Real) -> str:
        """The rounded number as text, with all its decimals."""
        return self.text(self(value))

    def text(self, rounded: Decimal) -> str:
        """A number that was rounded so, with all its decimals."""
        if not rounded.is_finite():
            return {"Infinity": "inf", "-Infinity": "-inf"}.get(str(rounded), "nan")
        is_extreme = self.digits is None and rounded and not -13 <= rounded.adjusted() <= 15
        return f"{rounded:e}".replace("e+", "e") if is_extreme else f"{rounded:f}"

    def _decimals(self, exact: Decimal) -> int:
        if self.digits is not None:
            return self.digits
        if self.figures is not None:
            return self.figures - 1 - _exponent_after_rounding(exact, self.figures, self.mode)
        is_small = exact != 0 and abs(exact) < SMALL
        return _FIGURES - 1 - exact.adjusted() if is_small or exact.adjusted() > 15 else _FIGURES


SMALL = Decimal("0.0001")
_FIGURES = 9


def decimal_of(value: Real) -> Decimal:
    """The number with the digits Python shows for it: 2.675 is 2.675, not the binary number next to it."""
    if isinstance(value, Decimal):
        return value
    return Decimal(str(value))


def written(value: Real) -> str:
    """The shortest digits that mean this number, without an exponent unless it is very small or large."""
    exact = decimal_of(value)
    if not exact.is_finite():
        return str(exact)
    shortest = exact.normalize()
    is_plain = shortest == 0 or -13 <= shortest.adjusted() <= 15
    return f"{shortest:f}" if is_plain else f"{shortest:e}".replace("e+", "e")


def _exponent_after_rounding(exact: Decimal, figures: int, mode: str) -> int:
    """The power of ten of the first figure, once 0.9996 has become 1.00."""
    if exact == 0:
        return 0
    rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - figures + 1), rounding=MODES[mode])
    return rounded.adjusted() if rounded else exact.adjusted()

"""What a document claims: a chain as its subject, the formulas it is said to be, the numbers put in, and the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from workings.algebra.assemble import bare
from workings.algebra.expression import Matrix, Number
from workings.marking.checking.comparing import Pair, decimals, literal, numbers_of, pairs, value_of
from workings.marking.reading.chains import Chain, Side, is_numeric, name_of

TOO_COMMON = frozenset({Decimal(1), Decimal(2), Decimal("0.5"), Decimal(0)})
"""Numbers that stand in formulas themselves, and so say little about where an operand comes from."""


@dataclass(frozen=True, eq=False)
class Claim:
    """One chain, taken apart.

    Attributes
    ----------
    chain : Chain
    subject : str, optional
        The name with which it begins.
    symbolic : tuple of Side
        The sides with names in them, without the subject.
    numeric : tuple of Side
        The sides made of numbers.
    """

    chain: Chain
    subject: str | None
    symbolic: tuple[Side, ...]
    numeric: tuple[Side, ...]

    @cached_property
    def result(self) -> Decimal | None:
        """The number at the end; None where there is none, or a matrix."""
        return literal(self.numeric[-1].expression) if self.numeric else None

    @cached_property
    def results(self) -> list[list[Decimal]] | None:
        """The matrix at the end, a vector as one column."""
        last = self.numeric[-1].expression if self.numeric else None
        if not isinstance(last, Matrix):
            return None
        rows = [[literal(entry) for entry in row] for row in last.rows]
        return None if any(entry is None for row in rows for entry in row) else rows  # type: ignore[return-value]

    @property
    def numbers(self) -> list[Decimal]:
        """All numbers of the result, those of a matrix row by row."""
        return [self.result] if self.result is not None else [number for row in self.results or () for number in row]

    @property
    def is_given(self) -> bool:
        """Whether a name is given a number or a matrix, and nothing is worked out."""
        return self.subject is not None and self.worked is None and not self.symbolic and bool(self.numbers)

    @property
    def put_in(self) -> tuple[Side, Side]:
        """The side before the numbers put in, and these; where nothing is worked out, the result."""
        side = self.worked or self.numeric[-1]
        return self.chain.sides[max(self.chain.sides.index(side) - 1, 0)], side

    @cached_property
    def links(self) -> list[tuple[Side, Side, list[Pair | None]]]:
        """The neighbouring sides of numbers, each with what has to agree."""
        numeric = {side.first for side in self.numeric}
        return [
            (left, right, list(pairs(left.expression, right.expression)))
            for left, right in pairwise(self.chain.sides)
            if left.first in numeric and right.first in numeric
        ]

    @cached_property
    def worked(self) -> Side | None:
        """The first side of numbers in which something is to be worked out."""
        first = self.numeric[0] if self.numeric else None
        if first is None or literal(first.expression) is not None:
            return None
        if len(self.numeric) == 1 and isinstance(first.expression, Matrix) and self.results is not None:
            return None
        return first

    @cached_property
    def operands(self) -> frozenset[Decimal]:
        """The numbers put in, without their signs and without those that every formula has."""
        return frozenset(number.value for number in self.put_in_numbers) - TOO_COMMON

    @cached_property
    def put_in_numbers(self) -> tuple[Number, ...]:
        """The numbers put in, in the order of reading."""
        return () if self.worked is None else tuple(numbers_of(self.worked.expression))

    @cached_property
    def value(self) -> Decimal | None:
        """What the numbers put in give, exact; None where that has no value, or none are put in."""
        if self.worked is None:
            return None
        of_link = next((pairs for left, _, pairs in self.links if left is self.worked), [])
        if len(of_link) == 1 and of_link[0] is not None and of_link[0].worked is bare(self.worked.expression):
            return of_link[0].value
        return value_of(self.worked.expression)

    @property
    def start(self) -> int:
        """Where it begins in the document."""
        return self.chain.sides[0].start


def claims(chains: tuple[Chain, ...]) -> Iterator[Claim]:
    """Each chain as a claim."""
    for chain in map(_without_receiver, chains):
        subject = name_of(chain.sides[0].expression)
        rest = chain.sides[1:] if subject is not None else chain.sides
        symbolic = tuple(side for side in rest if not is_numeric(side.expression))
        numeric = tuple(side for side in rest if is_numeric(side.expression))
        yield Claim(chain, subject, symbolic, numeric)


def _without_receiver(chain: Chain) -> Chain:
    """A chain that begins with what a name goes to, ``h1 <- w1 = 0.25``, without that: it is about the name."""
    is_listed = chain.relations[:2] == ("←", "=") and name_of(chain.sides[1].expression) is not None
    return Chain(chain.sides[1:], chain.relations[1:]) if is_listed else chain


def figures(number: Decimal) -> int:
    """How many figures of a number say something."""
    return len(number.as_tuple().digits) if number else min(decimals(number), 1)

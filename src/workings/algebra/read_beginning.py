"""The formula with which a row of tokens begins, where prose may follow it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workings.algebra.cursor import balanced
from workings.algebra.expression import DEEPEST_TREE, Expr, Negate, Number, depth
from workings.algebra.lex import Token
from workings.algebra.read import read_start

_MOST_ATTEMPTS = 12  # to find where a formula ends and prose begins: each one ends before the last one failed


def read_beginning(found: Sequence[Token], *, latex: bool, functions: Collection[str] = ()) -> tuple[Expr, int] | None:
    """Read the formula with which a row of tokens begins: it, and how many of the tokens it takes.

    Parameters
    ----------
    found : sequence of Token
        Without a last one of kind ``stop``; what follows the formula may be anything.
    latex : bool
        Whether names may stand side by side for their product.
    functions : collection of str
        Names that are functions in this text.

    Returns
    -------
    tuple or None
        The longest formula; None where none begins.
    """
    if (number := _number(found)) is not None:
        return number, len(found)
    length = balanced(found)
    for _attempt in range(_MOST_ATTEMPTS):
        if not length:
            break
        end = found[length - 1].end
        stop = Token("stop", "", end, end)
        expression, at = read_start([*found[:length], stop], latex=latex, functions=functions)
        if expression is not None:
            # No formula is deeper than it has tokens.
            return (expression, at) if at <= DEEPEST_TREE or depth(expression) <= DEEPEST_TREE else None
        length = balanced(found[: min(at, length - 1)])
    return None


def _number(found: Sequence[Token]) -> Expr | None:
    """A number with or without a minus, as every second side of a chain is; None where anything else stands."""
    match found:
        case [Token("number", text)]:
            return Number(text)
        case [Token("symbol", "-"), Token("number", text)]:
            return Negate(Number(text))
    return None

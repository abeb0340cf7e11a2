"""What can go wrong, as five exceptions under one roof; each says what, where, what it got and what it wants.

::

    WorkingsError
    ├── InputError         a file, an option or an array that cannot be used        exit status 2
    ├── AddressError       a name that means no quantity of this network            exit status 2
    ├── ExpressionError    mathematics that cannot be read or evaluated             exit status 2
    ├── MissingExtraError  an optional package that is not installed                exit status 2
    └── DivergenceError    training whose objective stopped being finite            exit status 1
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class WorkingsError(Exception):
    """The root of every error that a user can cause; the command line prints it as one sentence."""

    exit_status = 2


class InputError(WorkingsError):
    """A file, an option or an array that cannot be used."""


class AddressError(WorkingsError):
    """A name that means no quantity of this network."""


class ExpressionError(WorkingsError):
    """Mathematics that cannot be read or evaluated; says at which character."""


class MissingExtraError(WorkingsError):
    """An optional package that is not installed; names the extra that brings it."""


class DivergenceError(WorkingsError):
    """Training whose objective stopped being finite; names the update and the quantity.

    Attributes
    ----------
    history : tuple of Moment
        What was recorded before.
    """

    exit_status = 1
    history: tuple[Any, ...] = ()


def nearest(got: str, known: Iterable[str]) -> str:
    """The end of a sentence that helps with a misspelt name: the nearest spelling, or all of them.

    Parameters
    ----------
    got : str
        What was written.
    known : iterable of str
        What could have been meant.
    """
    import difflib

    choices = sorted(known)
    by_small_letters = {choice.lower(): choice for choice in choices}
    close = difflib.get_close_matches(got.lower(), by_small_letters, n=1, cutoff=0.6)
    return f"Did you mean {by_small_letters[close[0]]!r}?" if close else f"Known: {', '.join(choices)}."

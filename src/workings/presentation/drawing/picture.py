"""What a picture of a network consists of, before anything has a place: columns of cards, and edges between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workings.network.quantity import Quantity
from workings.presentation.drawing.svg import Runs

Role = Literal["given", "forward", "backward", "updated"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A number with its name.

    Attributes
    ----------
    quantity : Quantity
    name : Runs
    value : str
        As it is shown.
    exact : str
        In full, for whoever points at it.
    role : {"given", "forward", "backward", "updated"}
        Where it comes from; decides its colour.
    """

    quantity: Quantity
    name: Runs
    value: str
    exact: str
    role: Role


@dataclass(frozen=True, slots=True)
class Card:
    """A node: rows of numbers, what is computed forwards above what is computed backwards."""

    rows: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """What stands on an edge: lines of one number each, or of a number and what becomes of it."""

    lines: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An edge.

    Attributes
    ----------
    source : int, optional
        Its place in the column to the left; None for a bias, which comes from nowhere.
    target : int
        Its place in the column to the right.
    weight : float, optional
        From -1 to 1, relative to the largest beside it; None where an edge has no weight.
    tag : Tag, optional
    """

    source: int | None
    target: int
    weight: float | None = None
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A layer: its captions, and its cards from top to bottom; a number in place of a card counts those left out."""

    captions: tuple[str, ...]
    places: tuple[Card | int, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """An item of the legend: a mark or a name, and what it means."""

    mark: Literal["positive", "negative", "arrow", "name", "none"]
    meaning: str
    name: Runs = ()
    role: Role = "given"


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows; ``gaps[i]`` holds the edges between columns i and i + 1."""

    title: str
    subtitle: str
    description: str
    columns: tuple[Column, ...]
    gaps: tuple[tuple[Link, ...], ...]
    legend: tuple[Key, ...]

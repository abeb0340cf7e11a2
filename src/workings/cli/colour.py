"""A lesson on a terminal: as wide as it is, in a few quiet colours."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from workings.cli.output import showable
from workings.presentation.lesson import Lesson
from workings.presentation.text import lines

_STYLES = {
    "title": "bold",
    "heading": "bold cyan",
    "rule": "dim",
    "remark": "yellow",
    "working": "green",
    "also": "dim",
}
_WIDEST = 120
"""Longer lines are hard to read, however wide the terminal."""


def print_lesson(lesson: Lesson) -> None:
    """Print a lesson; rich honours NO_COLOR."""
    console = Console(highlight=False, soft_wrap=True)
    for line in lines(lesson, min(console.width, _WIDEST)):
        console.print(Text(showable(line.text), style=_STYLES.get(line.role, "")))

"""A lesson or a report on a terminal: in a few quiet colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from workings.cli.output import showable
from workings.presentation.lesson import Lesson
from workings.presentation.text import lines

if TYPE_CHECKING:
    from workings.marking.mark import Marking

_STYLES = {
    "title": "bold",
    "heading": "bold cyan",
    "rule": "dim",
    "remark": "yellow",
    "working": "green",
    "also": "dim",
    "convention": "dim",
    "slip": "bold red",
    "unread": "yellow",
}
_WIDEST = 120
"""Longer lines are hard to read, however wide the terminal."""


def print_lesson(lesson: Lesson) -> None:
    """Print a lesson, as wide as the terminal is; rich honours NO_COLOR."""
    console = Console(highlight=False, soft_wrap=True)
    for line in lines(lesson, min(console.width, _WIDEST)):
        console.print(Text(showable(line.text), style=_STYLES.get(line.role, "")))


def print_report(marking: Marking) -> None:
    """Print a report; rich honours NO_COLOR."""
    from workings.marking import report

    console = Console(highlight=False, soft_wrap=True)
    for line in report.lines(marking, min(console.width, _WIDEST)):
        console.print(Text(showable(line.text), style=_STYLES.get(line.role, "")))

"""The media a lesson can be rendered in: one file and one row each."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from workings.presentation.lesson import Lesson


@dataclass(frozen=True, slots=True)
class Medium:
    """An output format.

    Attributes
    ----------
    name : str
        What ``--format`` calls it.
    module : str
        The module of this room whose ``render(lesson)`` makes it; imported when it is used.
    suffixes : tuple of str
        The file endings that ask for it.
    is_complete : bool
        Whether it takes every number of a large network without becoming unreadable.
    """

    name: str
    module: str
    suffixes: tuple[str, ...]
    is_complete: bool = False

    def render(self, lesson: Lesson) -> str:
        """The lesson in this medium."""
        rendered = importlib.import_module(f"workings.presentation.{self.module}").render(lesson)
        return str(rendered)


MEDIA = {
    medium.name: medium
    for medium in (
        Medium("text", "text", (".txt",)),
        Medium("markdown", "markdown", (".md", ".markdown")),
        Medium("latex", "latex", (".tex",)),
        Medium("json", "json", (".json",), is_complete=True),
    )
}


def medium_of_file(name: str) -> Medium | None:
    """The medium that a file's ending asks for."""
    return next((medium for medium in MEDIA.values() if name.lower().endswith(medium.suffixes)), None)

"""Any file as the text that is marked: which kind of file it is, and what is read of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from itertools import islice
from pathlib import PurePath

from workings.errors import InputError
from workings.marking.reading.notebook import notebook
from workings.marking.reading.sourced import MOST_MARKUP, Run, Sourced, as_it_is, joined
from workings.marking.reading.web_page import web_page


def text_of(raw: str, name: str = "") -> Sourced:
    """Read a file as plain text with LaTeX.

    The ending of its name tells which kind it is; where there is none, or an unknown one, its beginning does.

    Parameters
    ----------
    raw : str
        The file.
    name : str
        Its name; none for standard input.

    Raises
    ------
    InputError
        When a file that is named as a notebook is none.
    """
    read = _READERS.get(PurePath(name).suffix.lower())
    try:
        return (read or _by_beginning(raw))(raw)
    except InputError as error:
        raise InputError(f"{name}: {error}" if name else str(error)) from error


def with_inline_markup(raw: str) -> Sourced:
    """Text or Markdown, in which a tag or an entity of HTML may stand; ``a < b`` stays what it is.

    What comes after more markup than ``MOST_MARKUP`` is taken as it is.
    """
    found = list(_inline(raw))
    return joined(found, raw) if len(found) > 1 else as_it_is(raw)


_INLINE = re.compile(
    r"<su(?P<where>[bp])(?:\s[^<>]{0,200})?>(?P<inside>[^<>\n]{1,80})</su(?P=where)>"
    r"|</?(?P<tag>b|i|em|strong|u|a|span|font|small|code|kbd|var|p|div|br|hr|center|details|summary|img)"
    r"(?:\s+[A-Za-z-]{1,20}=[^<>]{0,2000})?\s{0,9}/?>"
    r"|&(?P<entity>(?:#\d{1,7}|#[xX][\dA-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)",
    re.IGNORECASE,
)


def _inline(raw: str) -> Iterator[Run]:
    at = 0
    for found in islice(_INLINE.finditer(raw), MOST_MARKUP):
        start = found.start()
        yield Run(raw[at:start], at, is_copy=True)
        if found["inside"] is not None:
            yield Run("_{" if found["where"] in "bB" else "^{", start)
            inside = unescape(found["inside"])
            yield Run(inside, found.start("inside"), is_copy=inside == found["inside"])
            yield Run("}", found.end("inside"))
        elif found["entity"]:
            yield Run(unescape(found[0]).replace("\xa0", " "), start)
        elif found["tag"].lower() in _BREAKING:
            yield Run(" ", start)
        at = found.end()
    yield Run(raw[at:], at, is_copy=True)


_BREAKING = frozenset({"p", "div", "br", "hr", "center", "details", "summary", "img"})

_READERS: dict[str, Callable[[str], Sourced]] = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), web_page),
    ".ipynb": notebook,
    **dict.fromkeys((".tex", ".py"), as_it_is),
    **dict.fromkeys((".md", ".markdown", ".txt", ".rst"), with_inline_markup),
}

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,500}>\s*|<!--(?:(?!-->).){0,2000}-->\s*){0,9}<(?:!doctype\s+html|html|head|body)\b",
    re.DOTALL | re.IGNORECASE,
)


def _by_beginning(raw: str) -> Callable[[str], Sourced]:
    raw = raw.removeprefix("\ufeff")
    if raw.lstrip().startswith("{") and re.search(r'"cells"\s*:\s*\[', raw):
        return notebook
    return web_page if _PAGE.match(raw) else with_inline_markup

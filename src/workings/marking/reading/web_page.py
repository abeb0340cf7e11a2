"""A web page as plain text with LaTeX: subscripts, tables, entities and MathML in the spelling the reader knows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

from workings.marking.reading.sourced import MOST_MARKUP, Run, Sourced, joined
from workings.marking.reading.typed import PLAIN_LETTERS

_BLOCKS, _FILL_CELLS, _VOID, _HIDDEN, _TOKENS = (
    frozenset(names.split())
    for names in (
        """address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure
        footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre section summary table tbody text tfoot
        thead tr ul""",
        "dl h1 h2 h3 h4 h5 h6 ol pre table ul",  # a table that holds these only arranges a page
        "area base br col embed hr img input link meta mspace none source track wbr",
        "annotation annotation-xml mphantom noscript script style template title",  # whatever a <head> says is in these
        "annotation mi mn mo ms mtext",
    )
)
# Formulas are drawn for the eye and written once more for machines: the drawing goes. A "reference" is to a footnote.
_HIDDEN_CLASS = re.compile(r"(?:^|\s)(?:katex-html|MathJax(?:_Display|_Preview|_SVG)?|reference)(?:\s|$)")
_TEX = re.compile(r"\b(?:la)?tex\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")
_PLAINER = PLAIN_LETTERS | dict.fromkeys((0xA0, 0x2061, 0x2062, 0x2063, 0x2064, 0x200B), " ")
_WALLS = ("table", "tr", "td", "th", "math")  # no end of another element reaches over them
_LONGEST_TAG = 4_000  # characters; a longer one holds a picture
_CELL = "\n\n"  # until its row is complete, a cell is a paragraph
_LAYOUTS: dict[str, tuple[str, tuple[str, ...], str]] = {  # before, between and after the parts of a formula
    **dict.fromkeys(("math", "script"), (" $", ("",), "$ ")),
    "display": (" $$", ("",), "$$ "),
    "mfrac": (r"\frac{", ("}{",), "}"),
    **dict.fromkeys(("msub", "munder"), ("", ("_{",), "}")),
    **dict.fromkeys(("msup", "mover"), ("", ("^{",), "}")),
    **dict.fromkeys(("msubsup", "munderover"), ("", ("_{", "}^{"), "}")),
    "msqrt": (r"\sqrt{", ("",), "}"),
    "mfenced": ("(", (",",), ")"),
    "mtable": (r"\begin{bmatrix}", (r" \\ ",), r"\end{bmatrix}"),
    "mtr": ("", (" & ",), ""),
    "li": ("- ", ("",), ""),
    **dict.fromkeys(("td", "th"), (_CELL, ("",), "")),
}
_MARKS = dict.fromkeys("'′", ("", "'")) | {"→": (r"\vec{", "}"), "~": (r"\tilde{", "}"), "˜": (r"\tilde{", "}")}
_MARKS |= dict.fromkeys("^ˆ", (r"\hat{", "}")) | dict.fromkeys("¯‾", (r"\bar{", "}"))


@dataclass(slots=True)
class _Open:
    """An element whose end has not come."""

    name: str
    run: Run  # empty so far: what belongs in front of the content can be said when all of it is known
    first: int  # the first run of its content
    hides: bool
    close: str = ""
    children: int = 0
    last_child: int = 0
    is_layout: bool = False  # not a matrix but equations, not a table but a page


def _is_hidden(tag: str, given: dict[str, str]) -> bool:
    if tag in _HIDDEN:
        return not _TEX.search(given.get("type", "") + given.get("encoding", ""))
    is_drawn = given.get("aria-hidden") == "true" and tag not in _BLOCKS
    return is_drawn or (tag != "mjx-container" and _HIDDEN_CLASS.search(given.get("class", "")) is not None)


@dataclass
class _TooMuch(Exception):
    """From here on there is more markup than can be read in time."""

    at: int


def web_page(raw: str) -> Sourced:
    """What a reader of the page sees; from more markup on than ``MOST_MARKUP`` the page as it is.

    No page is too broken to be read.
    """
    page = _Page(raw)
    last_tag, done = raw.rfind(">") + 1, len(raw)
    try:
        # On a single line the parser's column is the offset. An & would make it cut texts to pieces, or give up.
        page.feed(raw[:last_tag].replace("\n", " ").replace("&", "\0"))
        page.close()
        page.text(last_tag, done)
    except _TooMuch as stop:
        done = stop.at
    page.close_from(0, min(done, len(raw) - 1))  # what is missing at the end belongs to the last character
    return joined(page.runs, raw, done)


class _Page(HTMLParser):
    def __init__(self, raw: str) -> None:
        super().__init__()
        self.raw = raw
        self.runs: list[Run] = []
        self.open: list[_Open] = []
        self.places: defaultdict[str, list[int]] = defaultdict(list)  # where in `open` the elements of a name are
        self.hidden = self.spent = 0
        self.tail = ""  # the last character

    # --- the parser's own steps, held to a time that grows with the length of the page

    def spend(self, markup: int, at: int) -> None:
        self.spent += markup
        if self.spent > MOST_MARKUP:
            raise _TooMuch(at)

    def parse_starttag(self, i: int) -> int:
        return self.in_window(super().parse_starttag, i)

    def parse_endtag(self, i: int) -> int:
        return self.in_window(super().parse_endtag, i)

    def in_window(self, parse: Callable[[int], int], i: int) -> int:
        whole, self.rawdata = self.rawdata, self.rawdata[i : i + _LONGEST_TAG]
        length = parse(0)
        self.spend(1 if length > 0 else 100, self.getpos()[1])  # the whole window was searched for an end
        self.rawdata = whole
        return i + length if length > 0 else whole.find(">", i) + 1 or -1

    def parse_html_declaration(self, i: int) -> int:
        self.spend(1, self.getpos()[1])
        closing = "-->" if self.rawdata.startswith("<!--", i) else ">"
        end = self.rawdata.find(closing, i + 2)
        return end + len(closing) if end >= 0 else len(self.rawdata)

    parse_comment = parse_pi = parse_html_declaration  # type: ignore[assignment]

    # --- elements begin and end

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = self.getpos()[1]
        self.spend((not self.hidden) + len(attrs) // 4, at)  # as the work is
        if tag in {"tr", "td", "th"}:  # the end of the one before may be left out
            place = self.last("tr") if tag == "tr" else self.last("td", "th")
            self.close_from(place if place > self.last("table") else len(self.open), at)
        if tag in _BLOCKS:
            self.break_out(at)
        if tag not in _VOID:
            self.begin(tag, {name: value or "" for name, value in attrs}, at)

    def handle_endtag(self, tag: str) -> None:
        at = self.getpos()[1]
        if tag == "annotation" and self.places["math"] and not self.hidden:
            tag = "math"  # the whole formula has been said
        place = self.last(tag)
        if place >= 0 and (tag in _WALLS or place > self.last(*_WALLS)):
            self.close_from(place, at)
        if tag in _BLOCKS:
            self.break_out(at)

    def last(self, *names: str) -> int:
        found = -1
        for name in names:
            if self.places[name]:
                found = max(found, self.places[name][-1])
        return found

    def break_out(self, at: int) -> None:
        """End the line, and what can hold no lines but was never closed."""
        inside = [self.places[name][0] for name in ("sub", "sup", "math") if self.places[name]]
        self.close_from(min(inside, default=len(self.open)), at)
        self.line(at)

    def begin(self, tag: str, given: dict[str, str], at: int) -> None:
        if self.open:
            parent = self.open[-1]
            if parent.children and parent.name in _LAYOUTS:
                between = _LAYOUTS[parent.name][1]
                parent.last_child = len(self.runs)
                self.emit(between[min(parent.children, len(between)) - 1], at)
            parent.children += 1
        if tag in {"mi", "mn", "mtext"} and self.tail.isalnum():
            self.emit(" ", at)
        hides = _is_hidden(tag, given)
        if tag == "annotation" and self.places["math"] and not (hides or self.hidden):
            del self.runs[self.open[self.last("math")].first :]
        self.runs.append(Run("", at))
        entry = _Open(tag, self.runs[-1], len(self.runs), hides)
        self.places[tag].append(len(self.open))
        self.open.append(entry)
        self.hidden += hides
        if not self.hidden:
            is_display = given.get("display") == "block" or "mode=display" in given.get("type", "")
            entry.run.text, _, entry.close = _LAYOUTS.get("display" if is_display else tag, ("", (), ""))
            self.tail = entry.run.text[-1:] or self.tail
            if tag in _FILL_CELLS and self.places["tr"]:
                self.open[self.last("tr")].is_layout = True

    def close_from(self, place: int, at: int) -> None:
        while len(self.open) > place:
            entry = self.open.pop()
            self.places[entry.name].pop()
            self.hidden -= entry.hides
            if not (self.hidden or entry.hides):
                self.end(entry, at)

    def end(self, entry: _Open, at: int) -> None:
        content = self.beginning(entry.first)
        parent = self.open[-1] if self.open else entry
        match entry.name:
            case "sub" | "sup" if content and content not in {"st", "nd", "rd", "th", "'", "′", "’"}:
                braces = len(content) > 1
                entry.run.text = ("_" if entry.name == "sub" else "^") + "{" * braces
                entry.close = "}" * braces
            case "mi" if len(content) > 1 and content.isascii() and content.isalnum():
                entry.run.text, entry.close = r"\mathrm{", "}"
            case "mtext" if content:
                entry.run.text, entry.close = r"\text{", "}"
            case "mrow" if parent.name in {"msub", "msup", "msubsup"} and parent.children == 1 < entry.children:
                entry.run.text, entry.close = ("", "") if content.startswith("(") else ("{", "}")
            case "mover" | "msup" if mark := _MARKS.get(self.beginning(entry.last_child + 1)):
                del self.runs[entry.last_child :]
                entry.run.text, entry.close = mark
            case "mtable" if entry.is_layout:
                entry.run.text, entry.close = r"\begin{aligned}", r"\end{aligned}"
            case "tr" if not entry.is_layout:
                entry.close = self.end_row(self.runs[entry.first :])
        self.emit(entry.close, at)
        if entry.name in _BLOCKS:
            self.line(at)

    def end_row(self, row: Sequence[Run]) -> str:
        """Set the cells of a row side by side; what its end is to be."""
        row = [run for run in row if run.text]
        cells = [run for run in row if run.text == _CELL]
        breaks = [run for run in row if run.text == "\n"]
        is_equation = any(run.text == _CELL and after.text.startswith(("=", "≈")) for run, after in pairwise(row))
        is_page = len(cells) < 2 or len(breaks) > 2 * len(cells)
        between = "\n" if is_page else " " if is_equation else " | "
        for run in (*cells, *breaks):
            run.text = between if run.text == _CELL else "\n" if is_page else " "
        for run in cells[:1]:
            run.text = between.lstrip()
        return between.rstrip()

    def beginning(self, first: int) -> str:
        """A little of the last runs: asking it of elements inside each other takes no longer than reading them."""
        return "".join(run.text[:50] for run in self.runs[first : first + 8]).strip()

    # --- characters

    def handle_data(self, data: str) -> None:
        self.spend(1, at := self.getpos()[1])
        self.text(at, at + len(data))

    def text(self, start: int, end: int) -> None:
        between_parts = self.places["math"] and self.open[-1].name not in _TOKENS
        if self.hidden or (between_parts and self.raw[start:end].isspace()):
            return
        for found in _ENTITY.finditer(self.raw, start, end):
            self.copy(start, found.start())
            start = found.start()
            self.spend(1, start)
            self.emit(unescape(found[0]).translate(_PLAINER), start)
            start = found.end()
        self.copy(start, end)

    def copy(self, start: int, end: int) -> None:
        text = self.raw[start:end]
        if not text.isascii():
            text = text.translate(_PLAINER)
        if not (self.places["pre"] or self.places["code"]):
            text = text.replace("\n", " ")
            text = text.lstrip() if self.tail in {"", "\n"} else text
        self.emit(text, end - len(text), is_copy=True)

    def emit(self, text: str, at: int, is_copy: bool = False) -> None:
        if text and not self.hidden:
            self.runs.append(Run(text, at, is_copy))
            self.tail = text[-1]
            if "=" in text and self.places["mtable"]:
                self.open[self.last("mtable")].is_layout = True

    def line(self, at: int) -> None:
        if self.tail not in {"", "\n"}:
            self.emit("\n", at)

"""A marked document as one HTML page: the text as it was written, the wrong links marked, a note beside each.

The page stands alone: no script, nothing fetched. Without its style sheet it reads from top to bottom, each note after
the line it is about; every mark has a number and an underline, so colour carries nothing alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from workings.marking.findings import Finding
from workings.marking.mark import Marking
from workings.marking.report import convention_line, counts_line, told, unread_line
from workings.marking.slips import explanation

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fdfdfb; --soft: #5c5c5c; --rule: #d8d8d2;
  --slip: #a3161d; --slip-paper: #fbe3e1; --remark: #7a5200; --remark-paper: #fbf0d2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --paper: #191a1c; --soft: #a9a7a1; --rule: #3a3b3e;
  --slip: #ff9d96; --slip-paper: #46211f; --remark: #f0c667; --remark-paper: #3d3216; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 84rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0 0 .5rem; }
header p { margin: .2rem 0; }
ol.text { list-style: none; margin: 1rem 0; padding: 0; border-top: 1px solid var(--rule); }
ol.text > li { display: grid; grid-template-columns: 3em minmax(0, 1fr) minmax(0, 22rem); column-gap: .8rem; }
ol.text > li > .at { color: var(--soft); text-align: right; font: .85rem/1.6rem ui-monospace, monospace;
  user-select: none; text-decoration: none; }
code { font: .9rem/1.6rem ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
  tab-size: 4; }
mark { color: inherit; background: var(--slip-paper); text-decoration: underline wavy var(--slip);
  text-underline-offset: .2em; }
mark.remark { background: var(--remark-paper); text-decoration: underline dotted var(--remark); }
mark[data-note]::after { content: attr(data-note); font-size: .7em; font-weight: bold; vertical-align: super;
  line-height: 0; }
div.notes { grid-column: 3; }
aside { margin: .2rem 0 .6rem; padding: .3rem .6rem; border-left: .25rem solid var(--slip);
  font-size: .9rem; overflow-wrap: anywhere; }
aside.remark { border-left: .25rem dotted var(--remark); }
aside p { margin: .15rem 0; }
@media (max-width: 52rem) {
  ol.text > li { grid-template-columns: 2.2em minmax(0, 1fr); column-gap: .5rem; }
  div.notes { grid-column: 2; } }
@media print { body { max-width: none; padding: 0; } mark, mark.remark { background: none; }
  aside { break-inside: avoid; } }
"""


def page(marking: Marking, title: str = "A marked document") -> str:
    """The page, complete from ``<!doctype html>`` on.

    Parameters
    ----------
    marking : Marking
    title : str
        Its heading, the name of the document for instance.
    """
    return "".join(_page(marking, title))


def _page(marking: Marking, title: str) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{_escaped(title)}, marked</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    yield f"<header>\n<h1>{_escaped(title)}</h1>\n"
    yield f"<p>{_escaped(convention_line(marking))}</p>\n<p>{_escaped(counts_line(marking))}</p>\n</header>\n<main>\n"
    yield '<ol class="text">\n'
    notes: dict[int, list[int]] = defaultdict(list)
    for number, finding in enumerate(marking.findings, start=1):
        notes[marking.document.text.count("\n", 0, finding.start) + 1].append(number)
    for number, (start, end) in enumerate(_lines(marking.document.text), start=1):
        line = "".join(_marked(marking.document.text, start, end, marking.findings))
        yield f'<li id="line-{number}"><a class="at" href="#line-{number}">{number}</a> <code>{line}</code>'
        if notes[number]:
            yield f'<div class="notes">{"".join(_note(marking, note) for note in notes[number])}</div>'
        yield "</li>\n"
    yield "</ol>\n</main>\n"
    if marking.reading.unread:
        items = "".join(f"<li>{_escaped(unread_line(marking, unread))}</li>\n" for unread in marking.reading.unread)
        yield f"<footer>\n<h2>Not read</h2>\n<ul>\n{items}</ul>\n</footer>\n"
    yield "</body>\n</html>\n"


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends, as the document counts its lines; its end belongs to it."""
    ends = [found.end() for found in re.finditer("\n", text)]
    yield from pairwise([0, *ends, len(text)] if not ends or ends[-1] < len(text) else [0, *ends])


def _marked(text: str, start: int, end: int, findings: Sequence[Finding]) -> Iterator[str]:
    """The characters of a line, cut at the ends of all findings: marks may overlap, elements may not."""
    here = [(n, each) for n, each in enumerate(findings, start=1) if each.start < end and start < each.end]
    cuts = sorted({start, end, *(min(max(at, start), end) for _n, each in here for at in (each.start, each.end))})
    for first, last in pairwise(cuts):
        over = [(n, each) for n, each in here if each.start <= first and last <= each.end]
        inside = _escaped(text[first:last])
        yield _mark(over, inside, last) if over else inside


def _mark(over: Sequence[tuple[int, Finding]], inside: str, end: int) -> str:
    """A piece of text that findings are about; the numbers of those that end here are shown behind it."""
    kind = "slip" if any(finding.severity == "slip" for _n, finding in over) else "remark"
    title = ", ".join(f"note {n}" for n, _finding in over)
    ending = " ".join(str(n) for n, finding in over if finding.end == end)
    numbers = f' data-note="{ending}"' if ending else ""
    return f'<mark class="{kind}" title="{title}"{numbers}>{inside}</mark>'


def _note(marking: Marking, number: int) -> str:
    finding = marking.findings[number - 1]
    head, *rest = told(marking, finding)
    said = "".join(f"<p>{_escaped(sentence)}</p>" for sentence in (explanation(finding), *rest))
    title = f"<p><b>{number}. {_escaped(head)}</b></p>"
    return f'<aside class="{finding.severity}" aria-label="note {number}">{title}{said}</aside>'


def _escaped(text: str) -> str:
    """Text for a page. What no page can hold stands as the sign for that; a carriage return would become a line end."""
    return escape(_IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text)).replace("\r", "&#13;")


_IMPOSSIBLE = re.compile("[\x00\ud800-\udfff]")

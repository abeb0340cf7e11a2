"""The HTML copy: the document as it was written, each finding marked in it, and nothing fetched."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.marking.mark import mark
from workings.marking.page import page

WRONG = "z = 0.5*3 + 0.1 = 1.7\n\na = sigmoid(1.7) = 0.8455\n"
VOID = {"meta"}


class Reader(HTMLParser):
    """What a browser makes of a page: its text lines, its marks, and whether every element is closed in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.code, self.marked, self.attributes = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "code" in self.open:
            self.code.append(data)
        if "mark" in self.open:
            self.marked.append(data)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_its_text_is_that_of_the_document(text):
    assert "".join(Reader(page(mark(text))).code) == text


@given(st.lists(st.tuples(st.integers(0, len(WRONG)), st.integers(0, len(WRONG))), max_size=6))
def test_findings_that_overlap_are_all_marked_and_break_nothing(spans):
    marking = mark(WRONG)
    (finding,) = marking.findings
    findings = tuple(replace(finding, start=min(span), end=max(span)) for span in spans)
    shown = Reader(page(replace(marking, findings=findings)))
    assert "".join(shown.code) == WRONG
    covered = {at for each in findings for at in range(each.start, each.end)}
    assert "".join(shown.marked) == "".join(WRONG[at] for at in sorted(covered))


def test_the_wrong_link_is_marked_with_a_note_beside_it():
    shown = page(mark(WRONG), "answer.md")
    assert Reader(shown).marked == ["0.5*3 + 0.1 = 1.7"]
    note = shown.partition("<aside")[2].partition("</aside>")[0]
    assert "1. first wrong step: rounding, at z" in note
    assert "Written: 1.7; it should be 1.6." in note
    assert "It could also be: digit, arithmetic." in note
    assert 'data-note="1"' in shown  # a number stands behind the mark: colour says nothing alone
    assert shown.index("Convention: ") < shown.index("2 numbers checked") < shown.index("<mark")


def test_what_was_not_read_is_listed():
    assert "<h2>Not read</h2>" in page(mark("z = )\n"))


@pytest.mark.parametrize("text", [WRONG, "<script src='http://x.y'></script> & z = 1*1 = 2", "\0 \ud800"])
def test_nothing_is_fetched_or_run(text):
    shown = page(mark(text), text)
    values = [value for name, value in Reader(shown).attributes if name in {"src", "href", "style", "onload"}]
    assert all(value.startswith("#line-") for value in values)
    assert "<script" not in shown
    assert "url(" not in shown
    assert "@import" not in shown
    shown.encode()


def test_the_notes_of_a_line_stand_together():
    written = page(mark("a = 1 + 1 = 3 and b = 2 + 2 = 5\nc = 3 + 3 = 7"))
    beside = re.findall(r'<div class="notes">(.*?)</div>', written, re.DOTALL)
    assert [each.count("<aside") for each in beside] == [2, 1]

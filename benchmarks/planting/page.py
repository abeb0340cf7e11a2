"""Worked steps set out on a page, with the place of each part."""

from __future__ import annotations

from benchmarks.planting.pen import ARROWS, Pen
from benchmarks.planting.steps import Known, Quantity, Worked

SAYS = {
    "half-up": "rounded to %d decimals",
    "half-even": "rounded to %d decimals, a 5 to the even neighbour",
    "truncate": "cut off after %d decimals, not rounded",
}
LAYOUT = {
    # heading, math, math inside a sentence, between two chains on a line
    "plain": ("%s", "%s", "%s", ", "),
    "latex": ("## %s", "$$ %s $$", "$%s$", r", \qquad "),
    "unicode": ("%s", "%s", "%s", ",  "),
}


class Page:
    """A text as it grows, with the place of each side of each step."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self._heading, self._math, self._inline, self._between = LAYOUT[pen.habits.rendering]
        self._pieces: list[str] = []
        self._length = 0
        self.spans: list[list[tuple[int, int]]] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def put(self, *pieces: str) -> None:
        """Go on writing."""
        for piece in pieces:
            self._pieces.append(piece)
            self._length += len(piece)

    def paragraphs(self, *paragraphs: str) -> None:
        """Each on a line, and a free line behind it where the format needs one."""
        for paragraph in paragraphs:
            self.put(paragraph, "\n\n" if self.pen.habits.rendering == "latex" else "\n")

    def heading(self, text: str) -> None:
        self.put("" if self.pen.habits.rendering == "latex" else "\n")
        self.paragraphs(self._heading % text)

    def given(self, *quantities: Quantity, known: Known) -> str:
        """Some names with their values."""
        pen = self.pen
        pairs = (f"{pen.name(q)} = {pen.number(known[q].text)}" for q in quantities)
        return ", ".join(self._inline % pair for pair in pairs)

    def inline(self, text: str) -> str:
        """Mathematics inside a sentence."""
        return self._inline % text

    def lines(self, steps: list[Worked]) -> None:
        """All steps, under a heading for each section."""
        section, at = None, 0
        while at < len(steps):
            if steps[at].step.section != section:
                section = steps[at].step.section
                self.heading(section)
            is_pair = self.pen.habits.joined and all(each.step.quantity.kind == "w+" for each in steps[at : at + 2])
            chains = steps[at : at + 1 + is_pair]
            if len(chains) == 1 and self.pen.habits.many_lines and len(chains[0].sides) > 3:
                self._broken(chains[0])
            else:
                self._together(chains)
            at += len(chains)

    def _together(self, chains: list[Worked]) -> None:
        before, after = self._math.split("%s")
        self.put(before)
        for i, chain in enumerate(chains):
            self.put(self._between if i else "")
            self._sides(chain, " ")
        self.put(after)
        self.paragraphs("")

    def _broken(self, chain: Worked) -> None:
        """Each side but the first two on a line of its own."""
        if self.pen.habits.rendering == "latex":
            self.put("\\[\n\\begin{aligned}\n")
            self._sides(chain, " \\\\\n &", "&")
            self.paragraphs("\n\\end{aligned}\n\\]")
        else:
            self._sides(chain, "\n    ")
            self.paragraphs("")

    def _sides(self, chain: Worked, between: str, mark: str = "") -> None:
        self.spans.append([])
        arrow = (
            ARROWS[self.pen.habits.rendering] if chain.step.quantity.kind.endswith("+") and self.pen.rebinds() else "="
        )
        for i, (_, side) in enumerate(chain.sides):
            self.put(*([""], [" ", mark, arrow, " "], [between, "=", " "])[min(i, 2)])
            self.spans[-1].append((self._length, self._length + len(text := self.pen.write(side))))
            self.put(text)

"""Where everything in a picture of a network stands, so that nothing overlaps, by construction.

Layers are columns of cards. Between two columns stand the tags of the edges, in one column of their own, those of a
neuron together: an edge swings from its source to its tag, and from there on into the neuron. So no edge runs under
the tag of another, and the tags beside a neuron read like its weighted sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from workings.presentation.drawing.picture import Card, Column, Entry, Key, Link, Picture, Tag
from workings.presentation.drawing.svg import width_of, wrapped

TITLE_SIZE, CAPTION_SIZE, NAME_SIZE, VALUE_SIZE, TAG_SIZE, LEGEND_SIZE = 18.0, 12.5, 11.5, 13.5, 12.0, 11.5
TITLE_LINE, CAPTION_LINE, TAG_LINE, LEGEND_LINE = 24.0, 17.0, 18.5, 22.0

MARGIN = 22.0
CELL_HEIGHT, CELL_PADDING = 44.0, 10.5
TAG_PADDING = 7.0
NAME_GAP = 11.0  # between a name and its number on a tag
ARROW = 22.0  # between a number and what becomes of it
TAG_GAP, BUNDLE_GAP, CARD_GAP = 5.0, 20.0, 26.0
JOIN = 30.0  # from the tags into the neuron
FAN_LEAST, FAN_MOST, FAN_STEEPNESS = 50.0, 170.0, 0.38  # from a source to the tags; the last a share of the height
DOTS_HEIGHT = 58.0
LEGEND_GAP, MARK = 22.0, 32.0
NARROWEST = 440.0  # room for a title and a legend around the smallest network


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Half the height."""
        return self.top + self.height / 2

    @property
    def center(self) -> float:
        """Half the width."""
        return self.left + self.width / 2


@dataclass(frozen=True, slots=True)
class Stops:
    """Where the numbers end in all tags of a gap, from the left edge, and how wide the tags are."""

    old: float
    new: float
    width: float


@dataclass(frozen=True, slots=True)
class PlacedTag:
    """A tag at its place."""

    link: Link
    tag: Tag
    box: Box
    stops: Stops


@dataclass(frozen=True, slots=True)
class PlacedCard:
    """A card at its place, or the number of those left out there; and the widths of its cells."""

    card: Card | int
    box: Box
    cells: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A stretch of an edge from one point to another, level at both ends."""

    start: tuple[float, float]
    end: tuple[float, float]
    link: Link


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: the left end (captions: the middle) of its baseline."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture with every part at its place."""

    picture: Picture
    width: float
    height: float
    title: tuple[Line, ...]
    subtitle: tuple[Line, ...]
    captions: tuple[tuple[Line, ...], ...]
    cards: tuple[PlacedCard, ...]
    tags: tuple[PlacedTag, ...]
    curves: tuple[Curve, ...]
    legend: tuple[tuple[float, float, Key], ...]


def place(picture: Picture) -> Plan:
    """Give every part of a picture its place."""
    columns = picture.columns
    total, middles = _down(picture)
    widths, fans = [_column_width(column) for column in columns], _fans(picture, middles)
    steps = [fan + tags for fan, tags in zip(fans, map(_tags_room, picture.gaps), strict=True)]
    across = sum(widths) + sum(steps)
    width = max(across, NARROWEST) + 2 * MARGIN

    title = _paragraph(picture.title, TITLE_SIZE, TITLE_LINE, MARGIN, width, bold=True)
    subtitle_top = MARGIN + TITLE_LINE * len(title)
    subtitle = _paragraph(picture.subtitle, CAPTION_SIZE, CAPTION_LINE + 2, subtitle_top, width)
    captions_top = subtitle_top + (CAPTION_LINE + 2) * len(subtitle) + 18
    top = captions_top + CAPTION_LINE * max(len(column.captions) for column in columns) + 12

    # A narrow network stands in the middle above its legend.
    first = (width - across) / 2
    lefts = list(accumulate((a + b for a, b in zip(widths, steps, strict=False)), initial=first))
    cards = [
        _placed_cards(column, left, wide, [top + y for y in ys])
        for column, left, wide, ys in zip(columns, lefts, widths, middles, strict=True)
    ]
    tag_lefts = [left + wide + fan for left, wide, fan in zip(lefts, widths, fans, strict=False)]
    edges = [
        _placed_edges(gap, left, sources, targets)
        for gap, left, (sources, targets) in zip(picture.gaps, tag_lefts, pairwise(cards), strict=True)
    ]
    legend, bottom = _placed_legend(picture.legend, top + total + 26, width)
    return Plan(
        picture=picture,
        width=width,
        height=bottom + MARGIN - 8,
        title=title,
        subtitle=subtitle,
        captions=tuple(
            tuple(
                Line(left + wide / 2, captions_top + CAPTION_LINE * (number + 0.75), text)
                for number, text in enumerate(column.captions)
            )
            for column, left, wide in zip(columns, lefts, widths, strict=True)
        ),
        cards=tuple(card for placed in cards for card in placed),
        tags=tuple(tag for tags, _ in edges for tag in tags),
        curves=tuple(curve for _, curves in edges for curve in curves),
        legend=legend,
    )


def _down(picture: Picture) -> tuple[float, list[list[float]]]:
    """How high the network is, and the middle of every place: each column shares the height out equally.

    The column that needs most for each of its places decides the height.
    """
    total = 0.0
    for column, gap in zip(picture.columns, ((), *picture.gaps), strict=True):
        for number, item in enumerate(column.places):
            tags = [_tag_height(link.tag) + TAG_GAP for link in gap if link.target == number and link.tag]
            needed = max(sum(tags) - TAG_GAP + BUNDLE_GAP, _card_height(item) + CARD_GAP)
            total = max(total, len(column.places) * needed)
    shares = [total / len(column.places) for column in picture.columns]
    return total, [
        [share * (number + 0.5) for number in range(len(column.places))]
        for column, share in zip(picture.columns, shares, strict=True)
    ]


def _fans(picture: Picture, middles: list[list[float]]) -> list[float]:
    """The room in which the edges of each gap swing from their sources to their tags: steep ones get more."""
    fans = []
    for gap, (sources, targets) in zip(picture.gaps, pairwise(middles), strict=True):
        climbs = [abs(targets[link.target] - sources[link.source]) for link in gap if link.source is not None]
        steep = max(climbs, default=0.0)
        least = FAN_LEAST if steep or any(link.tag for link in gap) else JOIN
        fans.append(min(max(least, FAN_STEEPNESS * steep), FAN_MOST))
    return fans


def _tags_room(gap: tuple[Link, ...]) -> float:
    return _stops(gap).width + JOIN if any(link.tag for link in gap) else 0.0


def _placed_cards(column: Column, left: float, width: float, middles: Sequence[float]) -> list[PlacedCard]:
    cells = _cell_widths(column)
    spare = (width - sum(cells)) / len(cells)
    heights = [_card_height(item) for item in column.places]
    return [
        PlacedCard(item, Box(left, middle - height / 2, width, height), tuple(cell + spare for cell in cells))
        for item, middle, height in zip(column.places, middles, heights, strict=True)
    ]


def _placed_edges(
    gap: tuple[Link, ...], left: float, sources: Sequence[PlacedCard], targets: Sequence[PlacedCard]
) -> tuple[list[PlacedTag], list[Curve]]:
    """The tags, stacked beside the card they lead to, and the curves through them."""
    tags, curves, stops = [], [], _stops(gap)
    for number, target in enumerate(targets):
        links = [link for link in gap if link.target == number]
        y = target.box.middle - (sum(_tag_height(link.tag) + TAG_GAP for link in links if link.tag) - TAG_GAP) / 2
        for link in links:
            here = (target.box.left, target.box.middle)
            if link.tag:
                box = Box(left, y, stops.width, _tag_height(link.tag))
                y += box.height + TAG_GAP
                tags.append(PlacedTag(link, link.tag, box, stops))
                curves.append(Curve((box.right, box.middle), here, link))
                here = (box.left, box.middle)
            if link.source is not None:
                source = sources[link.source].box
                curves.append(Curve((source.right, source.middle), here, link))
    return tags, curves


def _placed_legend(
    keys: tuple[Key, ...], top: float, width: float
) -> tuple[tuple[tuple[float, float, Key], ...], float]:
    """The items of the legend in rows, as (left, baseline, item), and where the last row ends."""
    placed, x, y = [], MARGIN, top + LEGEND_SIZE
    for key in keys:
        wide = key_room(key) + width_of(key.meaning, LEGEND_SIZE)
        if x > MARGIN and x + wide > width - MARGIN:
            x, y = MARGIN, y + LEGEND_LINE
        placed.append((x, y, key))
        x += wide + LEGEND_GAP
    return tuple(placed), y + LEGEND_LINE / 2


def _paragraph(
    text: str, size: float, line: float, top: float, width: float, *, bold: bool = False
) -> tuple[Line, ...]:
    lines = wrapped(text, size, width - 2 * MARGIN, bold=bold)
    return tuple(Line(MARGIN, top + line * (number + 0.72), written) for number, written in enumerate(lines))


def _column_width(column: Column) -> float:
    return max(sum(_cell_widths(column)), *(width_of(caption, CAPTION_SIZE, bold=True) for caption in column.captions))


def _cell_widths(column: Column) -> list[float]:
    """How wide each cell is: all cards of a column are alike."""
    rows = [row for item in column.places if isinstance(item, Card) for row in item.rows]
    cells = [[row[number] for row in rows if number < len(row)] for number in range(max(map(len, rows)))]
    return [2 * CELL_PADDING + max(map(_cell_width, entries)) for entries in cells]


def _cell_width(entry: Entry) -> float:
    return max(width_of(entry.name, NAME_SIZE), width_of(entry.value, VALUE_SIZE, bold=True))


def _card_height(item: Card | int) -> float:
    return CELL_HEIGHT * len(item.rows) if isinstance(item, Card) else DOTS_HEIGHT


def _tag_height(tag: Tag) -> float:
    return TAG_LINE * len(tag.lines) + 6.0


def _stops(gap: tuple[Link, ...]) -> Stops:
    """Where the numbers end: what becomes of them at the right edge, under it the numbers that stay alone."""
    lines = [line for link in gap if link.tag for line in link.tag.lines]
    changing = [line for line in lines if len(line) > 1]
    new = max((ARROW + _number_width(line[1]) for line in changing), default=0.0)
    names = max((_named_width(line[0]) - _number_width(line[0]) for line in changing), default=0.0)
    old = max((_number_width(line[0]) for line in changing), default=0.0)
    alone = max((_named_width(line[0]) for line in lines if len(line) == 1), default=0.0)
    width = max(names + old + new, alone) + 2 * TAG_PADDING
    return Stops(old=width - TAG_PADDING - new, new=width - TAG_PADDING, width=width)


def _number_width(entry: Entry) -> float:
    return width_of(entry.value, TAG_SIZE, bold=True)


def _named_width(entry: Entry) -> float:
    return width_of(entry.name, TAG_SIZE) + NAME_GAP + _number_width(entry)


def key_room(key: Key) -> float:
    """The room for the mark or the name before a meaning in the legend."""
    return {"name": width_of(key.name, LEGEND_SIZE) + 8, "none": 0.0}.get(key.mark, MARK)

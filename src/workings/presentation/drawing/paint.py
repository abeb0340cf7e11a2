"""A plan written as SVG: cards, tags, curves and legend, in colours for light and dark.

The hues are those of Okabe and Ito (2008), which people with every kind of colour vision tell apart; where they are
text they are darkened, or on black lightened, until they read well. Nothing is told by colour alone: a negative
weight is dashed, a slope is named a slope, a new number stands behind an arrow.
"""

from __future__ import annotations

import math

from workings.presentation.drawing.layout import (
    ARROW,
    CAPTION_SIZE,
    CELL_HEIGHT,
    LEGEND_SIZE,
    MARK,
    NAME_SIZE,
    TAG_LINE,
    TAG_PADDING,
    TAG_SIZE,
    TITLE_SIZE,
    VALUE_SIZE,
    Box,
    Curve,
    Line,
    PlacedCard,
    PlacedTag,
    Plan,
    key_room,
)
from workings.presentation.drawing.picture import Card, Entry, Key, Link
from workings.presentation.drawing.svg import content, element, text_element

_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "muted": "#59636e",
    "line": "#d0d7de",
    "card": "#f6f8fa",
    "positive": "#0072b2",
    "negative": "#b0568a",
    "plain": "#8c959f",
    "forward": "#00568a",
    "backward": "#a84300",
    "slopes": "#fdf0e4",
    "updated": "#00694b",
}
_DARK = {
    "paper": "#0d1117",
    "ink": "#e6edf3",
    "muted": "#9aa4af",
    "line": "#3a424c",
    "card": "#171d25",
    "positive": "#56b4e9",
    "negative": "#d98cb8",
    "plain": "#6e7781",
    "forward": "#79c4f0",
    "backward": "#f0ac2e",
    "slopes": "#2a2113",
    "updated": "#3fcf9f",
}
_COLOURED = """\
.wk-paper,.wk-tag,.wk-ring{{fill:{paper}}}
.wk-ink,.wk-given{{fill:{ink}}}
.wk-name,.wk-muted{{fill:{muted}}}
.wk-forward{{fill:{forward}}}
.wk-backward{{fill:{backward}}}
.wk-updated{{fill:{updated}}}
.wk-card{{fill:{card};stroke:{line}}}
.wk-slopes{{fill:{slopes}}}
.wk-arrow{{stroke:{muted}}}
.wk-positive{{stroke:{positive}}}
.wk-negative{{stroke:{negative}}}
.wk-plain{{stroke:{plain}}}
"""
_PLAIN = """\
.wk-diagram text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
.wk-strong{font-weight:600;font-variant-numeric:tabular-nums}
.wk-i{font-style:italic}
.wk-edge,.wk-arrow{fill:none;stroke-linecap:round;stroke-linejoin:round}
.wk-edge.wk-negative{stroke-dasharray:5 5}
"""


def paint(plan: Plan) -> str:
    """Write a plan as SVG."""
    parts = [
        element("title", content(plan.picture.title)),
        element("desc", content(plan.picture.description)),
        element("style", f"\n{_PLAIN}{_COLOURED.format(**_LIGHT)}{_dark()}"),
        element("rect", width=plan.width, height=plan.height, rx=12, class_="wk-paper"),
        *(_line(line, TITLE_SIZE, "wk-ink wk-strong") for line in plan.title),
        *(_line(line, CAPTION_SIZE, "wk-muted") for line in plan.subtitle),
        *(part for lines in plan.captions for part in _caption(lines)),
        *map(_curve, plan.curves),
        *(part for tag in plan.tags for part in _tag(tag)),
        *(part for card in plan.cards for part in _card(card)),
        *(part for x, y, key in plan.legend for part in _key(x, y, key)),
    ]
    svg = element(
        "svg",
        *(f"\n{part}" for part in parts),
        "\n",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plan.width:.0f} {plan.height:.0f}",
        width=round(plan.width),
        height=round(plan.height),
        role="img",
        class_="wk-diagram",
    )
    # Other characters as references: the file is then right in whatever encoding a shell writes it.
    return f"{svg}\n".encode("ascii", "xmlcharrefreplace").decode("ascii")


def _dark() -> str:
    return f"@media (prefers-color-scheme:dark){{\n{_COLOURED.format(**_DARK)}}}\n"


def _line(line: Line, size: float, style: str) -> str:
    return text_element(line.x, line.y, line.text, size, class_=style)


def _caption(lines: tuple[Line, ...]) -> list[str]:
    styles = ["wk-ink wk-strong", *["wk-muted"] * len(lines)]
    return [
        text_element(line.x, line.y, line.text, CAPTION_SIZE, class_=style, text_anchor="middle")
        for line, style in zip(lines, styles, strict=False)
    ]


def _sign(link: Link) -> str:
    if link.weight is None:
        return "wk-plain"
    return "wk-negative" if link.weight < 0 else "wk-positive"


def _curve(curve: Curve) -> str:
    (x0, y0), (x1, y1) = curve.start, curve.end
    bend = (x1 - x0) / 2
    return element(
        "path",
        d=f"M{x0:.1f} {y0:.1f}C{x0 + bend:.1f} {y0:.1f} {x1 - bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}",
        class_=f"wk-edge {_sign(curve.link)}",
        stroke_width=1.0 + 2.0 * abs(curve.link.weight or 0.0),
    )


def _rect(box: Box, radius: float, style: str, **attributes: object) -> str:
    return element(
        "rect", x=box.left, y=box.top, width=box.width, height=box.height, rx=radius, class_=style, **attributes
    )


def _tag(placed: PlacedTag) -> list[str]:
    box, stops = placed.box, placed.stops
    parts = [_rect(box, 6, f"wk-tag {_sign(placed.link)}")]
    if placed.link.source is None:
        parts.append(_ring(box.left - 4, box.middle))
    for number, line in enumerate(placed.tag.lines):
        y = box.top + 3 + TAG_LINE * (number + 0.72)
        parts.append(text_element(box.left + TAG_PADDING, y, line[0].name, TAG_SIZE, class_="wk-name"))
        if len(line) == 1:
            parts.append(_value(box.left + stops.new, y, line[0], TAG_SIZE, "end"))
            continue
        before, after = line
        parts.append(_value(box.left + stops.old, y, before, TAG_SIZE, "end"))
        parts.append(_arrow(box.left + stops.old + 6, y - 0.35 * TAG_SIZE, ARROW - 12))
        parts.append(_value(box.left + stops.new, y, after, TAG_SIZE, "end"))
    return parts


def _card(placed: PlacedCard) -> list[str]:
    box = placed.box
    if not isinstance(placed.card, Card):
        return _dots(placed.card, box)
    parts = [_rect(box, 10, "wk-card")]
    for number, row in enumerate(placed.card.rows):
        top = box.top + CELL_HEIGHT * number
        if row[0].role == "backward":
            parts.append(_rect(Box(box.left + 3, top + 3, box.width - 6, CELL_HEIGHT - 6), 7, "wk-slopes"))
        x = box.left
        for cell, entry in zip(placed.cells, row, strict=False):
            middle = x + cell / 2
            style = "wk-backward" if entry.role == "backward" else "wk-name"
            parts.append(text_element(middle, top + 16, entry.name, NAME_SIZE, class_=style, text_anchor="middle"))
            parts.append(_value(middle, top + 34, entry, VALUE_SIZE, "middle"))
            x += cell
            if entry is not row[-1]:
                # The activation follows from the weighted input; backwards its slope comes first.
                length = -10.0 if entry.role == "backward" else 10.0
                parts.append(_arrow(x - length / 2, top + 34 - 0.35 * VALUE_SIZE, length))
    return parts


def _dots(count: int, box: Box) -> list[str]:
    """Three dots, and how many neurons they stand for."""
    dots = [element("circle", cx=box.center, cy=box.top + 6 + 9.0 * i, r=2, class_="wk-muted wk-dot") for i in range(3)]
    label = text_element(
        box.center, box.top + 48, f"{count:,} more", CAPTION_SIZE, class_="wk-muted", text_anchor="middle"
    )
    return [*dots, label]


def _value(x: float, y: float, entry: Entry, size: float, anchor: str) -> str:
    address = str(entry.quantity)
    return text_element(
        x,
        y,
        entry.value,
        size,
        tip=f"{address} = {entry.exact}",
        class_=f"wk-{entry.role} wk-strong",
        text_anchor=anchor,
        data_quantity=address,
    )


def _ring(x: float, y: float) -> str:
    """Where a bias comes from: nowhere."""
    return element("circle", cx=x, cy=y, r=4, class_="wk-ring wk-plain", stroke_width=1.5)


def _arrow(x: float, y: float, length: float) -> str:
    """An arrow from x, to the left where its length is negative."""
    end, back = x + length, math.copysign(3.5, length)
    return element(
        "path",
        d=f"M{x:.1f} {y:.1f}H{end:.1f}M{end - back:.1f} {y - 3:.1f}L{end:.1f} {y:.1f}L{end - back:.1f} {y + 3:.1f}",
        class_="wk-arrow",
    )


def _key(x: float, y: float, key: Key) -> list[str]:
    middle = y - 0.35 * LEGEND_SIZE
    parts = [text_element(x + key_room(key), y, key.meaning, LEGEND_SIZE, class_="wk-muted")]
    match key.mark:
        case "positive" | "negative":
            end = x + MARK - 8
            parts.append(
                element("path", d=f"M{x:.1f} {middle:.1f}H{end:.1f}", class_=f"wk-edge wk-{key.mark}", stroke_width=2)
            )
        case "arrow":
            parts.append(_arrow(x + 8, middle, ARROW - 12))
        case "name":
            style = "wk-backward" if key.role == "backward" else "wk-name"
            parts.append(text_element(x, y, key.name, LEGEND_SIZE, class_=style))
        case "none":
            pass
    return parts

"""Reading a picture back from its SVG: where texts, boxes and edges are, what overlaps, and which numbers are shown."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from workings.derivation.trace import Trace
from workings.network.quantity import parse_address
from workings.presentation.diagram import ROUNDED

SVG = "{http://www.w3.org/2000/svg}"

# Advance widths of DejaVu Sans and DejaVu Sans Bold, the widest faces in common use, in sizes of the font, rounded up.
REGULAR_WIDTHS = {
    **dict.fromkeys("′'ijl", 0.28), **dict.fromkeys("IJ,.·", 0.32), **dict.fromkeys("/:;\\|f", 0.36), "-": 0.38,
    **dict.fromkeys("()[]t!r ", 0.42), **dict.fromkeys('"*_`∂', 0.52), **dict.fromkeys("?szLcFk", 0.58),
    **dict.fromkeys("vxyλPTYaeoδθ", 0.62), **dict.fromkeys("$0123456789{}ESbdgpqhnuση", 0.64), "K": 0.66,
    **dict.fromkeys("AVBCRXZ", 0.70), **dict.fromkeys("UHN", 0.76), **dict.fromkeys("&DGOQ", 0.80),
    **dict.fromkeys("w#+<=>^~−∞", 0.84),
}  # fmt: skip
BOLD_WIDTHS = {
    **dict.fromkeys("′'ijl", 0.36), **dict.fromkeys(",.·/\\|IJ", 0.38), **dict.fromkeys(":;- ", 0.42),
    **dict.fromkeys("f!()[]t_`r", 0.50), **dict.fromkeys('"*∂?cszLλ', 0.64),
    **dict.fromkeys("vyx", 0.66), **dict.fromkeys("aek", 0.68),
    **dict.fromkeys("$0123456789EFToδθ", 0.70), **dict.fromkeys("bdgpqhnu{}ηCPSYZ", 0.74),
    **dict.fromkeys("AVBKRXσU", 0.82), **dict.fromkeys("#+<=>^~−DGHN∞OQ", 0.86), **dict.fromkeys("&w", 0.94),
}  # fmt: skip
ASCENT, DESCENT = 0.76, 0.24


@dataclass(frozen=True)
class Area:
    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Area) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: Area) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def line_areas(svg):
    """The area of each line of text, laid out in the widest faces."""
    for text in ET.fromstring(svg).iter(f"{SVG}text"):
        bold = "wk-strong" in text.get("class", "")
        widths, fallback = (BOLD_WIDTHS, 1.12) if bold else (REGULAR_WIDTHS, 1.0)
        x = reached = 0.0
        y, size = float(text.get("y")), float(text.get("font-size"))
        top, bottom = y - ASCENT * size, y + DESCENT * size
        spans = [(text, text.text or "")]
        for part in text:
            if part.tag == f"{SVG}tspan":
                spans += [(part, part.text or ""), (text, part.tail or "")]
        for span, written in spans:
            if span is not text:
                x += float(span.get("dx", 0))
                y += float(span.get("dy", 0))
            if written:
                own = float(span.get("font-size", size))
                x += own * sum(widths.get(character, fallback) for character in written)
                reached = max(reached, x)
                top, bottom = min(top, y - ASCENT * own), max(bottom, y + DESCENT * own)
        left = float(text.get("x")) - {"middle": reached / 2, "end": reached}.get(text.get("text-anchor"), 0.0)
        yield Area(left, top, left + reached, bottom, "".join(written for _, written in spans))


def rectangles(svg):
    """The areas of cards and tags."""
    for rect in ET.fromstring(svg).iter(f"{SVG}rect"):
        x, y, width, height = (float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
        style = rect.get("class").split()[0]
        if style in ("wk-card", "wk-tag"):
            yield Area(x, y, x + width, y + height, style)


def curves(svg):
    """The four points of each edge."""
    for path in ET.fromstring(svg).iter(f"{SVG}path"):
        if "wk-edge" in path.get("class") and "C" in path.get("d"):
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d"))]
            yield list(zip(numbers[::2], numbers[1::2], strict=True))


def along(points, steps=24):
    """Points along a cubic Bézier curve."""
    for i in range(steps + 1):
        t = i / steps
        weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3]
        yield tuple(sum(w * point[axis] for w, point in zip(weights, points, strict=True)) for axis in (0, 1))


def meeting(areas):
    """All pairs that overlap, looking only at those that begin before another ends."""
    ordered = sorted(areas, key=lambda area: area.top)
    for i, area in enumerate(ordered):
        for other in ordered[i + 1 :]:
            if other.top >= area.bottom:
                break
            if area.meets(other):
                yield area, other


def faults(svg):
    """Everything that overlaps, is cut, or leaves the picture, in words."""
    root = ET.fromstring(svg)
    paper = Area(0.0, 0.0, *map(float, root.get("viewBox").split()[2:]), "paper")
    lines, boxes = list(line_areas(svg)), list(rectangles(svg))
    rings = [
        Area(*(float(ring.get(c)) + d * float(ring.get("r")) for d in (-1, 1) for c in ("cx", "cy")), "ring")
        for ring in root.iter(f"{SVG}circle")
    ]
    found = [f"{part.what!r} leaves the picture" for part in (*lines, *boxes) if not paper.holds(part)]
    found += [f"{a.what!r} overlaps {b.what!r}" for a, b in (*meeting([*lines, *rings]), *meeting(boxes))]
    found += [
        f"{line.what!r} is cut by a {box.what}"
        for line in lines
        for box in boxes
        if box.meets(line) and not box.holds(line)
    ]
    for points in curves(svg):
        inside = Area(*points[0], *points[-1], "")
        crossed = [box for box in boxes if box.left < inside.right - 1 and box.right > inside.left + 1]
        found += [
            f"an edge runs under a {box.what}"
            for box in crossed
            if any(box.left < x < box.right and box.top < y < box.bottom for x, y in along(points))
        ]
    return found


def shown_numbers(svg):
    """The address and the text of each number."""
    for text in ET.fromstring(svg).iter(f"{SVG}text"):
        if text.get("data-quantity"):
            yield text.get("data-quantity"), text.text


def wrong_numbers(svg, network):
    """Numbers that are not those of the trace at the digits shown; one of fewer or more digits than four is exact."""
    trace = Trace(network)
    for address, written in shown_numbers(svg):
        value = trace[parse_address(address)]
        plain = written.replace("−", "-").replace("∞", "inf")
        digits = len(re.sub(r"e.*|[-.]", "", plain).lstrip("0"))
        if math.isnan(value) or math.isinf(value):
            right = plain.lower() == str(value)
        elif digits == ROUNDED:
            right = f"{float(plain):.{digits - 1}e}" == f"{value:.{digits - 1}e}"
        else:
            right = math.isclose(float(plain), value, rel_tol=1e-14)
        if not right:
            yield f"{address} is {value!r} and shown as {written}"

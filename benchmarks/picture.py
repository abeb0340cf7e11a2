"""The picture of growth: time a sample and memory over rows, width, depth and batch, a named line for each engine."""

import io

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

from benchmarks.engines import NAMES

AXES = {"rows": "rows of data", "width": "neurons a layer", "depth": "hidden layers", "batch": "rows an update"}
TITLE = "Time a sample and memory as rows, width, depth and batch grow"
INK, FAINT = "#1b1f24", "#d0d7de"
LINES = {  # in the light, in the dark, mark, dashes
    "workings": ("#0072b2", "#56b4e9", "o", "-"),
    "jax": ("#a84300", "#f0a860", "s", (0, (6, 2))),
    "torch": ("#00694b", "#3fcf9f", "^", (0, (2, 1.5))),
    "sklearn": ("#8f3f73", "#d98cbb", "D", (0, (6, 2, 1.5, 2))),
}
"""Okabe and Ito's colours, darker or lighter to stand off the page; marks and dashes tell them apart without colour."""

DARK = {INK: "#e6edf3", FAINT: "#3a424c"} | {light: dark for light, dark, *_ in LINES.values()}
FONT = 10
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "workings",  # the same figures make the same file
    "font.family": "sans-serif",
    "font.size": FONT,
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.titlecolor"), INK),
    **dict.fromkeys(("axes.edgecolor", "grid.color"), FAINT),
    **dict.fromkeys(("axes.spines.top", "axes.spines.right"), False),
}
ROOM = 0.3
"""The share of a panel's width that is kept free for the names at the ends of the lines."""


def svg(results):
    """The picture as SVG, which takes the colours of a dark page where there is one."""
    written = io.StringIO()
    with mpl.rc_context(STYLE):
        drawn(results).savefig(written, format="svg", transparent=True, metadata={"Date": None, "Title": TITLE})
    text = written.getvalue()
    for number, light in enumerate(DARK):
        text = text.replace(light, f"var(--c{number}, {light})")
    light_up = "".join(f"--c{number}:{dark};" for number, dark in enumerate(DARK.values()))
    style = f"<style>@media (prefers-color-scheme:dark){{:root{{{light_up}}}}}</style>"
    at = text.index(">", text.index("<svg")) + 1
    return text[:at] + style + text[at:]


def drawn(results):
    """A row of panels for each axis: to the left the time, to the right the memory."""
    figure = Figure(figsize=(8.6, 9.6), layout="constrained")
    panels = figure.subplots(len(AXES), 2)
    for (axis, name), (left, right) in zip(AXES.items(), panels, strict=True):
        points = [found for found in results if found["axis"] == axis]
        draw(left, points, lambda found: 1e6 * found["seconds_a_sample"])
        draw(right, points, lambda found: found["bytes"] / 1e6)
        for panel in (left, right):
            panel.set_xlabel(name, loc="left")
    panels[0, 0].set_title("microseconds a sample", loc="left")
    panels[0, 1].set_title("megabytes at the most, without libraries", loc="left")
    figure.draw_without_rendering()  # settles where everything stands
    for panel in panels.flat:
        name_lines(panel)
    return figure


def draw(panel, points, value):
    """A line for each engine; what cannot be told from nothing is left out."""
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.margins(y=0.2)  # names are spread up and down from the ends of the lines
    for engine, (colour, _, mark, dashes) in LINES.items():
        its = sorted((found["size"], value(found)) for found in points if found["engine"] == engine)
        its = [(size, number) for size, number in its if number > 0]
        if its:
            line = panel.plot(*zip(*its, strict=True), color=colour, marker=mark, linestyle=dashes, markersize=4)
            line[0].set_label(NAMES[engine])
    sizes = sorted({found["size"] for found in points})
    plain = FuncFormatter(lambda number, _: f"{number:,.10g}")
    panel.xaxis.set(major_locator=FixedLocator(sizes), minor_locator=NullLocator(), major_formatter=plain)
    low, high = panel.get_ylim()
    steps = (1.0,) if high > 100 * low else (1.0, 2.0, 5.0)
    panel.yaxis.set(major_locator=LogLocator(subs=steps), minor_locator=NullLocator(), major_formatter=plain)
    panel.set_xlim(sizes[0] * 0.9, sizes[-1] * (sizes[-1] / sizes[0]) ** (ROOM / (1 - ROOM)))
    panel.grid(axis="y")


def name_lines(panel):
    """Each line's name at its end, moved up or down where it would stand on another."""
    ends = [(panel.transData.transform(line.get_xydata()[-1]), line) for line in panel.lines]
    heights = spread([at[1] for at, _ in ends], 1.25 * FONT * panel.figure.dpi / 72)
    back = panel.transData.inverted()
    for (at, line), height in zip(ends, heights, strict=True):
        panel.annotate(
            line.get_label(), line.get_xydata()[-1], xytext=back.transform((at[0] + 14, height)),
            color=line.get_color(), va="center", arrowprops={"arrowstyle": "-", "color": FAINT, "shrinkA": 0},
        )  # fmt: skip


def spread(heights, gap):
    """Heights as near to these as they can be, in the same order, none nearer to another than the gap."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    groups = []  # of names that touch: their wanted heights, each less what the names below it take
    for place, number in enumerate(order):
        groups.append([heights[number] - place * gap])
        while len(groups) > 1 and mean(groups[-2]) > mean(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    settled = [mean(group) for group in groups for _ in group]
    found = dict.fromkeys(order, 0.0)
    for place, number in enumerate(order):
        found[number] = settled[place] + place * gap
    return [found[number] for number in range(len(heights))]


def mean(numbers):
    return sum(numbers) / len(numbers)

"""Seconds to mark text that no one would write by hand: worked pages damaged at random, and junk repeated to 10 MB.

Each is marked and both reports are written; a damaged page once with its network and once without.
"""

import json
from itertools import cycle
from random import Random
from time import process_time

from benchmarks.planting.damage import REPEATED, mutated
from benchmarks.planting.documents import Wanted, made
from benchmarks.planting.exercises import DECIMALS
from benchmarks.planting.slips import SLIPS
from benchmarks.planting.steps import RENDERINGS
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.marking.report import report
from workings.network.network_file import load_text

MOST_SECONDS = 2.0
"""Of processor time a document: somebody waits for it."""

DAMAGED = 300
"""Pages."""

LENGTHS = (1_000, 100_000, 10_000_000)
"""Characters of repeated junk."""


def measured(asked):
    """For each kind of text how many took how long, and which took longest."""
    pages = 20 if asked.short else DAMAGED
    yield found("damaged pages", dict(damaged(pages)))
    for length in LENGTHS[: 1 if asked.short else None]:
        yield found(f"junk of {length:,} characters", dict(junk(length)))


def line(found):
    missed = f", {found['over']} OVER {MOST_SECONDS:g} s" if found["over"] else ""
    return f"{found['texts']:28}{found['marked']:5} marked, at most {found['most']:.2f} s ({found['longest']}){missed}"


def found(texts, seconds):
    longest = max(seconds, key=seconds.get)
    over = sum(each > MOST_SECONDS for each in seconds.values())
    return {
        "texts": texts,
        "marked": len(seconds),
        "most": seconds[longest],
        "longest": longest,
        "over": over,
        "is_met": not over,
    }


def damaged(pages):
    """What a page is called, and its seconds."""
    for seed, kind, rendering, decimals in zip(range(pages), *map(cycle, (SLIPS, RENDERINGS, DECIMALS)), strict=False):
        planted = made(Wanted(seed, 0, kind, rendering, decimals))
        network = load_text(planted.network.encode(), "network.toml")
        text = mutated(planted.text, Random(seed))
        yield f"page {seed}", seconds(text, network)
        yield f"page {seed} without network", seconds(text)


def junk(length):
    for piece in REPEATED:
        yield repr(piece)[:20], seconds("z = " + piece * (length // len(piece)))


def seconds(text, network=None):
    before = process_time()
    through(text, network)
    return process_time() - before


def through(text, network=None, name=""):
    """Mark a text and write both reports."""
    marking = mark(text, network, name=name)
    json.dumps(as_json(marking))
    list(report(marking))

"""Milliseconds to mark a document of about 60 links with one slip, after start-up, by phase; and whether memory grows.

The profiler tells how the time is shared out; what it costs itself is not in the milliseconds.
"""

import gc
import pstats
import tracemalloc
from cProfile import Profile
from itertools import cycle, islice
from statistics import median
from time import process_time

from benchmarks.planting.documents import documents
from benchmarks.planting.steps import RENDERINGS
from workings.marking.mark import mark
from workings.network.network_file import load_text

LINKS = range(55, 66)
N_DOCUMENTS = 5
"""Of each rendering."""

PHASES = {"reading": "read_chains", "convention": "convention_of", "binding": "interpret"}
"""The function in which each is spent; the rest is checking."""

SETTLED, MARKED = 50, 100
"""Documents marked before memory is looked at first, and last."""

MOST_GROWTH = 2_000
"""Bytes a document once bounded caches are full; what is made of one document is a hundred times as large."""


def measured(asked):
    """For each rendering the milliseconds of one document, the shares of the phases and the bytes that stay."""
    for rendering in RENDERINGS:
        found = list(islice(of_60_links(rendering), 1 if asked.short else N_DOCUMENTS))
        times = [milliseconds(each, asked.rounds) for each in found]
        grown = growth(found)
        yield {
            "rendering": rendering,
            "documents": len(found),
            "milliseconds": median(times),
            "most": max(times),
            "shares": shares(found),
            "bytes_grown": grown,
            "is_met": grown <= MOST_GROWTH,
        }


def line(found):
    shares = ", ".join(f"{phase} {share:.0%}" for phase, share in found["shares"].items())
    memory = f"{found['bytes_grown']:,.0f} bytes grown a document{'' if found['is_met'] else ' (GROWS)'}"
    return f"{found['rendering']:8}{found['milliseconds']:8.1f} ms, at most {found['most']:.1f}: {shares}; {memory}"


def of_60_links(rendering):
    """Texts and networks."""
    for planted in documents(renderings=[rendering], kinds=["missing_path", "sign", "digit"], decimals=[4, 6]):
        network = load_text(planted.network.encode(), "network.toml")
        if sum(mark(planted.text, network).counts.values()) in LINKS:
            yield planted.text, network


def milliseconds(document, rounds):
    """Of the fastest round: of what else the machine does, least is in it."""
    times = []
    for _ in range(rounds + 1):
        before = process_time()
        mark(*document)
        times.append(process_time() - before)
    return 1e3 * min(times[1:])


def shares(found):
    """The share of each phase in the time of all documents."""
    profile = Profile()
    profile.enable()
    for document in found:
        mark(*document)
    profile.disable()
    spent = {name: cumulative for (_, _, name), (*_, cumulative, _) in pstats.Stats(profile).stats.items()}
    found = {phase: spent[name] / spent["mark"] for phase, name in PHASES.items()}
    return {**found, "checking": 1 - sum(found.values())}


def growth(found):
    """Bytes that stay in memory of each document when many are marked one after the other."""
    tracemalloc.start()
    sizes = {}
    for number, document in enumerate(islice(cycle(found), MARKED), start=1):
        mark(*document)
        if number in {SETTLED, MARKED}:
            gc.collect()  # what refers to itself in a ring goes only then
            sizes[number] = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (sizes[MARKED] - sizes[SETTLED]) / (MARKED - SETTLED)

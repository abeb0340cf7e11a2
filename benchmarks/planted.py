"""Planted slips: random networks worked through by hand, with one slip each, and how many of them are found.

python -m benchmarks.planted --networks 200 --processes 2
python -m benchmarks.planted --networks 200 --clean
python -m benchmarks.planted --kinds missing_path --decimals 4 --show 3
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count, product
from pathlib import Path

from benchmarks.planting.documents import Planted, Wanted, made
from benchmarks.planting.exercises import DECIMALS
from benchmarks.planting.scoring import Score, scored
from benchmarks.planting.slips import SLIPS
from benchmarks.planting.steps import RENDERINGS, ROUNDINGS

Tally = dict[tuple[str, str], Counter]
GROUPS = ("all", "kind", "size", "level", "decimals", "rendering", "rounding")


def groups(planted: Planted) -> Iterator[tuple[str, str]]:
    """Where a document counts."""
    label, habits = planted.label, planted.habits
    yield "all", "documents"
    yield "rendering", habits.rendering
    yield "decimals", str(habits.decimals)
    yield "rounding", habits.rounding + ", carried" * habits.carried
    if label is not None:
        yield "kind", label.kind
        yield "size", "symbols" if label.size is None else "2 and more" if label.size > 1 else str(label.size)
        yield "level", label.level


def add(tally: Tally, planted: Planted, found: Score) -> None:
    """Count a document in all of its groups."""
    for group in groups(planted):
        counts = tally.setdefault(group, Counter())
        counts.update(documents=1, owed=found.owed, failed=bool(found.failed), false=bool(found.false))
        counts.update(needless=bool(found.needless))
        if found.owed:
            counts.update(located=found.located, named=found.named, among=found.among)


def table(tally: Tally) -> Iterator[str]:
    """A line for each group."""
    yield f"{'':40}{'documents':>10}{'owed':>8}{'located':>10}{'first':>10}{'of three':>10}{'accused':>9}{'failed':>8}"
    for group, name in sorted(
        tally, key=lambda key: (GROUPS.index(key[0]), int(key[1]) if key[1].isdigit() else 0, key)
    ):
        counts = tally[group, name]
        cells = [f"{group} {name}".ljust(40), str(counts["documents"]).rjust(10), str(counts["owed"]).rjust(8)]
        for what in ("located", "named", "among"):
            cells.append((f"{counts[what] / counts['owed']:.1%}" if counts["owed"] else "").rjust(10))
        yield "".join(cells) + f"{counts['false']:>9}{counts['failed']:>8}"


def keep(planted: Planted, found: Score, folder: Path, name: str) -> None:
    """Write a document as the corpus has them, with what was said of it."""
    document = folder / f"{name}.{'md' if planted.habits.rendering == 'latex' else 'txt'}"
    document.write_text(planted.text, encoding="utf-8")
    (folder / f"{name}.network.toml").write_text(planted.network, encoding="utf-8")
    gold = {"document": document.name, "network": f"{name}.network.toml", **planted.gold, "score": asdict(found)}
    (folder / f"{name}.gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _documents_of(asked: argparse.Namespace, number: int) -> Iterator[Planted]:
    """Those of one network."""
    kinds, carried = ([None], (False, True)) if asked.clean else (asked.kinds, (False,))
    roundings = asked.roundings if asked.clean else [None]
    for wanted in product([asked.seed], [number], kinds, asked.renderings, asked.decimals, roundings, carried):
        yield made(Wanted(*wanted))


def _tallied(job: tuple[argparse.Namespace, int]) -> Tally:
    """All documents of a network, marked and scored."""
    asked, number = job
    tally: Tally = {}
    for i, planted in enumerate(_documents_of(asked, number)):
        found = scored(planted, not asked.without_network)
        add(tally, planted, found)
        if asked.keep is not None and found.fell_short:
            kind = "clean" if planted.label is None else planted.label.kind
            keep(planted, found, asked.keep, f"{number:03}-{i:03}-{kind}")
    return tally


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--networks", type=int, default=200)
    options.add_argument(
        "--kinds", nargs="+", choices=SLIPS, default=list(SLIPS), metavar="KIND", help=", ".join(SLIPS)
    )
    options.add_argument("--renderings", nargs="+", choices=RENDERINGS, default=list(RENDERINGS))
    options.add_argument("--decimals", nargs="+", type=int, default=list(DECIMALS))
    options.add_argument("--clean", action="store_true", help="without slips: whoever says anything accuses falsely")
    options.add_argument(
        "--roundings", nargs="+", choices=ROUNDINGS, default=list(ROUNDINGS), help="of clean documents"
    )
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--without-network", action="store_true", help="the marker sees no network file")
    options.add_argument("--show", type=int, default=0, metavar="N", help="print N documents and stop")
    options.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="write documents that were not marked rightly here"
    )
    asked = options.parse_args()
    if asked.show:
        _show(asked)
        return 0
    if asked.keep is not None:
        asked.keep.mkdir(parents=True, exist_ok=True)
    tally: Tally = {}
    with multiprocessing.Pool(asked.processes) as pool:
        for part in pool.imap_unordered(_tallied, ((asked, number) for number in range(asked.networks))):
            for group, counts in part.items():
                tally.setdefault(group, Counter()).update(counts)
    print("\n".join(table(tally)))
    return 0


def _show(asked: argparse.Namespace) -> None:
    found = (planted for number in count() for planted in _documents_of(asked, number))
    for planted, _ in zip(found, range(asked.show), strict=False):
        label = "nothing planted" if planted.label is None else json.dumps(asdict(planted.label), ensure_ascii=False)
        print(f"{planted.text}\n>>> {label}\n>>> {planted.habits}\n{'=' * 100}")


if __name__ == "__main__":
    sys.exit(main())

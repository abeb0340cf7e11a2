"""Write what was measured into README.md, between two marks, and draw the growth: ``make bench-report``."""

import argparse
import json
import sys
import textwrap
from pathlib import Path

from benchmarks.engines import NAMES
from benchmarks.turns import ROOT

BEGIN, END = "<!-- speed: begin, written by `make bench-report` -->", "<!-- speed: end -->"
PICTURE = "docs/growth.svg"
PEERS = ("jax", "sklearn", "torch", "c")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=ROOT / "build", help="where the figures are")
    folder = options.parse_args().folder
    found = {part: json.loads(file.read_text()) for part in PARTS if (file := folder / f"bench-{part}.json").exists()}
    missing = [part for part in PARTS if part not in found]
    if "peers" in missing:
        return f"{folder} holds no bench-peers.json: run make bench first"
    if missing:
        print(f"not measured, so not told: {', '.join(missing)}", file=sys.stderr)
    readme = ROOT / "README.md"
    readme.write_text(rewritten(readme.read_text(encoding="utf-8"), section(found)), encoding="utf-8", newline="\n")
    if "growth" in found:
        from benchmarks.picture import svg

        (ROOT / PICTURE).write_text(svg(found["growth"]["results"]), encoding="utf-8", newline="\n")
    return 0


def rewritten(text, section):
    """A page with another section between the marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md must hold {BEGIN} and, below it, {END}")
    return f"{before}{BEGIN}\n\n{section}\n\n{END}{after}"


def section(found):
    """A paragraph for each part, and at the end the machine."""
    paragraphs = [tell(found[part]["results"]) for part, tell in PARTS.items() if part in found]
    return "\n\n".join([*paragraphs, machine(found["peers"]["machine"])])


def peers(results):
    rows = [["network, rows an update", "workings", *(NAMES[peer] for peer in PEERS)]]
    rows.append(["---", *["---:"] * (1 + len(PEERS))])
    for each in results:
        cells = [share(each, peer) for peer in PEERS]
        rows.append([f"{each['case']}, {each['batch_size']:,}", time(each["seconds_an_update"]["median"]), *cells])
    told = "The time of an update, and how many times as long others take for the same updates:"
    return "\n".join([told, "", *(f"| {' | '.join(row)} |" for row in rows)])


def share(each, peer):
    """How many times as long a peer takes; nothing where it has not come to the same weights."""
    figures = each["figures"]
    return short(figures[peer]["median"]) if peer in figures and peer not in each["wrong_weights"] else ""


def own(results):
    right = [each for each in results if not each["wrong_weights"]]
    medians = [each["figures"]["softsign"]["median"] for each in right]
    return prose(
        f"An activation of one's own, z/(1 + |z|), takes {span(medians)} times as long as the same formula built in."
    )


def sgemm(results):
    (each,) = results
    quicker = min(each["figures"].values(), key=lambda figure: figure["median"])
    return prose(
        f"On {each['case']} a whole update goes at {short(quicker['median'])} of the rate at which BLAS alone "
        f"makes its {each['multiplications_an_update'] / 1e9:.1f} thousand million multiplications."
    )


def memory(results):
    told = [
        f"{few / 1e6:,.0f} MB after {n:,} updates and {many / 1e6:,.0f} MB after {more:,} with {each['optimizer']}, "
        f"where {sum(each['bytes_expected'].values()) / 1e6:,.0f} MB are needed"
        for each in results
        for (few, many), (n, more) in [(each["bytes"], each["updates"])]
    ]
    grows = "does not grow" if all(each["is_met"] for each in results) else "grows"
    return prose(
        f"The memory that `train` takes {grows} with the number of updates: of {results[0]['case']}, "
        f"{results[0]['batch_size']:,} rows an update, {'; '.join(told)} for the data, one batch, the parameters, two "
        "activations a layer and what the optimizer remembers."
    )


def start(results):
    told = [
        f"| `{each['command']}`, {each['state']} | "
        + " | ".join(f"{figure['median']:.1f} s" for figure in each["figures"].values())
        + " |"
        for each in results
    ]
    head = ["| command, typed until ... | anything is shown | the training itself |", "| --- | ---: | ---: |"]
    return "\n".join([*head, *told]) + "\n\nCold is the first time after an installation, without any byte code."


def growth(results):
    engines = {each["engine"] for each in results}
    names = ", ".join(name for engine, name in NAMES.items() if engine in engines)
    return f"![Time a sample and memory as rows, width, depth and batch grow: {names}]({PICTURE})"


PARTS = {"peers": peers, "own": own, "sgemm": sgemm, "memory": memory, "start": start, "growth": growth}


def machine(told):
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    return prose(f"Measured on {told['cores']} cores of {told['processor']}, {told['system']}: {versions}.")


def prose(text):
    """A paragraph in lines of the page's length."""
    return textwrap.fill(text, 120, break_on_hyphens=False)


def time(seconds):
    """In microseconds, or milliseconds where that is shorter."""
    return f"{short(1e6 * seconds)} µs" if seconds < 1e-3 else f"{short(1e3 * seconds)} ms"


def span(numbers):
    """``0.98 to 1.04``, or one number where that is all there is to say."""
    low, high = short(min(numbers)), short(max(numbers))
    return low if low == high else f"{low} to {high}"


def short(number):
    """Two digits, and more where they stand before the point."""
    if number >= 100:
        return f"{round(number, -1 if number < 1000 else -2):,.0f}"
    return f"{number:.0f}" if number >= 9.95 else f"{number:.2g}" if number < 0.995 else f"{number:.1f}"


if __name__ == "__main__":
    sys.exit(main())

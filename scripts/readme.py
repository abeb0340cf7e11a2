"""Write the outputs and pictures in README.md anew, or check that they are what the program prints today.

In a ``console`` block each line that starts with ``$ workings`` is run, and what follows it is its output; a command
may end in ``| head -n N``. All of them run in one temporary folder, in order, so one may use what an earlier one wrote;
what they write to ``docs/`` is kept there. A block with the name of a file, such as ``python mine.py``, is that file.

    python scripts/readme.py [--check] [FILE]
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^```\w+ (?P<name>[\w.]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"workings (?P<arguments>.*?)(?: \| head -n (?P<lines>\d+))?")
LONG_NUMBER = re.compile(r"\d*\.\d{13,}(?:e[+-]\d+)?")
PICTURES = "docs"
ENVIRONMENT = os.environ | {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"}


def main() -> int:
    """Bring the file up to date, or with --check say what is not; 0 when it is."""
    parser = argparse.ArgumentParser(description="Bring the outputs and pictures in README.md up to date.")
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "README.md")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is out of date")
    options = parser.parse_args()

    with TemporaryDirectory() as folder:
        stale = stale_files(options.file, Path(folder))
    for path, fresh in stale.items():
        if options.check:
            print(
                f"{path} is not what the program prints; `make readme` brings it up to date.\n{difference(path, fresh)}"
            )
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(fresh, encoding="utf-8", newline="\n")
            print(f"{path} is up to date again.")
    return 1 if stale and options.check else 0


def stale_files(document: Path, folder: Path) -> dict[Path, str]:
    """The document and its pictures that differ from what the program gives, with what they should hold."""
    (folder / PICTURES).mkdir()
    text = document.read_text(encoding="utf-8")
    for file in FILE.finditer(text):
        (folder / file["name"]).write_text(file["text"], encoding="utf-8")
    fresh = {document: BLOCK.sub(lambda block: rerun(block[0], folder), text)}
    for drawn in sorted((folder / PICTURES).iterdir()):
        fresh[document.parent / PICTURES / drawn.name] = drawn.read_text(encoding="utf-8")
    return {
        path: text
        for path, text in fresh.items()
        if not path.exists() or but_for_last_digits(path.read_text(encoding="utf-8")) != but_for_last_digits(text)
    }


def but_for_last_digits(text: str) -> str:
    """The text with twelve digits of each longer number: the last ones are not the same on every processor."""
    return LONG_NUMBER.sub(lambda number: f"{float(number[0]):.12g}", text)


def rerun(block: str, folder: Path) -> str:
    """A console block with the output of its commands put in anew."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"{command}\n{output(command.removeprefix('$ '), folder)}" for command in commands)


def output(command: str, folder: Path) -> str:
    """What a command prints on standard output, with one newline at its end if there is anything."""
    match = COMMAND.fullmatch(command)
    if match is None:
        sys.exit(f"README: {command!r} is no command of workings")
    python = "import sys; from workings.cli.main import main; main(sys.argv[1:])"
    finished = subprocess.run(
        [sys.executable, "-c", python, *shlex.split(match["arguments"])],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if finished.returncode > 1:  # 1 is an answer: no
        sys.exit(f"README: {command!r} left with exit status {finished.returncode}:\n{finished.stderr}")
    lines = finished.stdout.rstrip("\n").split("\n")
    shown = lines[: int(match["lines"])] if match["lines"] else lines
    return "".join(f"{line.rstrip()}\n" for line in shown) if finished.stdout else ""


def difference(path: Path, fresh: str) -> str:
    """What has to change in a file, as a diff."""
    stale = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(stale.splitlines(), fresh.splitlines(), f"{path.name} now", "fresh", lineterm="", n=1)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

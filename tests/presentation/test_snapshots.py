"""What the program prints, kept as files that a person can read: tests/snapshots.

After a wanted change write them anew with ``WRITE_SNAPSHOTS=1 pytest tests/presentation/test_snapshots.py`` and read
the difference before committing it.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from workings.cli.main import run
from workings.network.losses import LOSSES
from workings.network.network_dump import dump
from workings.network.network_file import load

FOLDER = Path(__file__).parent.parent / "snapshots"

SNAPSHOTS = {
    "two-two-two.txt": "explain two-two-two",
    "two-two-two-matrix.txt": "explain two-two-two --form matrix",
    "two-two-two-rules.txt": "explain two-two-two --depth rules --only backward --upto 5",
    "two-two-two-update-10.txt": "explain two-two-two --update 10 --only update",
    "two-two-two-adam.txt": "explain two-two-two --optimizer adam --update 3 --only update --layer 2",
    "two-two-two-nesterov-matrix.md": "explain two-two-two --optimizer nesterov --form matrix --only update --format "
    "markdown --update 2",
    "two-two-two.md": "explain two-two-two --format markdown",
    "two-two-two-matrix.tex": "explain two-two-two --form matrix --format latex",
    "two-three-one-carry.txt": "explain two-three-one --digits 4 --carry",
    "two-three-one-carry.json": "explain two-three-one --digits 4 --carry --format json",
    "two-three-one-squared-error-carry.txt": "explain two-three-one-squared-error --digits 4 --carry",
    "tanh-softmax.txt": "explain tanh-softmax",
    "tanh-softmax-matrix.txt": "explain tanh-softmax --form matrix --notation textbook-from-1 --sample 2",
    "relu-dead.txt": "explain relu-dead",
    "deep-four-layer-2.txt": "explain deep-four --layer 2",
}


def printed(command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> str:
    if "two-three-one-squared-error" in command:
        copy = tmp_path / "two-three-one-squared-error.toml"
        copy.write_text(dump(replace(load("two-three-one"), loss=LOSSES["squared_error"])), encoding="utf-8")
        command = command.replace("two-three-one-squared-error", str(copy))
    assert run(command.split()) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_the_program_prints_what_the_snapshot_says(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = printed(SNAPSHOTS[name], capsys, tmp_path)
    path = FOLDER / name
    if os.environ.get("WRITE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), (
        f"{name} differs; if that is wanted: WRITE_SNAPSHOTS=1 pytest {__file__}"
    )


def test_every_snapshot_has_its_command() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(SNAPSHOTS)

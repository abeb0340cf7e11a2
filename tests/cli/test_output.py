"""Results never replace what they were made from, and a file gets what its ending promises."""

import pytest

from workings.cli.main import run
from workings.network.network_dump import dump
from workings.network.network_file import load

TABLE = "x,y\n" + "\n".join(f"{i},{'a' if i % 2 else 'b'}" for i in range(20)) + "\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "net.toml").write_text(dump(load("two-two-two")), encoding="utf-8")
    return tmp_path


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "command",
    [
        "train t.csv -o t.csv",
        "train t.csv -o ./link.csv",
        "train net.toml -o net.toml",
        "explain net.toml -o net.toml",
        "explain net.toml --format json -o net.toml",
        "draw net.toml -o net.toml",
        "explain m.model --data t.csv -o t.csv",
        "explain m.model --data t.csv --format text -o m.model",
        "draw m.model --data t.csv -o t.csv",
    ],
)
def test_what_is_read_is_not_overwritten(folder, capsys, command):
    (folder / "link.csv").symlink_to(folder / "t.csv")
    assert run(["train", "t.csv", "--updates", "1", "-o", "m.model"]) == 0
    before = contents(folder)
    capsys.readouterr()
    assert run(command.split()) == 2
    told = capsys.readouterr()
    out = command.rpartition(" ")[2]
    assert told.out == ""
    assert told.err == f"workings: {out} is what is read here, and would be lost: name another file\n"
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("command", "known"),
    [
        ("explain two-two-two -o out.html", ".txt, .md, .markdown, .tex and .json"),
        ("explain two-two-two -o out.pdf", ".txt, .md, .markdown, .tex and .json"),
        ("explain two-two-two -o out.xyz", ".txt, .md, .markdown, .tex and .json"),
        ("draw two-two-two -o net.png", "only .svg"),
        ("draw two-two-two -o net.PDF", "only .svg"),
    ],
)
def test_an_ending_that_is_not_written_is_refused_with_those_that_are(folder, capsys, command, known):
    before = contents(folder)
    assert run(command.split()) == 2
    out, ending = command.split()[-1], "." + command.rpartition(".")[2]
    assert capsys.readouterr().err == f"workings: {out}: nothing is written as {ending}; there is {known}\n"
    assert contents(folder) == before


@pytest.mark.parametrize(
    "command",
    [
        "explain two-two-two -o lesson",
        "explain two-two-two -o lesson.TXT",
        "explain two-two-two -o lesson.xyz --format text",
        "explain two-two-two -o -",
        "draw two-two-two -o net",
        "draw two-two-two -o net.SVG",
    ],
)
def test_other_names_are_written(command):
    assert run(command.split()) == 0


def test_a_file_called_like_a_shipped_name_is_not_what_is_read(folder, capsys):
    for _ in range(2):
        assert run(["train", "iris", "--updates", "1", "-o", "iris"]) == 0
        assert run(["explain", "two-two-two", "-o", "two-two-two"]) == 0

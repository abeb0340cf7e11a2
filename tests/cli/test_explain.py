"""workings explain, as it is typed."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workings.cli import explain as command
from workings.cli.main import run
from workings.network.network_dump import dump
from workings.network.network_file import load


def test_it_explains_a_shipped_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "two-two-two"]) == 0
    printed = capsys.readouterr()
    assert "(20)  dE_total/dw4 = " in printed.out
    assert printed.err == ""


def test_single_numbers_in_either_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "two-two-two", "w5", "dC/dW:2:1,1", "'net_h1'"]) == 0
    printed = capsys.readouterr().out
    assert "w5 = 0.4" in printed
    assert "(4)   dE_total/dw5" in printed
    assert "net_h1 = w1*i1 + w2*i2 + b1 = 0.15*0.05 + 0.2*0.1 + 0.35 = 0.3775" in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", "two-two-tow"], ["two-two-tow", "two-two-two"]),
        (["explain", "two-two-two", "w55"], ["w55", "net-out", "dC/dW[2][1,1]"]),
        (["explain", "two-two-two", "dC/dX[1][1]"], ["dC/dX", "Did you mean"]),
        (["explain", "two-two-two", "--carry"], ["with digits or figures"]),
        (["explain", "two-two-two", "--form", "matrices"], ["matrices", "'matrix'"]),
        (["explain", "two-two-two", "--data", "iris"], ["carries its own example"]),
        (["explain", "two-two-two", "--sample", "3"], ["numbered 1 to 1"]),
        (["explain", "two-two-two", "-o", "no/such/folder/x.md"], ["no/such/folder/x.md"]),
        (["explian"], ["explian"]),
    ],
)
def test_a_mistake_gets_a_sentence_and_status_2(
    arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    for word in words:
        assert word in printed.err
    assert "Traceback" not in printed.err


def test_the_ending_of_the_output_file_chooses_the_medium(tmp_path: Path) -> None:
    for ending, start in ((".md", "# "), (".tex", r"\documentclass"), (".json", "{"), (".txt", "Two inputs")):
        path = tmp_path / f"lesson{ending}"
        assert run(["explain", "two-two-two", "-o", str(path)]) == 0
        assert path.read_text(encoding="utf-8").startswith(start)


def test_a_network_file_on_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = dump(load("two-two-two")).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run(["explain", "-", "net_h1"]) == 0
    assert "0.3775" in capsys.readouterr().out


def test_junk_on_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\x00\x93")))
    assert run(["explain", "-"]) == 2
    assert "<stdin>" in capsys.readouterr().err


def test_a_flood_is_refused_but_may_go_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wide.toml"
    assert run(["new", "80-70-2", "--seed", "1", "-o", str(path)]) == 0
    assert run(["explain", str(path)]) == 2
    assert "5,812 parameters" in capsys.readouterr().err
    assert run(["explain", str(path), "--form", "matrix", "--only", "forward"]) == 0
    assert "..." in capsys.readouterr().out
    assert run(["explain", str(path), "--only", "update", "-o", str(tmp_path / "all.txt")]) == 0
    assert run(["explain", str(path), "z[1][1]", "--format", "json"]) == 0
    step = json.loads(capsys.readouterr().out)["steps"][0]
    assert step["formula"].count("+") == 80


def test_a_remark_goes_to_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fast.toml"
    path.write_text(dump(load("two-two-two")).replace("learning_rate = 0.5", "learning_rate = 5.0"), encoding="utf-8")
    assert run(["explain", str(path), "w5+"]) == 0
    printed = capsys.readouterr()
    assert "learning rate of 5" in printed.err
    assert "learning rate of 5" not in printed.out


def test_a_long_wait_for_an_update_is_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", "two-two-two", "w5", "--update", "301"]) == 0
    quick = capsys.readouterr()
    assert quick.err == ""
    monkeypatch.setattr(command, "WORTH_A_NOTE", 0.0)
    assert run(["explain", "two-two-two", "w5", "--update", "301"]) == 0
    printed = capsys.readouterr()
    assert re.fullmatch(r"note: 300 updates are made first, in about \d+ (seconds|minutes)\n", printed.err)
    assert printed.out == quick.out
    assert run(["explain", "two-two-two", "E_total#301"]) == 0
    assert "300 updates are made first" in capsys.readouterr().err
    assert run(["explain", "two-two-two", "w55", "--update", "1000000000"]) == 2  # told at once, not after hours


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = f'"{sys.executable}" -c "from workings.cli.main import main; main()" explain two-two-two'
    done = subprocess.run(f"{command} | head -n 1", shell=True, capture_output=True, text=True, check=False)
    assert done.stdout == "Two inputs, two hidden neurons, two outputs\n"
    assert done.stderr == ""


def test_an_old_terminal_gets_plain_characters() -> None:
    command = [sys.executable, "-c", "from workings.cli.main import main; main()", "explain", "two-two-two", "delta[1]"]
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    import os

    done = subprocess.run(command, capture_output=True, check=True, env=os.environ | environment)
    assert b"(*)" in done.stdout


def test_colour_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from workings.cli.colour import print_lesson
    from workings.presentation.explain import explain

    assert run(["explain", "two-two-two", "w5"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    lesson = explain(load("two-two-two"), "net_h1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    print_lesson(lesson)
    monkeypatch.setenv("NO_COLOR", "1")
    print_lesson(lesson)
    assert capsys.readouterr().out.count("net_h1") == 2

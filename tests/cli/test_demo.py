"""The tour runs to its end, shows the commands it runs, and stops with one sentence where an extra is missing."""

from workings.cli.demo import TOUR
from workings.cli.main import run


def test_the_tour_runs_every_command_and_leaves_nothing_behind(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["demo"]) == 0
    told = capsys.readouterr().out
    for remark, command in TOUR:
        assert f"# {remark}\n$ workings {command}\n" in told
    assert "0.298371109" in told
    assert "0.0000351018778" in told
    assert "held-out accuracy 0.9" in told
    assert "dC/dw^1_{3,5} = delta^1_3*x5 = " in told
    assert list(tmp_path.iterdir()) == []


def test_without_scikit_learn_the_first_part_runs(monkeypatch, capsys):
    monkeypatch.setattr("workings.engine.bundled.find_spec", lambda name: None)
    assert run(["demo"]) == 2
    told = capsys.readouterr()
    assert "0.0000351018778" in told.out
    assert "explain digits.model" not in told.out
    (sentence,) = told.err.splitlines()
    assert "workings[train]" in sentence

"""``workings mark FOLDER`` as it is typed."""

import csv
import json

import pytest

from workings.cli.main import run

RIGHT = "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775\n"
SCHEME = '[[items]]\nname = "start"\nquantities = ["z[1][1]"]\nmethod = 1\naccuracy = 1\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers").mkdir()
    for i in (1, 2, 10):
        text = RIGHT if i != 2 else RIGHT.replace(" + 0.35 = 0.3775", " = 0.0275")
        (tmp_path / "answers" / f"a{i}.md").write_text(text, encoding="utf-8")
    (tmp_path / "scheme.toml").write_text(SCHEME, encoding="utf-8")
    return tmp_path


def mark(*more):
    return run(["mark", "answers", "--network", "two-two-two", "--scheme", "scheme.toml", *more])


def test_the_table_is_csv_and_the_summary_is_no_part_of_it(capsys):
    assert mark() == 1
    captured = capsys.readouterr()
    found = list(csv.DictReader(captured.out.splitlines()))
    assert [(row["document"], row["marks"], row["start"]) for row in found] == [
        ("a1.md", "2", "2"), ("a2.md", "0", "0"), ("a10.md", "2", "2"),
    ]  # fmt: skip
    assert found[1]["first"] == "line 1 missing_bias z[1][1]"
    assert captured.err == "3 documents\nmean 1.333 of 2\n1 left out the bias at z[1]\n"


def test_json_is_one_object(capsys):
    assert mark("--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == {"name": "workings.marks", "version": 1}
    assert [each["marks"] for each in found["documents"]] == [2, 0, 2]
    assert found["summary"]["slips"] == [{"kind": "missing_bias", "step": "z[1]", "documents": 1}]


def test_a_second_run_marks_only_what_is_new(folder, capsys):
    assert mark("-o", "marks.csv") == 1
    before = (folder / "marks.csv").read_text(encoding="utf-8")
    (folder / "answers" / "a3.md").write_text(RIGHT, encoding="utf-8")
    capsys.readouterr()
    assert mark("-o", "marks.csv") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("note: 3 of 4 documents were marked before\n")
    after = (folder / "marks.csv").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if not line.startswith("a3.md")] == before.splitlines()
    assert sorted(path.name for path in folder.iterdir()) == ["answers", "marks.csv", "scheme.toml"]


def test_ctrl_c_keeps_what_is_done(folder, monkeypatch, capsys):
    monkeypatch.setattr("workings.cli.watch.Watch.documents", lambda self, done, total: done == 2)
    assert mark("-o", "marks.csv") == 130
    assert "stopped after 2 of 3 documents" in capsys.readouterr().err
    assert len((folder / "marks.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_options_of_a_folder_are_refused_for_a_document(capsys):
    assert run(["mark", "scheme.toml", "--jobs", "2"]) == 2
    assert "--jobs goes with a folder" in capsys.readouterr().err

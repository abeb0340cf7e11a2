"""A folder of answers: every document has its row, in order, and what is good from before is kept."""

import os
from contextlib import suppress

import pytest

from workings.errors import InputError
from workings.marking.grading import crew
from workings.marking.grading.answers import MARKED, Answers, Row, Slip, documents
from workings.marking.grading.crew import jobs_for, rows
from workings.marking.grading.marks_file import MarksFile, cells, read_cells
from workings.marking.grading.summary import Summary, step_of
from workings.network.network_dump import dump
from workings.network.network_file import load

NETWORK = dump(load("two-two-two"))
RIGHT = "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775\n"
WRONG = "net_h1 = 0.15*0.05 + 0.20*0.10 = 0.0275\n"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "answers"
    path.mkdir()
    for name, text in (("a10.md", WRONG), ("a9.md", RIGHT), ("B1.md", RIGHT)):
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_documents_are_in_natural_order_without_hidden_ones(folder):
    (folder / ".hidden").write_text("", encoding="utf-8")
    assert documents(folder, [folder / "B1.md"]) == ["a9.md", "a10.md"]


def test_a_folder_without_documents_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no documents"):
        documents(tmp_path)


def test_a_row_tells_marks_and_slips(folder):
    row = Answers(folder, NETWORK).row("a10.md")
    assert (row.state, sum(row.marks), row.total) == (MARKED, 0, 25)
    assert row.first == Slip(1, "missing_bias", "z[1][1]")


def test_a_broken_document_is_a_row_that_says_so(folder):
    (folder / "folder").mkdir()
    (folder / "junk").write_bytes(b"\0\1\2")
    (folder / "gone").symlink_to("nowhere")
    told = {name: Answers(folder, NETWORK).row(name).state for name in ("folder", "junk", "gone")}
    assert told == {
        "folder": "is a folder, not a document",
        "junk": "is no text: it holds bytes of value 0",
        "gone": "cannot be read: No such file or directory",
    }


def test_whatever_happens_to_one_document_the_others_are_marked(folder, monkeypatch):
    def fails(*_args, **_options):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("workings.marking.grading.answers.mark", fails)
    assert Answers(folder, NETWORK).row("a9.md").state == "could not be marked: ZeroDivisionError: oh"


def test_a_document_that_never_ends_is_a_row_that_says_so(folder, monkeypatch):
    def endless(*_args, **_options):
        while True:
            with suppress(Exception):  # such as marking catches where a number cannot be worked out
                sum(range(1000))

    answers = Answers(folder, NETWORK)
    monkeypatch.setattr("workings.marking.grading.answers.SECONDS", 0.1)
    with monkeypatch.context() as context:
        context.setattr("workings.marking.grading.answers.mark", endless)
        assert answers.row("a9.md").state == "could not be marked in 0.1 seconds"
    monkeypatch.setattr("workings.marking.grading.answers.SECONDS", 30)
    assert answers.row("a9.md").state == MARKED


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_nobody_waits_for_a_pipe_or_a_device(folder):
    os.mkfifo(folder / "pipe")
    (folder / "device").symlink_to("/dev/zero")
    assert [Answers(folder, NETWORK).row(name).state for name in ("pipe", "device")] == ["is no file"] * 2


def test_without_a_network_the_document_must_show_one(folder):
    assert Answers(folder).row("a9.md").state.startswith("shows no network")


def test_a_row_survives_as_text(folder):
    row = Answers(folder, NETWORK).row("a10.md")
    assert read_cells(cells(row, 4), 4) == row


class Deadly(Answers):
    """Of which one document ends the process."""

    def row(self, name):
        if name == "a10.md":
            os._exit(3)
        return Row(name, MARKED)


def test_a_process_that_dies_takes_no_other_document_with_it(folder, monkeypatch):
    monkeypatch.setattr(crew, "AHEAD", 2)
    found = list(rows(Deadly(folder), ["a9.md", "a10.md", "B1.md"], jobs=2))
    assert [row.document for row in found] == ["a9.md", "a10.md", "B1.md"]
    assert [row.state == MARKED for row in found] == [True, False, True]


def test_several_processes_give_the_same_rows_in_the_same_order(folder):
    answers = Answers(folder, NETWORK)
    names = documents(folder)
    assert list(rows(answers, names, jobs=2)) == list(rows(answers, names, jobs=1))


def test_no_process_is_started_for_nothing():
    assert jobs_for(3) == jobs_for(0) == 1
    assert jobs_for(10_000, 3) == 3


# --- going on where a run stopped


def test_a_stopped_run_goes_on_from_its_journal(folder, tmp_path):
    answers, path = Answers(folder, NETWORK), tmp_path / "marks.csv"
    names = documents(folder)
    first = MarksFile(path, answers)
    first.add(answers.row(names[0]))
    first.close()  # and nothing more: the machine stopped
    with MarksFile.journal_of(path).open("ab") as journal:
        journal.write(b'a10.md,"half a r')
    again = MarksFile(path, answers)
    assert [again.kept(name) is not None for name in names] == [True, False, False]
    for name in names[1:]:
        again.add(answers.row(name))
    again.write(names)
    assert not MarksFile.journal_of(path).exists()
    assert [line.partition(",")[0] for line in path.read_text(encoding="utf-8").splitlines()] == ["document", *names]


def test_a_row_is_good_only_for_the_same_document_network_and_scheme(folder, tmp_path):
    answers, path = Answers(folder, NETWORK), tmp_path / "marks.csv"
    table = MarksFile(path, answers)
    for row in rows(answers, documents(folder), jobs=1):
        table.add(row)
    table.write(documents(folder))
    (folder / "a9.md").write_text(WRONG, encoding="utf-8")
    again = MarksFile(path, answers)
    assert [again.kept(name) is not None for name in documents(folder)] == [False, True, True]
    again.close()
    other = MarksFile(path, Answers(folder, NETWORK.replace("0.15", "0.16")))
    assert not any(other.kept(name) for name in documents(folder))
    other.close()


def test_what_is_no_table_of_marks_is_not_written_over(folder, tmp_path):
    path = tmp_path / "essay.txt"
    path.write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match="is no table of marks"):
        MarksFile(path, Answers(folder))
    assert path.read_text(encoding="utf-8") == "years of work"


# --- the summary


def test_the_summary_tells_who_did_what_where():
    summary = Summary()
    slip = Slip(3, "missing_activation_derivative", "delta[1][2]")
    for i in range(12):
        summary.add(Row(f"{i}.md", MARKED, (1.0, 2.0), 4.0, slip, (slip,)))
    summary.add(Row("13.md", "is no text"))
    summary.add(Row("14.md", MARKED, (0.0, 3.0), 4.0, review=("z[1][1]",)))
    assert list(summary.sentences()) == [
        "14 documents, 1 of them not marked",
        "  13.md is no text",
        "mean 3 of 4",
        "12 left out the factor f'(z) at delta[1]",
        "1 document to look at, where it is not sure that a mark is lost",
        "  14.md: z[1][1]",
    ]


@pytest.mark.parametrize(
    ("quantity", "step"),
    [
        ("delta[1][2]@3#1", "delta[1]"),
        ("dC/dW[2][1,3]", "dC/dW[2]"),
        ("W+[1]", "W+[1]"),
        ("C", "C"),
        ("v", "v"),
        ("", ""),
    ],
)
def test_the_step_of_a_number_is_that_of_its_layer(quantity, step):
    assert step_of(quantity) == step

"""``workings mark`` as it is typed."""

import json

import pytest

from workings.cli.main import run

RIGHT = """
net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775

out_h1 = sigmoid(0.3775) = 0.593270
"""
WRONG = RIGHT.replace("0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775", "0.15*0.05 + 0.20*0.10 = 0.0275").replace(
    "sigmoid(0.3775) = 0.593270", "sigmoid(0.0275) = 0.506875"
)


@pytest.fixture
def answer(tmp_path):
    def write(text):
        path = tmp_path / "answer.md"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_right_answer_is_left_alone(answer, capsys):
    assert run(["mark", answer(RIGHT), "--network", "two-two-two"]) == 0
    assert capsys.readouterr().out == (
        "Convention: 6 decimals, a 5 goes up; shown numbers carried on.\n2 numbers checked: 1 right, 1 rounded.\n"
    )


def test_the_first_wrong_step_is_named_and_what_follows_from_it_is_not(answer, capsys):
    assert run(["mark", answer(WRONG), "--network", "two-two-two"]) == 1
    assert capsys.readouterr().out.splitlines()[3:] == [
        "Line 2, first wrong step: missing bias, at z[1][1]",
        "  net_h1 = 0.15*0.05 + 0.20*0.10 = 0.0275",
        "  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  The bias is left out of the weighted input.",
        "  Written: 0.0275; it should be 0.3775.",
    ]


def test_json_is_one_object(answer, capsys):
    assert run(["mark", answer(WRONG), "--network", "two-two-two", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == {"name": "workings.marking", "version": 1}
    (finding,) = found["findings"]
    assert (finding["line"], finding["column"], finding["kind"]) == (2, 1, "missing_bias")
    assert found["links"] == {"read": 3, "right": 0, "rounded": 0, "carried": 2, "wrong": 1, "unclear": 0}


def test_a_file_that_is_not_there_is_one_sentence_with_the_nearest_name(answer, capsys):
    path = answer(RIGHT)
    assert run(["mark", path.replace("answer.md", "anser.md")]) == 2
    assert capsys.readouterr().err.endswith("there is no such document. Did you mean 'answer.md'?\n")


def test_a_copy_with_marks_and_a_corrected_one_are_written(answer, tmp_path, capsys):
    page, right = tmp_path / "marked.html", tmp_path / "right.md"
    raw = b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode() + b"\xff"
    (tmp_path / "wrong.md").write_bytes(raw)
    arguments = ["mark", str(tmp_path / "wrong.md"), "--network", "two-two-two"]
    assert run([*arguments, "--html", str(page), "--fix", str(right)]) == 1
    assert "first wrong step: missing bias" in page.read_text(encoding="utf-8")
    assert right.read_bytes() == b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode() + b"\xff"
    assert "first wrong step" in capsys.readouterr().out


def test_what_cannot_be_put_right_is_told(answer, tmp_path, capsys):
    text = RIGHT.replace("net_h1 = 0.15", "Finding net_h2 net_h1 = 0.15")
    assert run(["mark", answer(text), "--network", "two-two-two", "--fix", str(tmp_path / "right.md")]) == 1
    told = capsys.readouterr().err
    assert "note: line 2, column 1: mislabelled is left for you to put right: net_h2" in told


@pytest.mark.parametrize("option", ["--html", "--fix"])
def test_the_document_is_never_written_over(answer, capsys, option):
    path = answer(WRONG)
    assert run(["mark", path, option, path]) == 2
    assert "would be lost: name another file" in capsys.readouterr().err


def test_two_results_do_not_go_into_one_file(answer, tmp_path, capsys):
    out = str(tmp_path / "out")
    assert run(["mark", answer(WRONG), "--html", out, "--fix", out]) == 2
    assert capsys.readouterr().err == "workings: --html and --fix cannot both be written to one place\n"


@pytest.mark.parametrize(
    "raw", [b"", b"\0\0", b"\xff\xfe z = 1", b"(" * 100_000, b"9**9**9 = 2", b"z = " + b"1" * 20_000]
)
def test_junk_is_got_through(tmp_path, raw):
    path = tmp_path / "junk.txt"
    path.write_bytes(raw)
    assert run(["mark", str(path), "--network", "two-two-two", "--json"]) in (0, 1)


def test_what_is_assumed_goes_over_what_is_found(answer, capsys):
    text = "q = 2/3 = 0.66\np = 1/6 = 0.16\nr = 5/6 = 0.83\n"
    assert run(["mark", answer(text), "--assume", "digits=2,half-up"]) == 0
    assert capsys.readouterr().out.startswith("Convention: 2 decimals (assumed), a 5 goes up (assumed);")
    assert run(["mark", answer(text), "--assume", "haf"]) == 2
    assert "Did you mean 'half'?" in capsys.readouterr().err

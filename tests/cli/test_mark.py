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
        "Convention: results rounded, a 5 up to 6 decimals; the shown numbers are used from then on.\n"
        "2 numbers checked: 1 right, 1 rounded.\n"
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


def test_a_file_that_is_not_there_is_one_sentence(capsys):
    assert run(["mark", "nowhere.md"]) == 2
    assert capsys.readouterr().err == "workings: nowhere.md cannot be read: No such file or directory\n"


@pytest.mark.parametrize(
    "raw", [b"", b"\0\0", b"\xff\xfe z = 1", b"(" * 100_000, b"9**9**9 = 2", b"z = " + b"1" * 20_000]
)
def test_junk_is_got_through(tmp_path, raw):
    path = tmp_path / "junk.txt"
    path.write_bytes(raw)
    assert run(["mark", str(path), "--network", "two-two-two", "--json"]) in (0, 1)

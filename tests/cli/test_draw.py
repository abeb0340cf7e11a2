from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from workings.cli.draw import draw
from workings.errors import InputError, WorkingsError

BATCH = """
inputs = [[0.05, 0.10], [0.2, 0.4]]
targets = [[0.01], [0.99]]
learning_rate = 0.5
loss = "half_squared_error"

[[layers]]
activation = "sigmoid"
weights = [[0.15, -0.20]]
biases = [0.35]
"""


def run(*arguments):
    return CliRunner().invoke(draw, [str(argument) for argument in arguments])


def test_the_picture_goes_to_standard_output():
    result = run("two-two-two")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert ET.fromstring(result.stdout_bytes).tag == "{http://www.w3.org/2000/svg}svg"
    assert run("two-two-two", "-o", "-").stdout_bytes == result.stdout_bytes


def test_the_picture_goes_to_a_file_and_a_remark_to_standard_error(tmp_path):
    target = tmp_path / "net.svg"
    result = run("two-two-two", "--backward", "-o", target)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == f"written to {target}\n"
    assert target.read_bytes() == run("two-two-two", "--backward").stdout_bytes


def test_backward_adds_the_gradients():
    assert b"dC/dW" not in run("two-two-two").stdout_bytes
    assert b"dC/dW" in run("two-two-two", "--backward").stdout_bytes


def test_the_notation_is_the_files_own_unless_another_is_named():
    assert run("two-two-two").stdout_bytes == run("two-two-two", "--notation", "net-out").stdout_bytes
    assert run("two-two-two").stdout_bytes != run("two-two-two", "--notation", "numbered").stdout_bytes


def test_a_network_file_takes_no_data():
    assert "--data" in str(run("two-two-two", "--data", "iris").exception)


def test_it_can_be_printed_in_any_encoding():
    assert run("two-two-two", "--backward", "--notation", "textbook").stdout.isascii()


def test_a_sample_of_a_batch(tmp_path):
    file = tmp_path / "batch.toml"
    file.write_text(BATCH, encoding="utf-8")
    assert "sample 1 of 2" in run(file).stdout
    assert "sample 2 of 2" in run(file, "--sample", 2).stdout
    result = run(file, "--sample", 3)
    assert isinstance(result.exception, InputError)
    assert "there is no sample 3" in str(result.exception)
    assert run(file, "--sample", 0).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["two-two-two", "--notation", "numberd"], "Did you mean 'numbered'?"),
        (["two-two-tow"], "two-two-two"),
        (["two-two-two", "-o", "no/such/folder/net.svg"], "net.svg: cannot be written"),
        (["two-two-two", "-o", "."], ".: cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(arguments, told):
    result = run(*arguments)
    assert isinstance(result.exception, WorkingsError)
    assert told in str(result.exception)


@pytest.mark.parametrize("name", ["two-two-two", "two-three-one", "deep-four", "relu-dead", "tanh-softmax"])
def test_every_shipped_example_can_be_drawn(name):
    ET.fromstring(run(name, "--backward").stdout_bytes)

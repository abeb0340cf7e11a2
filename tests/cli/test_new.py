"""``workings new`` as it is typed."""

import pytest
from click.testing import CliRunner

from workings.cli import main
from workings.cli.new import new
from workings.errors import WorkingsError
from workings.network import reference
from workings.network.network_file import load, load_text


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line; gives exit status, stdout and stderr."""
    if "new" not in main.workings.commands:
        monkeypatch.setitem(main.workings.commands, "new", new)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main.run(["new", *arguments])
        return status, *capsys.readouterr()

    return run


def test_the_file_it_prints_can_be_worked_through_as_it_is(run):
    status, out, err = run("2-3-1", "--seed", "1")
    assert (status, err) == (0, "")
    network = load_text(out)
    assert network.sizes == (2, 3, 1)
    assert network.example.inputs.shape == (1, 2)
    reference.run(network, network.example.inputs, network.example.targets)


def test_the_options_end_up_in_the_file(run):
    options = ["--activation", "tanh", "--loss", "cross_entropy", "--notation", "numbered"]
    network = load_text(run("2-3-2", *options)[1])
    assert [layer.activation.name for layer in network.layers] == ["tanh", "softmax"]
    assert (network.loss.name, network.notation) == ("cross_entropy", "numbered")
    network = load_text(run("2-1", "--output-activation", "relu")[1])
    assert network.layers[-1].activation.name == "relu"


def test_a_seed_makes_it_repeatable():
    first, second = (CliRunner().invoke(new, ["2-3-1", "--seed", "7"]).output for _ in range(2))
    assert first == second
    assert first != CliRunner().invoke(new, ["2-3-1", "--seed", "8"]).output


def test_it_writes_a_file_and_overwrites_none(run, tmp_path):
    path = tmp_path / "net.toml"
    status, out, err = run("2-3-1", "-o", str(path), "--seed", "1")
    assert (status, out) == (0, "")
    assert str(path) in err
    assert load(path).sizes == (2, 3, 1)
    before = path.read_bytes()
    status, out, err = run("2-2", "-o", str(path))
    assert (status, out) == (2, "")
    assert err.endswith("exists already; --force overwrites it\n")
    assert path.read_bytes() == before
    assert run("2-2", "-o", str(path), "--force")[0] == 0
    assert load(path).sizes == (2, 2)


def test_a_dash_is_the_terminal(run):
    assert load_text(run("2-1", "-o", "-")[1]).sizes == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["2"], "counts only the inputs"),
        (["0-3"], "has a layer of 0 neurons"),
        (["2-0-3"], "has a layer of 0 neurons"),
        (["2-x-1"], "'2-x-1' is no list of sizes"),
        (["2,3,1"], "Sizes look like 2-3-1"),
        (["2--1"], "Sizes look like 2-3-1"),
        (["2-3-"], "Sizes look like 2-3-1"),
        (["²-3"], "Sizes look like 2-3-1"),
        ([""], "Sizes look like 2-3-1"),
        (["9" * 5000 + "-1"], "Sizes look like 2-3-1"),
        (["999999999-999999999"], "a file to fill in can have 1,000,000 at most"),
        (["2-1", "--activation", "sigmod"], "Did you mean 'sigmoid'?"),
        (["2-1", "--output-activation", "sigmod"], "Did you mean 'sigmoid'?"),
        (["2-1", "--loss", "half-squared-error"], "Did you mean 'half_squared_error'?"),
        (["2-1", "--notation", "netout"], "Did you mean 'net-out'?"),
        (["2-1", "--loss", "cross_entropy", "--output-activation", "identity"], "softmax goes with this loss"),
        (["2-1", "--seed", "-1"], "-1"),
        (["2-1", "-o", "nowhere/net.toml"], "cannot be written"),
        (["2-1", "-o", "."], "exists already"),
        (["2-1", "-o", "x" * 5000], "cannot be written"),
        ([], "SIZES"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_done_is_told_in_a_sentence(run, tmp_path, monkeypatch, arguments, fragment):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert fragment in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_the_command_raises_what_the_command_line_prints():
    result = CliRunner().invoke(new, ["2"])
    assert isinstance(result.exception, WorkingsError)


def test_a_network_is_written_from_a_lesson_about_it(run, tmp_path):
    from workings.cli.source import network_of
    from workings.presentation.explain import explain

    network = network_of("two-two-two")
    (tmp_path / "lesson.txt").write_text(str(explain(network)))
    status, out, _err = run("--from", str(tmp_path / "lesson.txt"))
    assert status == 0
    assert load_text(out).parameters.flat.tolist() == network.parameters.flat.tolist()


def test_what_a_document_does_not_give_is_told(run, tmp_path):
    (tmp_path / "short.txt").write_text("Inputs 1 and 2, z = 3*4 = 12")
    status, out, err = run("--from", str(tmp_path / "short.txt"))
    assert (status, out) == (2, "")
    assert "its targets" in err

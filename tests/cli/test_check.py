"""``workings check`` as it is typed."""

import sys

import pytest

from workings.cli import check as command
from workings.cli import main

NETWORK = """
inputs = [0.05, 0.10]
targets = [0.01, 0.99]
learning_rate = 0.5
loss = "half_squared_error"

[[layers]]
activation = "my_swish"
weights = [[0.15, 0.20], [0.25, 0.30]]
biases = [0.35, 0.35]

[[layers]]
activation = "sigmoid"
weights = [[0.40, 0.45], [0.50, 0.55]]
biases = [0.60, 0.60]
"""
SWISH = """
import math
from workings.algebra.expression import E_CONSTANT
from workings.network.activations import Activation, sigmoid

MY_SWISH = Activation(
    name="my_swish",
    symbol="swish",
    value=lambda z: z * sigmoid(z),
    derivative=lambda z, a: sigmoid(z) + a * (1 - sigmoid(z)),
    formula=lambda z: z / (1 + E_CONSTANT**-z),
    derivative_formula=lambda z, a: 1 / (1 + E_CONSTANT**-z) * (1 + z - a),
    range=(-0.2785, math.inf),
    because="it lets a little through below 0",
)
"""


@pytest.fixture
def check(capsys):
    """Run the command; gives exit status, stdout with its long lines put together again, and stderr."""

    def check(*arguments: str) -> tuple[int, str, str]:
        status = main.run(["check", *arguments])
        out, err = capsys.readouterr()
        assert all(len(line) <= 80 or " " not in line for line in out.splitlines())
        table, gap, verdict = out.rpartition("\n\n")
        return status, table + gap + verdict.replace("\n", " "), err

    return check


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A network with an activation of one's own, in the working folder."""
    monkeypatch.chdir(tmp_path)

    def write(swish: str = SWISH, network: str = NETWORK):
        (tmp_path / "net.toml").write_text(network, encoding="utf-8")
        (tmp_path / "mine.py").write_text(swish, encoding="utf-8")

    return write


def test_what_is_right_is_shown_layer_by_layer_with_status_0(check):
    status, out, err = check("two-two-two")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "12 gradients of C: backpropagation against central differences"
    assert [line.split()[:2] for line in lines[3:7]] == [
        ["dC/dW[1]", "4"],
        ["dC/db[1]", "2"],
        ["dC/dW[2]", "4"],
        ["dC/db[2]", "2"],
    ]
    assert lines[-1] == "They agree: none is off by more than a millionth of its array's norm. "


def test_with_decay_it_is_the_objective_that_is_differentiated(check):
    assert check("deep-four")[1].startswith("42 gradients of J = C + R:")


def test_an_activation_of_ones_own_that_is_right(check, files):
    files()
    status, out, _ = check("net.toml", "--with", "mine.py")
    assert status == 0
    assert "They agree" in out


def test_a_wrong_derivative_is_named_with_status_1(check, files):
    files(SWISH.replace("sigmoid(z) + a", "sigmoid(z) + z"))
    status, out, _ = check("net.toml", "--with", "mine.py")
    assert status == 1
    assert "dC/dW[1]           4" in out
    assert [line.endswith("  wrong") for line in out.splitlines()[3:7]] == [True, True, False, False]
    assert out.splitlines()[-1].startswith(
        "Wrong: da/dz[1][1]: my_swish's derivative says 0.7468 at z = 0.3775, but the slope of its value there is 0.68"
    )


def test_a_wrong_formula_is_named_though_the_gradients_agree(check, files):
    files(SWISH.replace("(1 + z - a)", "(1 + z)"))
    status, out, _ = check("net.toml", "--with", "mine.py")
    assert status == 1
    assert "  wrong\n" not in out
    assert "Wrong: da/dz[1][1]: my_swish's derivative_formula gives" in out


def test_a_kink_is_no_mistake(check, files):
    kink = NETWORK.replace("my_swish", "relu").replace("[0.15, 0.20]", "[0.5, -0.25]").replace("[0.35,", "[0.0,")
    files(network=kink)
    status, out, _ = check("net.toml")
    assert status == 0
    assert "3 of the gradients cannot be checked here: z[1][1] = 0 sits on the kink of relu. " in out
    assert "The others agree" in out


def test_overflow_is_no_mistake(check, files):
    files(network=NETWORK.replace("my_swish", "identity").replace('"sigmoid"', '"identity"').replace("0.40", "1e300"))
    status, out, _ = check("net.toml")
    assert status == 0
    assert out.startswith("This cannot be checked here: C[1] is too large for a float64; ")


@pytest.mark.parametrize(
    ("arguments", "swish", "message"),
    [
        (("net.toml",), SWISH, "there is no activation 'my_swish'"),
        (("net.toml", "--with", "min.py"), SWISH, "min.py: there is no such file. Did you mean 'mine.py'?"),
        (("net.toml", "--with", "mine.py"), "x = = 1\n", "mine.py:1: this is no Python: invalid syntax: 'x = = 1'"),
        (("net.toml", "--with", "mine.py"), "x = 1\n", "mine.py makes no activation and no loss"),
        (("nett.toml",), SWISH, "Did you mean 'net.toml'?"),
        (
            ("net.toml", "--with", "mine.py"),
            # works on the numbers it is tried with, and not on those of the network
            SWISH.replace("z * sigmoid(z),", "z * sigmoid(z) if len(z.ravel()) != 2 or z.min() < 0 else 1 / 0,"),
            "mine.py:9: ZeroDivisionError: division by zero",
        ),
    ],
)
def test_what_cannot_be_done_is_a_sentence_with_status_2(check, files, arguments, swish, message):
    files(swish)
    status, out, err = check(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("workings: ")
    assert message in err
    assert "Traceback" not in err


def test_a_bar_shows_progress_where_somebody_watches(check, monkeypatch):
    monkeypatch.setattr(command, "_WORTH_A_BAR", 5)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    status, out, err = check("two-two-two")
    assert status == 0
    assert "They agree" in out
    assert "gradients" in err
    assert "100%" in err


def test_a_sample_says_that_it_is_one(check, monkeypatch):
    monkeypatch.setattr("workings.derivation.gradient_check.MOST_WORK", 10.0)
    status, out, _ = check("two-two-two")
    assert status == 0
    assert "It would take hours to look at all of them; this is a sample of 4. " in out


def test_a_row_needs_data(check):
    status, _, err = check("two-two-two", "--sample", "3")
    assert status == 2
    assert "--sample is a row of the --data" in err

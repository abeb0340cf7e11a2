"""Scripts in many styles: a right one is never accused, and a planted slip is named at its line."""

import json
import subprocess
import sys

import pytest

import workings as wk
from tests.marking.code.scripts import PLAIN, SLIPS, STYLES
from workings.errors import InputError
from workings.marking.code.script import mark_script
from workings.marking.code.sites import is_script
from workings.marking.json import as_json

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts are run where processes have limits")
NETWORK = wk.load("two-two-two")
BATCH = """
inputs = [[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0]]
targets = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
learning_rate = 0.1
loss = "cross_entropy"
[[layers]]
activation = "relu"
weights = [[0.2, -0.4], [0.5, 0.3]]
biases = [0.1, 0.2]
[[layers]]
activation = "softmax"
weights = [[0.3, -0.8], [0.1, 0.2], [0.7, -0.25]]
biases = [0.01, 0.02, 0.03]
"""
COLUMNS = """
import numpy as np
X = np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0]]).T
Y = np.eye(3)
m = 3
W1 = np.array([[0.2, -0.4], [0.5, 0.3]])
b1 = np.array([[0.1], [0.2]])
W2 = np.array([[0.3, -0.8], [0.1, 0.2], [0.7, -0.25]])
b2 = np.array([[0.01], [0.02], [0.03]])
for _ in range(5):
    Z1 = W1 @ X + b1
    A1 = np.maximum(0, Z1)
    Z2 = W2 @ A1 + b2
    A2 = np.exp(Z2) / np.exp(Z2).sum(axis=0)
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = (W2.T @ dZ2) * (Z1 > 0)
    dW1 = dZ1 @ X.T / m
    db1 = dZ1.sum(axis=1, keepdims=True) / m
    W1 -= 0.1 * dW1; b1 -= 0.1 * db1
    W2 -= 0.1 * dW2; b2 -= 0.1 * db2
"""


@pytest.fixture
def batch(tmp_path):
    path = tmp_path / "batch.toml"
    path.write_text(BATCH, encoding="utf-8")
    return wk.load(path)


@pytest.mark.parametrize("style", STYLES)
def test_a_right_script_is_never_accused(style):
    marking = mark_script(STYLES[style], NETWORK)
    assert not marking.findings
    assert not marking.reading.unread
    assert marking.counts["right"] >= 5


@pytest.mark.parametrize(("style", "right", "wrong", "code", "address"), SLIPS, ids=lambda value: str(value)[:24])
def test_a_planted_slip_is_named_at_its_line(style, right, wrong, code, address):
    script = STYLES[style].replace(right, wrong, 1)
    assert script != STYLES[style]
    found = as_json(mark_script(script, NETWORK))["findings"]
    assert [(finding["kind"], finding["quantity"]) for finding in found] == [(code, address)]
    quoted = script.splitlines()[found[0]["line"] - 1 : found[0]["end_line"]]
    assert found[0]["quote"] in "\n".join(quoted)
    assert found[0]["first"]


def test_a_batch_with_a_sample_a_column_is_read_whole(batch):
    marking = mark_script(COLUMNS, batch)
    assert not marking.findings
    assert marking.counts["right"] == 14


def test_the_mean_may_be_taken_at_the_outputs(batch):
    early = COLUMNS.replace("A2 - Y", "(A2 - Y) / m").replace(" / m\n", "\n").replace("(A2 - Y)\n", "(A2 - Y) / m\n")
    marking = mark_script(early, batch)
    assert not marking.findings
    assert marking.counts["right"] == 14


def test_a_forgotten_mean_is_found(batch):
    (finding,) = mark_script(COLUMNS.replace("dW1 = dZ1 @ X.T / m", "dW1 = dZ1 @ X.T"), batch).findings
    assert (finding.kind, finding.quantity) == ("factor", "dC/dW[1]")


SAMPLE_BY_SAMPLE = """
import numpy as np
X = np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0]])
Y = np.eye(3)
W1 = np.array([[0.2, -0.4], [0.5, 0.3]])
b1 = np.array([0.1, 0.2])
W2 = np.array([[0.3, -0.8], [0.1, 0.2], [0.7, -0.25]])
b2 = np.array([0.01, 0.02, 0.03])
for epoch in range(3):
    g1, g2 = np.zeros_like(W1), np.zeros_like(W2)
    for x, y in zip(X, Y):
        h = np.maximum(0, W1 @ x + b1)
        e = np.exp(W2 @ h + b2)
        d2 = e / e.sum() - y
        d1 = W2.T @ d2 * (h > 0)
        STEP
    W1 -= g1
    W2 -= g2
"""


@pytest.mark.parametrize(
    "step",
    ["g1 += 0.1 / 3 * np.outer(d1, x); g2 += 0.1 / 3 * np.outer(d2, h)",
     "W1 -= 0.1 * np.outer(d1, x); W2 -= 0.1 * np.outer(d2, h)"],
    ids=["gathered", "at once"],
)  # fmt: skip
def test_samples_may_come_one_by_one(batch, step):
    script = SAMPLE_BY_SAMPLE.replace("STEP", step)
    assert not mark_script(script, batch).findings
    wrong = script.replace(" * (h > 0)", " * h")
    assert "delta[1]" in {finding.quantity for finding in mark_script(wrong.replace("d1", "delta1"), batch).findings}


def test_a_gradient_check_and_momentum_are_steps_in_between():
    more = """
def loss(W):
    return np.mean((y - sigmoid(W2 @ sigmoid(W @ x + b1) + b2))**2)

numeric = np.zeros_like(W1)
for i in range(2):
    P = W1.copy()
    P[i, 0] += 1e-5
    numeric[i, 0] = (loss(P) - loss(W1)) / 1e-5
v = 0.1 * np.outer(delta1, x)
"""
    assert not mark_script(PLAIN + more, NETWORK).findings


def test_weights_of_the_scripts_own_are_taken_as_they_are():
    own = PLAIN.replace("[[0.15, 0.20], [0.25, 0.30]]", "[[0.7, -0.3], [0.2, 0.9]]")
    marking = mark_script(own.replace(" * a1 * (1 - a1)", ""), NETWORK)
    assert [finding.quantity for finding in marking.findings] == ["delta[1]"]
    assert "W1 starts from numbers of its own" in marking.reading.unread[0].reason


def test_comments_are_marked_beside_the_numbers():
    commented = PLAIN.replace(" * a1 * (1 - a1)", "") + "# by hand: 0.15*0.05 + 0.2*0.1 + 0.35 = 0.4775\n"
    marking = mark_script(commented, NETWORK)
    assert [marking.document.place(finding.start)[0] for finding in marking.findings] == [21, 25]
    assert marking.findings[1].claimed == "0.4775"


def test_a_script_that_breaks_off_is_marked_as_far_as_it_came():
    marking = mark_script(PLAIN.replace("    dW1 = np.outer(delta1, x)", "    dW1 = delta1 @ unknown"), NETWORK)
    assert not marking.findings
    (unread,) = marking.reading.unread
    assert "NameError" in unread.reason
    assert marking.document.place(unread.start)[0] == 22


def test_a_script_about_something_else_says_so():
    marking = mark_script("import numpy as np\nfahrenheit = np.array([1.5, 2.5, 3.5]) * 9 / 5 + 32\n", NETWORK)
    assert "none of the numbers" in marking.reading.unread[0].reason


@pytest.mark.parametrize("script", ["x = = 1", "", "def f(:", "import numpy as np\n1/0\n"])
def test_what_works_nothing_out_is_one_sentence(script):
    with pytest.raises(InputError, match=r"not Python|nothing was worked out"):
        mark_script(script, NETWORK)


def test_a_script_is_known_by_what_it_works_out():
    assert is_script(PLAIN)
    assert not is_script("# z = 0.5 * 2 = 1\n")
    assert not is_script("z = 0.5*3 + 0.1 = 1.6, as numpy has it")


def test_nothing_is_run_unless_asked(tmp_path):
    script = tmp_path / "answer.py"
    script.write_text(PLAIN.replace(" * a1 * (1 - a1)", ""), encoding="utf-8")
    command = [sys.executable, "-m", "workings", "mark", str(script), "--json"]

    def status_and_said(*more):
        done = subprocess.run([*command, *more], capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout, done.stderr

    _status, _out, said = status_and_said("--network", "two-two-two")
    assert "--run runs it" in said
    status, out, _said = status_and_said("--network", "two-two-two", "--run")
    assert status == 1
    assert json.loads(out)["findings"][0]["kind"] == "missing_activation_derivative"
    status, out, _said = status_and_said("--run")
    assert (status, json.loads(out)["convention"]["loss"]) == (1, "half_squared_error")
    script.write_text("a = 1.5", encoding="utf-8")
    status, _out, said = status_and_said("--run")
    assert status == 2
    assert "--network" in said

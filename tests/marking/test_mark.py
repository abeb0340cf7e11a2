"""Whole pages: a clean one is never accused, and every slip that can be planted is found and named where it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import workings as wk
from tests.marking.pages import page
from workings.algebra.expression import substitute
from workings.algebra.rounding import MODES
from workings.marking.convention import Convention
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.marking.slips import SLIPS
from workings.network.network_file import load

CORPUS = Path(os.environ.get("WORKINGS_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
NETWORK = """
inputs = [0.6, -1.3]
targets = [0.1, 0.8]
learning_rate = 0.7
loss = "half_squared_error"

[[layers]]
activation = "{hidden}"
weights = [[0.24, -0.35], [0.72, 0.16]]
biases = [0.11, -0.42]

[[layers]]
activation = "{output}"
weights = [[0.37, -0.58], [0.93, 0.22]]
biases = [0.15, 0.64]
"""


def network(tmp_path, hidden="sigmoid", output="sigmoid"):
    path = tmp_path / "network.toml"
    path.write_text(NETWORK.format(hidden=hidden, output=output), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("digits", [3, 4, 6, 9])
@pytest.mark.parametrize(("hidden", "output"), [("sigmoid", "sigmoid"), ("tanh", "identity"), ("relu", "sigmoid")])
def test_a_clean_page_is_never_accused(tmp_path, hidden, output, digits):
    net = network(tmp_path, hidden, output)
    marking = mark(page(net, digits).text, net)
    assert not marking.findings
    assert marking.counts["wrong"] == 0
    assert sum(marking.counts.values()) > 30


@pytest.mark.parametrize("digits", [4, 6])
@pytest.mark.parametrize("code", [code for code, slip in SLIPS.items() if slip.rewrites is not None])
def test_every_slip_is_found_and_named_where_it_is(tmp_path, code, digits):
    net = network(tmp_path)
    if code == "missing_weight_decay":
        net = wk.load(_with_decay(tmp_path))

    def plant(ledger, q, formula):
        unit = 10.0**-digits
        for made in SLIPS[code].rewrites(ledger, q, formula):
            value = ledger.number(substitute(made, lambda part: part))
            if abs(value - ledger.number(formula)) > 20 * unit:
                return made
        return None

    planted = page(net, digits, plant)
    assert planted.line is not None, "this slip can be planted nowhere"
    marking = mark(planted.text, net)
    assert marking.first is not None
    found = as_json(marking)["findings"]
    assert [finding["line"] for finding in found] == [planted.line]
    assert code in found[0]["candidates"], found[0]


def _with_decay(tmp_path):
    path = tmp_path / "decay.toml"
    text = NETWORK.format(hidden="sigmoid", output="sigmoid").replace("learning_rate", "l2 = 0.3\nlearning_rate", 1)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_report_quotes_the_wrong_link_and_nothing_else(tmp_path):
    net = network(tmp_path)
    text = page(net, 6).text
    line = next(line for line in text.splitlines() if line.startswith("dC/dW_211"))
    *_, result = line.split(" = ")
    wrong = text.replace(line, line.removesuffix(result) + "-" + result)
    (found,) = as_json(mark(wrong, net))["findings"]
    assert found["kind"] == "sign"
    assert found["quote"] == " = ".join(line.split(" = ")[1:2]) + " = -" + result
    assert (found["claimed"], found["expected"]) == ("-" + result, result)
    assert found["first"] is True


def test_the_public_function_takes_a_shipped_name_and_prints_as_the_report():
    marking = wk.mark("net_h1 = 0.15*0.05 + 0.20*0.10 = 0.0275\n", network="two-two-two")
    assert "Line 1, first wrong step: missing bias, at z[1][1]" in str(marking)
    assert repr(marking) == "<Marking: 2 numbers checked, 1 slips; print() shows the report>"
    assert marking._repr_html_().startswith("<pre>Convention: ")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("carried", [True, False])
def test_the_line_of_the_convention_fits_a_terminal(mode, carried):
    assert len(f"Convention: {Convention(12, mode, carried).sentence()}.") <= 80


def test_without_a_network_arithmetic_is_checked_all_the_same():
    marking = mark("z = 0.5*3 + 0.1 = 1.7\n\na = sigmoid(1.7) = 0.8455\n")
    (finding,) = marking.findings
    assert (finding.claimed, finding.expected) == ("1.7", "1.6")


@pytest.mark.skipif(
    not CORPUS.exists(), reason="the labelled documents are not here; say where: WORKINGS_CORPUS=folder"
)
def test_the_labelled_documents():
    score = [sys.executable, str(CORPUS / "score.py"), str(Path(sys.executable).with_name("workings")), str(CORPUS)]
    said = subprocess.run(score, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    assert "false accusations 0" in said
    assert "clean documents left alone 3/3" in said
    located = int(said.partition("located ")[2].partition("/")[0])
    assert located >= 20, said

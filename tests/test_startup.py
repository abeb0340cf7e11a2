"""What a command loads, seen from a fresh interpreter: a quick start is a matter of what is left unimported."""

import json
import subprocess
import sys

import pytest

HELP = {"click", "colorama"}  # colorama is click's own, on Windows
EXPLAIN = HELP | {"numpy", "rich", "pygments", "markdown_it", "mdurl"}  # the last three are rich's own

PROBE = """
import json, sys
before = set(sys.modules)
from workings.cli.main import run
status = run(sys.argv[1:])
new = [name for name in sys.modules if name not in before and getattr(sys.modules[name], "__file__", None)]
names = {name.partition(".")[0] for name in new} - set(sys.stdlib_module_names) - {"workings"}
print(json.dumps([status, sorted(names)]), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> set[str]:
    """The packages, other than Python's own, that a command loads."""
    finished = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, encoding="utf-8", check=True, timeout=120
    )
    status, names = json.loads(finished.stderr.splitlines()[-1])
    assert status == 0, finished.stderr
    return set(names)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["explain", "--help"], ["train", "--help"]], ids=" ".join
)
def test_help_loads_only_click(arguments):
    assert loaded_by(*arguments) <= HELP


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "two-two-two"],
        ["explain", "two-two-two", "--form", "matrix"],
        ["explain", "two-three-one", "--digits", "4", "--carry"],
        ["explain", "two-two-two", "--format", "json"],
        ["explain", "two-two-two", "w5", "--update", "3"],
        ["draw", "two-two-two"],
        ["check", "two-two-two"],
        ["new", "2-3-1"],
        ["train", "two-two-two", "--updates", "2"],
    ],
    ids=" ".join,
)
def test_a_small_network_loads_only_numpy_and_rich(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert loaded_by(*arguments) <= EXPLAIN


def test_the_probe_sees_what_is_loaded():
    assert "click" in loaded_by("--help")
    assert "numpy" in loaded_by("explain", "two-two-two", "w5")

"""Ctrl-C, sent to a real process: what was trained is kept, whatever it was at; nothing ends in a traceback."""

import json
import random
import signal
import subprocess
import sys
import time

import pytest

from workings.engine.model import Model
from workings.engine.run_folder import RunFolder

COMMAND = [sys.executable, "-c", "import sys; from workings.cli.main import main; main(sys.argv[1:])"]
LONGEST = 120
"""Seconds; nobody waits so long, but a busy machine may."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a Ctrl-C goes to all processes of a console there")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    generator = random.Random(0)
    rows = [f"{generator.gauss(0, 1):.3f},{generator.gauss(0, 1):.3f},{generator.choice('ab')}" for _ in range(200)]
    (tmp_path / "t.csv").write_text("\n".join(["x,y,kind", *rows]) + "\n", encoding="utf-8")
    return tmp_path


def start(*arguments, **pipes):
    return subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **pipes
    )  # fmt: skip


def begun(process, folder):
    """Wait until a training has written its first checkpoint, and a little longer."""
    end = time.monotonic() + LONGEST
    while not list(folder.glob("run/checkpoint-*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.5)


def interrupted(process, times=1):
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    out, err = process.communicate(timeout=LONGEST)
    assert "Traceback" not in err, err
    return process.returncode, out, err


@pytest.mark.parametrize(
    ("times", "options"),
    [
        (1, ("--batch-size=1", "--layers=4")),
        (1, ("--batch-size=100", "--layers=300", "--threads=2", "--optimizer=adam")),
        (3, ()),
    ],
    ids=["one by one", "threads", "several times at once"],
)
def test_a_training_on_data_ends_saves_its_model_and_goes_on_when_asked_to(folder, options, times):
    command = ("train", "t.csv", "--epochs", "1000000", "-o", "m", "--checkpoint", "run", "--patience=900000", *options)
    process = start(*command)
    begun(process, folder)
    status, out, err = interrupted(process, times)
    assert (status, out[:18]) == (130, "held-out accuracy "), err
    assert "note: stopped after " in err and "saved m" in err
    updates = Model.load("m").facts["updates"]
    assert RunFolder(folder / "run").latest().update == updates > 0
    resumed = start(*command, "--resume")
    time.sleep(2)
    assert interrupted(resumed)[0] == 130
    assert RunFolder(folder / "run").latest().update >= updates


def test_a_training_of_an_example_ends_and_prints_what_it_has(folder):
    process = start("train", "two-two-two", "--updates", "20000000000", "--checkpoint", "run", "--json", "-o", "m")
    begun(process, folder)
    status, out, err = interrupted(process)
    content = json.loads(out)
    assert (status, content["stopped"]) == (130, True), err
    assert content["history"][-1]["update"] == content["updates"] == Model.load("m").facts["updates"]


def test_while_checkpoints_are_written_none_is_left_half(folder):
    script = (
        "from workings.engine import run_folder; run_folder.RunFolder.is_due = lambda folder: True\n"
        "import sys; from workings.cli.main import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", script, "train", "t.csv", "--epochs=100000", "--checkpoint=run", "-o", "m"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    begun(process, folder)
    assert interrupted(process)[0] == 130
    assert RunFolder(folder / "run").latest().update == Model.load("m").facts["updates"]
    assert not list(folder.glob("run/.*"))


@pytest.mark.parametrize("module", ["signal", "workings.cli.main", "click", "workings.cli.watch", "numpy"])
def test_while_modules_are_loaded_it_stops_at_once(module):
    script = (
        "import os, sys\n"
        "class Interrupts:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), 2)\n"
        "sys.meta_path.insert(0, Interrupts())\n"
        f"sys.modules.pop({module!r}, None)\n"
        "from workings.cli.start import main; main()"
    )
    command = [sys.executable, "-c", script, "train", "two-two-two", "--updates", "1"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr.strip()) == (130, "", "workings: stopped")


def test_where_a_shell_ignores_ctrl_c_it_stays_ignored():
    script = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from workings.cli import start, main; main.main = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "start.main()"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=LONGEST, check=False).returncode == 0


def test_while_a_table_is_read_it_stops_at_once():
    process = start("train", "-", stdin=subprocess.PIPE)
    process.stdin.write("x,y\n1,2\n")
    process.stdin.flush()
    time.sleep(2)
    status, out, err = interrupted(process)
    assert (status, out, err.strip()) == (130, "", "workings: stopped")

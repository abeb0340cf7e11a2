"""What a script must not do ends in one sentence, and harms nothing."""

import sys

import numpy as np
import pytest

if sys.platform == "win32":
    pytest.skip("scripts are run where processes have limits", allow_module_level=True)

from workings.marking.code.sandbox import Limits, run

SHORT = Limits(seconds=1, memory=2**30)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("while True: pass", "end in 1 seconds"),
        ("import time\ntime.sleep(60)", "end in 1 seconds"),
        ("import numpy as np\nnp.ones(10**11)", "memory"),
        ("b'x' * 10**11", "memory"),
        ("import os\nos.fork()", "start a process"),
        ("import os\nos.system('true')", "start a process"),
        ("import subprocess\nsubprocess.run(['true'])", "start a process"),
        ("import multiprocessing\nmultiprocessing.Process(target=print).start()", "start a process"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "network connection"),
        ("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')", "network connection"),
        ("import os\nos.kill(os.getppid(), 0)", "send a signal"),
        ("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (9, 9))", "change its limits"),
        ("import ctypes\nctypes.CDLL(None)", "machine code"),
        ("import os\nos._exit(0)", "before its last line"),
        ("import os\nos.abort()", "broke off"),
        ("def f(): return f()\nf()", "RecursionError"),
        ("input()", "EOFError"),
        ("for i in range(1000): open(f'{i}', 'w').close()", "very many files"),
        ("with open('big', 'wb') as f:\n    for i in range(100): f.write(bytes(10**6))", "OSError"),
    ],
)
def test_what_is_not_allowed_is_one_sentence(script, reason):
    outcome = run("before = 2.5\n" + script, SHORT)
    assert reason in (outcome.reason or "")
    assert "\n" not in outcome.reason
    assert [record.name for record in outcome.records][:1] == ["before"]  # what it had by then is kept


@pytest.mark.parametrize(
    "change",
    [
        "import os\nos.remove({path!r})",
        "import pathlib\npathlib.Path({path!r}).unlink()",
        "import shutil, os\nshutil.rmtree(os.path.dirname({path!r}))",
        "open({path!r}, 'w')",
        "import os\nos.open({path!r}, os.O_WRONLY | os.O_TRUNC)",
        "import os\nos.rename({path!r}, 'mine')",
        "import os\nos.truncate({path!r}, 0)",
        "try:\n    open({path!r}, 'a').write('x')\nexcept Exception:\n    pass",
        "import os\nos.symlink({path!r}, 'link')\nopen('link', 'w')",
    ],
)
def test_files_of_others_stay_as_they_are(tmp_path, change):
    precious = tmp_path / "precious.txt"
    precious.write_text("precious", encoding="utf-8")
    outcome = run(change.format(path=str(precious)), SHORT)
    assert "outside of its own folder" in (outcome.reason or "")
    assert precious.read_text(encoding="utf-8") == "precious"


def test_what_is_caught_is_told_all_the_same():
    outcome = run("import socket\ntry:\n    socket.socket()\nexcept BaseException:\n    pass\n", SHORT)
    assert "network connection" in outcome.reason


@pytest.mark.parametrize(
    "script",
    [
        "print('x' * 10_000_000)",
        "import sys\nsys.exit(3)",
        "with open('own.txt', 'w') as f: f.write('x')\nimport os\nos.remove('own.txt')",
        "import os\nassert 'HOME' in os.environ and len(os.environ) < 20",
    ],
)
def test_what_harms_nobody_is_allowed(script):
    assert run(script, SHORT).reason is None


def test_values_are_taken_down_as_they_were_at_that_moment():
    outcome = run("import numpy as np\nW = np.zeros((2, 1))\nW -= 1.5\na, (b,) = 1.5, [2]\nc = [W, W]\n", SHORT)
    found = [(record.name, record.value.tolist(), record.site.start[0]) for record in outcome.records]
    assert found == [
        ("W", [[0.0], [0.0]], 2),
        ("W", [[-1.5], [-1.5]], 3),
        ("a", 1.5, 4),
        ("b", [2.0], 4),
        ("c[0]", [[-1.5], [-1.5]], 5),
        ("c[1]", [[-1.5], [-1.5]], 5),
    ]


def test_a_long_loop_leaves_few_records():
    outcome = run("x = 0.0\nfor i in range(100_000):\n    x += 1.5\n", Limits(seconds=5))
    assert outcome.reason is None
    assert len(outcome.records) < 100
    assert np.isclose(outcome.records[-1].value, 1.5 * (len(outcome.records) - 1))

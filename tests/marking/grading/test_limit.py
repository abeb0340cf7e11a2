"""What takes too long is stopped, and what does not is left alone."""

import subprocess
import sys
import threading

import pytest

from workings.marking.grading.limit import TooLong, within


def test_what_ends_in_time_is_not_stopped_later():
    with within(0.05):
        pass
    sum(range(3_000_000))


@pytest.mark.skipif(sys.platform == "win32", reason="this system tells nobody how long something took")
def test_what_takes_too_long_is_stopped():
    with pytest.raises(TooLong), within(0.05):
        while True:
            pass


def test_in_another_thread_there_is_no_limit():
    done = []

    def work():
        with within(0.01):
            done.append(sum(range(1_000_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


def test_a_process_that_no_signal_interrupts_is_ended():
    program = (
        "import sys; from workings.marking.grading.limit import ending_process_after\n"
        "with ending_process_after(0.2): 7 ** 50_000_000"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (1, b"")

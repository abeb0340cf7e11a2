import signal
from dataclasses import replace

import pytest

from workings.cli import watch as watch_module
from workings.cli.watch import Watch
from workings.engine.progress import Moment, Progress


def progress(update, is_new=False):
    moment = Moment(update, 1, 0.5, 0.5, score=0.9, train_score=0.95)
    return Progress(update, 100, 1, 10, (moment,), is_new, lambda: None)


def test_without_a_terminal_there_is_no_bar(capsys):
    with Watch() as watch:
        watch.rows("reading")(5_000)
        assert watch.training(progress(1)) is False
        watch.say("something odd")
    assert capsys.readouterr() == ("", "note: something odd\n")


def test_on_a_terminal_the_bar_is_drawn_on_stderr(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with Watch("accuracy") as watch:
        watch.rows("reading")(5_000)
        watch.training(progress(10, is_new=True))
    out, err = capsys.readouterr()
    assert out == ""
    assert "epoch 1 of 10  cost 0.5  held-out accuracy 0.900  training accuracy 0.950" in err


def test_that_the_compiler_is_waited_for_is_said_and_can_be_broken_off(capsys):
    before = signal.getsignal(signal.SIGINT)
    with Watch() as watch:
        assert watch.training(replace(progress(0), is_compiling=True)) is False
        assert signal.getsignal(signal.SIGINT) is before
    assert capsys.readouterr().err.startswith("note: so long a training is compiled for this machine first, once")


def test_ctrl_c_asks_for_an_end_and_a_later_one_breaks_in(monkeypatch):
    monkeypatch.setattr(watch_module.time, "monotonic", lambda: next(clock))
    before, clock = signal.getsignal(signal.SIGINT), iter([100.0, 100.5, 100.5, 102.0])
    with Watch() as watch:
        assert signal.getsignal(signal.SIGINT) is before  # reading a table can be broken off at once
        watch.training(progress(1))
        signal.raise_signal(signal.SIGINT)
        assert watch.training(progress(2)) is True
        signal.raise_signal(signal.SIGINT)  # at once: the same
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_while_the_results_are_saved_one_ctrl_c_is_let_pass():
    with Watch() as watch:
        watch.training(progress(1))
        signal.raise_signal(signal.SIGINT)
        watch.finish()
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

"""The command ``workings``: its subcommands, and the one place where an error becomes a sentence and an exit status."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import warnings
from collections.abc import Sequence

import click

from workings import __version__
from workings.cli.check import check
from workings.cli.demo import demo
from workings.cli.draw import draw
from workings.cli.explain import explain
from workings.cli.mark import mark
from workings.cli.new import new
from workings.cli.predict import predict
from workings.cli.start import INTERRUPTED, STOPPED
from workings.cli.train import train
from workings.errors import WorkingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", message="%(prog)s %(version)s")
def workings() -> None:
    """Backpropagation, step by step.

    FILE is a network file (network.toml), a shipped example such as two-two-two, or a trained model.
    """


COMMANDS: tuple[click.Command, ...] = (explain, draw, train, predict, check, mark, new, demo)
for _command in COMMANDS:
    workings.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status: 0 fine, 1 the answer is no, 2 it could not be done."""
    gc.set_threshold(50_000)  # start-up makes many lasting objects and no garbage: looking through them takes its time
    status = run(arguments)
    with contextlib.suppress(ValueError):  # outside of the main thread there are no signals
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done; a late Ctrl-C is not to look like a crash
    sys.exit(status)


def _tell(message: Warning | str, *_: object) -> None:
    """A warning, as a remark like all others."""
    click.echo(f"note: {message}", err=True)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; what goes wrong is told in one sentence on stderr."""
    stdout = sys.stdout
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _tell  # type: ignore[assignment]  # what it leaves out is not shown
            status = workings.main(args=arguments, prog_name="workings", standalone_mode=False)
        sys.stdout.flush()
    except WorkingsError as error:
        click.echo(f"workings: {error}", err=True)
        return error.exit_status
    except click.ClickException as error:
        error.show()
        return 2
    except MemoryError:
        click.echo(
            "workings: there is not enough memory for this: try fewer neurons, or fewer rows at a time", err=True
        )
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo(STOPPED, err=True)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit) as end:
        # The reader (head, less) has seen enough; inside a command click makes a SystemExit of it. Nothing more can be
        # written, not even by Python's own last flush.
        if isinstance(end, SystemExit) and sys.stdout is stdout:
            raise  # click exchanges stdout when it finds the pipe broken
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0

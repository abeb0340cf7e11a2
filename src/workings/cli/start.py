"""The command from its first moment on: a Ctrl-C while its modules are being loaded ends it in one line too.

Loads next to nothing itself; what ends a command later is told in ``workings.cli.main``.
"""

from __future__ import annotations

import os

INTERRUPTED = 130
"""The exit status after a Ctrl-C, as shells have it: 128 and the number of the signal."""

STOPPED = "workings: stopped"


def main() -> None:
    """Run the command line, as :func:`workings.cli.main.main` does, and answer for Ctrl-C until that can."""
    try:
        import signal

        # Raised amid an import, a KeyboardInterrupt may get lost in a callback; nothing has to be kept yet.
        usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where a shell ignores it
        if usual:
            signal.signal(signal.SIGINT, _leave)
        from workings.cli.main import main as run

        if usual:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except KeyboardInterrupt:
        _leave()


def _leave(*_: object) -> None:
    try:
        os.write(2, f"\n{STOPPED}\n".encode())  # below the ^C that a terminal shows, as click has it
    finally:
        os._exit(INTERRUPTED)

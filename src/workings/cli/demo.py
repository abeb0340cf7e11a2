"""The command ``demo``: a tour of the other commands, on a network small enough to follow and then on real data."""

from __future__ import annotations

import click

TOUR = (
    ("A network small enough to follow: every step of its first update.", "explain two-two-two"),
    ("The same network, trained on its one example.", "train two-two-two --updates 10000"),
    (
        "Real data: 1,797 handwritten digits, 8 x 8 grey values each.",
        "train digits --layers 100 --epochs 30 -o digits.model",
    ),
    (
        "One gradient of that network for one of those digits, and what it comes from.",
        "explain digits.model --data digits --sample 17 'dC/dW[1][3,5]' 'delta[1][3]' 'dC/da[1][3]'",
    ),
)


@click.command()
def demo() -> int:
    """Show what workings does: explain and train a small network, then one for handwritten digits.

    Takes about half a minute, and leaves nothing behind. The digits come with scikit-learn, which the extra
    workings[train] installs.
    """
    import contextlib
    import shlex
    import tempfile

    # chdir, so that the commands shown are short enough to be typed; a file still mapped cannot be deleted on Windows.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.chdir(folder):
        for remark, command in TOUR:
            if status := _show(remark, shlex.split(command)):
                return status
    return 0


def _show(remark: str, arguments: list[str]) -> int:
    """Print a command, run it, and return its exit status."""
    import shlex

    from workings.cli.main import run

    click.secho(f"# {remark}", bold=True)
    click.secho(f"$ {shlex.join(['workings', *arguments])}", bold=True)
    status = run(arguments)
    click.echo()
    return status

"""The command ``check``: a gradient check that says what is wrong, and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workings.derivation.gradient_check import GradientCheck
    from workings.network.network import Network

_WORTH_A_BAR = 5_000  # gradients, about a second


@click.command(
    epilog="""\b
    Examples:
      workings check two-two-two
      workings check net.toml --with my_activations.py
      workings check digits.model --data digits --sample 17
    """
)
@click.argument("file")
@click.option("--with", "own", metavar="PY", help="A Python file with activations and losses of your own; it is run.")
@click.option("--data", metavar="FILE", help="With a trained model: the data to work through.")
@click.option("--sample", type=click.IntRange(1), metavar="I", help="Row I of the data.")
def check(file: str, own: str | None, data: str | None, sample: int | None) -> int:
    """Check every gradient of FILE against differences of the cost.

    Backpropagation says how fast the cost changes with each weight and bias; here each is moved a little to either
    side and the cost is looked at. Where the two disagree, the first quantity that is wrong is named, and why. The
    exit status is 0 when nothing is wrong and 1 when something is.
    """
    from pathlib import Path

    from workings.cli.output import write_result
    from workings.cli.source import network_of
    from workings.network.user_records import blaming, load_records

    if sample is not None and data is None:
        raise click.UsageError("--sample is a row of the --data that goes with a trained model")
    if own is None:
        network = network_of(file, data, sample)
        found = _checked(network)
    else:
        network = network_of(file, data, sample, load_records(own))
        with blaming(Path(own)):
            found = _checked(network)
    write_result("".join(f"{line}\n" for line in _report(network, found)), None)
    return 0 if found.agrees else 1


def _checked(network: Network) -> GradientCheck:
    """The check, with a progress bar on stderr where somebody watches and it takes a while."""
    from workings.derivation.gradient_check import gradient_check

    size = network.parameters.flat.size
    if size < _WORTH_A_BAR or not sys.stderr.isatty():
        return gradient_check(network)
    with click.progressbar(length=size, label="gradients", file=sys.stderr) as bar:
        return gradient_check(network, lambda done, total: bar.update(done - bar.pos))


def _report(network: Network, found: GradientCheck) -> Iterator[str]:
    objective = "J = C + R" if network.has_penalty else "C"
    size, checked = (sum(getattr(array, field) for array in found.arrays) for field in ("size", "checked"))
    if found.arrays:
        yield f"{size:,} gradients of {objective}: backpropagation against central differences"
        yield ""
        yield f"{'gradients':<10} {'number':>9}  {'norm':>9}  {'largest difference':>18}  {'share of the norm':>17}"
        for array in found.arrays:
            row = f"{array.quantity!s:<10} {array.size:>9,}  {array.norm:>9.3g}  "
            yield row + f"{array.largest:>18.1e}  {array.relative:>17.1e}" + ("" if array.agrees else "  wrong")
        yield ""
    if checked < size:
        yield _wrapped(f"It would take hours to look at all of them; this is a sample of {checked:,}.")
    hidden = sum(array.hidden for array in found.arrays)
    if found.obstacle:
        which = f"{hidden:,} of the gradients" if hidden else "This"
        yield _wrapped(f"{which} cannot be checked here: {found.obstacle.sentence}.")
    if found.fault:
        yield _wrapped(f"Wrong: {found.fault.sentence}.")
    elif found.arrays:
        which = "The others agree" if hidden else "They agree"
        yield _wrapped(f"{which}: none is off by more than a millionth of its array's norm.")


def _wrapped(sentence: str) -> str:
    import textwrap

    return textwrap.fill(sentence, 80, break_long_words=False, break_on_hyphens=False)

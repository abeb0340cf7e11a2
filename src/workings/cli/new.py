"""``workings new``: a commented network file to fill in, with sensible numbers already in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workings.network.network import Network


@click.command()
@click.argument("sizes", required=False)
@click.option("--from", "source", metavar="DOCUMENT", help="Write the network that a worked solution is about.")
@click.option("-o", "--output", metavar="FILE", help="Write to this file instead of the terminal.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.option("--activation", metavar="A", default="sigmoid", show_default=True, help="Of the hidden layers.")
@click.option("--output-activation", metavar="A", help="Of the last layer; what goes with the loss when left out.")
@click.option("--loss", metavar="L", default="half_squared_error", show_default=True, help="What a wrong output costs.")
@click.option("--notation", metavar="N", default="textbook", show_default=True, help="How the numbers are called.")
@click.option("--seed", metavar="S", type=click.IntRange(min=0), help="The same seed draws the same numbers.")
def new(
    *,
    sizes: str | None,
    source: str | None,
    output: str | None,
    force: bool,
    activation: str,
    output_activation: str | None,
    loss: str,
    notation: str,
    seed: int | None,
) -> None:
    """Write a network file to fill in.

    SIZES counts the inputs, then the neurons of each layer: 2-3-1. The file explains every field, and the numbers in
    it are drawn at random, so that it can be explained and trained as it is. With --from the numbers are those that
    DOCUMENT gives; where no network is found in it, what is missing is told and the exit status is 2.
    """
    from workings.cli.output import write_result
    from workings.network.draft import draft
    from workings.network.network_dump import dump

    if (sizes is None) == (source is None):
        raise click.UsageError("either SIZES or --from DOCUMENT says which network to write")
    if source is not None:
        network = _found_in(source)
    else:
        network = draft(
            _read_sizes(str(sizes)),
            activation=activation,
            output_activation=output_activation,
            loss=loss,
            notation=notation,
            seed=seed,
        )
    if output not in (None, "-") and not force:
        _refuse_existing(str(output))
    write_result(dump(network), output)


def _found_in(source: str) -> Network:
    """The network of a document, called by its first line."""
    from dataclasses import replace

    from workings.cli.document import document_of
    from workings.errors import InputError
    from workings.marking.document import Document
    from workings.marking.reading.chains import read_chains
    from workings.marking.reading.claims import claims
    from workings.marking.recovery.recover import missing, recover

    written = document_of(source)
    document = Document.of(written.as_marked, written.name)
    found = list(claims(read_chains(document).chains))
    network = recover(document, found)
    if network is None:
        raise InputError(f"{source} shows no network: {missing(document, found)}")
    lines = (line.strip(" #*%=\t") for line in document.text.splitlines())
    return replace(network, title=next((line for line in lines if line), "")[:100])


def _read_sizes(text: str) -> list[int]:
    """``2-3-1`` as [2, 3, 1]."""
    import re

    from workings.errors import InputError

    example = "Sizes look like 2-3-1: two inputs, three hidden neurons, one output"
    if not re.fullmatch(r"[0-9]{1,9}(-[0-9]{1,9})*", text):
        raise InputError(f"{text!r} is no list of sizes: whole numbers with dashes between them. {example}")
    sizes = [int(size) for size in text.split("-")]
    if len(sizes) < 2:
        raise InputError(f"{text!r} counts only the inputs; a network has at least one layer after them. {example}")
    if 0 in sizes:
        raise InputError(f"{text!r} has a layer of 0 neurons; each must have at least 1. {example}")
    return sizes


def _refuse_existing(output: str) -> None:
    from pathlib import Path

    from workings.errors import InputError

    try:
        exists = Path(output).exists()
    except OSError:
        return  # writing it will tell what is wrong with the name
    if exists:
        raise InputError(f"{output} exists already; --force overwrites it")

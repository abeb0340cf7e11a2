"""workings draw: a network and its numbers as a picture."""

from __future__ import annotations

import click


@click.command(
    epilog="""\b
    Examples:
      workings draw two-two-two -o net.svg
      workings draw two-three-one --backward -o net.svg
    """
)
@click.argument("file")
@click.option("--backward", is_flag=True, help="Show the gradients and the new weights and biases too.")
@click.option("--notation", metavar="NAME", help="textbook, numbered, net-out or textbook-from-1; else the file's own.")
@click.option("--data", metavar="FILE", help="With a trained model: the data to work through.")
@click.option("--sample", type=click.IntRange(1), metavar="I", help="Row I of the data, or sample I of a batch.")
@click.option("-o", "--output", metavar="SVG", help="Write to a file instead of the screen.")
def draw(  # noqa: PLR0917
    file: str, backward: bool, notation: str | None, data: str | None, sample: int | None, output: str | None
) -> None:
    """Draw a network with its numbers as SVG, which every browser shows.

    Inputs, weights, biases, weighted inputs, activations, targets and the cost, each in its place. Layers of more than
    four neurons are folded.
    """
    from workings.cli.output import refuse_ending, refuse_overwriting, write_result
    from workings.cli.source import network_of
    from workings.derivation.trace import Trace
    from workings.network.network import lookup
    from workings.network.notations import NOTATIONS
    from workings.presentation.diagram import draw as drawn

    refuse_overwriting(output, file, data)
    refuse_ending(output, [".svg"])
    network = network_of(file, data, sample)
    names = lookup(NOTATIONS, notation or network.notation, "notation")
    of_batch = sample - 1 if sample is not None and data is None else None
    write_result(drawn(Trace(network), names, backward=backward, sample=of_batch), output)

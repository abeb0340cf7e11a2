"""workings explain: a training step, or one number of it, as symbol = formula = numbers = result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workings.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from workings.presentation.lesson import Lesson

MOST_STEPS = 10_000
"""A lesson with more steps than this is not printed to a screen."""

TRIED = 100
"""Updates that are timed before many are repeated."""

WORTH_A_NOTE = 2.0
"""Seconds; a wait that is longer is announced."""


@click.command(
    epilog="""\b
    Examples:
      workings explain two-two-two
      workings explain two-two-two w5 dE/dw5
      workings explain two-three-one --digits 4 --carry
      workings explain digits.model --data digits --sample 17 dC/dW:1:3,5
      workings explain RUN --update 1234 --sample 5 'W+[2][1,3]'
    """
)
@click.argument("file")
@click.argument("quantities", nargs=-1, metavar="[QUANTITY]...")
@click.option("--notation", metavar="NAME", help="textbook, numbered, net-out or textbook-from-1; else the file's own.")
@click.option(
    "--form", type=click.Choice(["scalar", "matrix"]), default="scalar", help="One number at a time, or matrices."
)
@click.option("--only", type=click.Choice(["forward", "backward", "update"]), help="Only this part.")
@click.option("--upto", type=click.IntRange(1), metavar="STEP", help="Stop after this numbered backward step.")
@click.option(
    "--depth", type=click.Choice(["steps", "rules"]), default="steps", help="rules: show the differentiation too."
)
@click.option("--layer", type=click.IntRange(1), metavar="L", help="Only this layer.")
@click.option("--digits", type=click.IntRange(0, 50), metavar="D", help="Decimals.")
@click.option("--figures", type=click.IntRange(1, 50), metavar="F", help="Significant figures, instead of decimals.")
@click.option(
    "--rounding",
    type=click.Choice(["half-up", "half-even", "truncate"]),
    default="half-up",
    help="half-up rounds away from zero.",
)
@click.option("--carry", is_flag=True, help="Round every result before it is used again, as one does by hand.")
@click.option(
    "--update", type=click.IntRange(1), default=1, metavar="N", help="The N-th update of the example, or of a run."
)
@click.option("--optimizer", metavar="O", help="What makes the updates: adam, momentum:momentum=0.95; else the file's.")
@click.option(
    "--clip-norm", type=float, metavar="C", help="The longest that the whole gradient may be; else the file's."
)
@click.option(
    "--clip-value",
    type=float,
    metavar="C",
    help="The largest that each gradient may be, in either direction; else the file's.",
)
@click.option("--schedule", metavar="S", help="Of the learning rate: step:every=10, exponential; else the file's.")
@click.option("--data", metavar="FILE", help="With a trained model: the data to work through.")
@click.option("--sample", type=click.IntRange(1), metavar="I", help="Row I of the data, or sample I of a batch.")
@click.option(
    "--format",
    "medium",
    type=click.Choice(["text", "markdown", "latex", "json"]),
    help="Else by OUT's ending, else text.",
)
@click.option("-o", "--output", metavar="OUT", help="Write to a file instead of the screen.")
def explain(  # noqa: PLR0917
    file: str,
    quantities: tuple[str, ...],
    data: str | None,
    sample: int | None,
    medium: str | None,
    output: str | None,
    **options: Any,
) -> None:
    """Show every step of one training step, or how single numbers came about.

    QUANTITY is an address or a name in the notation: dC/dW[2][1,3], delta[1], w5, dE/dw5, net_h1.
    """
    from workings.cli.output import refuse_ending, refuse_overwriting
    from workings.cli.source import course_of
    from workings.presentation.explain import explain as explained
    from workings.presentation.media import MEDIA, medium_of_file

    refuse_overwriting(output, file, data)
    if medium is None:
        refuse_ending(output, [ending for each in MEDIA.values() for ending in each.suffixes])
    network, is_recorded = course_of(file, data, sample)
    of_batch = sample if data is None else None

    def at(update: int) -> Lesson:
        return explained(network, *quantities, sample=of_batch, **options | {"update": update})

    lesson = at(1)
    asked = (quantity.update or 1 for quantity in lesson.request.quantities)
    if not is_recorded:
        _announce(at, max(options["update"], *asked, 1))
    if options["update"] != 1:
        lesson = at(options["update"])
    chosen = MEDIA[medium] if medium else (medium_of_file(output) if output else None) or MEDIA["text"]
    if output is None and not chosen.is_complete:
        _refuse_a_flood(lesson)
    show(lesson, chosen.name, output)


def _announce(at: Callable[[int], Lesson], update: int) -> None:
    """Say how many updates come before the one that is explained, and about how long they take, if it is long."""
    from time import perf_counter

    from workings.cli.source import tell

    if update <= TRIED:
        return
    at(2)  # what is only loaded once is not to be counted
    start = perf_counter()
    at(TRIED)
    seconds = (perf_counter() - start) / TRIED * update
    if seconds > WORTH_A_NOTE:
        wait = f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
        tell(f"{update - 1:,} updates are made first, in about {wait}")


def show(lesson: Lesson, medium: str, output: str | None) -> None:
    """Render a lesson to a file or to the screen, in colour where the screen is a terminal."""
    import sys

    from workings.cli.output import write_result
    from workings.presentation.media import MEDIA

    if medium == "text" and output is None and sys.stdout.isatty():
        from workings.cli.colour import print_lesson

        print_lesson(lesson)
    else:
        write_result(MEDIA[medium].render(lesson), output)


def _refuse_a_flood(lesson: Lesson) -> None:
    from itertools import islice

    request, network = lesson.request, lesson.network
    if request.quantities or request.form == "matrix":
        return
    if sum(1 for _ in islice(lesson.wanted(), MOST_STEPS + 1)) > MOST_STEPS:
        raise InputError(
            f"{network.parameters.flat.size:,} parameters would be over {MOST_STEPS:,} steps. Ask for one number "
            f"('dC/dW[{network.depth}][1,1]'), one --layer, matrices (--form matrix), or write it to a file (-o)"
        )

"""explain: what a reader asked for, checked and made into a lesson."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workings.algebra.rounding import Rounding
from workings.derivation.order import last_number
from workings.derivation.trace import Course, Repeated
from workings.errors import InputError
from workings.network.clipping import Clipping, clipping_of
from workings.network.network import Network, lookup
from workings.network.notations import NOTATIONS
from workings.network.optimizers import Optimizer, chosen_optimizer
from workings.network.own_trial import try_own_records
from workings.network.schedules import Schedule, chosen_schedule
from workings.presentation import scalar_lesson
from workings.presentation.blocks import Block
from workings.presentation.display import Display
from workings.presentation.lesson import Lesson, worked_through
from workings.presentation.naming import quantity_named
from workings.presentation.request import PARTS, Request


def _in_matrices(lesson: Lesson) -> Iterator[Block]:
    from workings.presentation import matrix_lesson  # most lessons are scalar, and start-up time counts

    return matrix_lesson.blocks(lesson)


FORMS = {"scalar": scalar_lesson.blocks, "matrix": _in_matrices}
DEPTHS = {"steps": "each number once", "rules": "the differentiations too"}
NOTATION_OF_FORM = {"matrix": "textbook"}
"""Matrix equations have one customary notation; scalar ones take the file's."""


def explain(
    network: Network | Course,
    *quantities: str,
    notation: str | None = None,
    digits: int | None = None,
    figures: int | None = None,
    rounding: str = "half-up",
    carry: bool = False,
    update: int = 1,
    form: str = "scalar",
    depth: str = "steps",
    only: str | None = None,
    upto: int | None = None,
    layer: int | None = None,
    sample: int | None = None,
    optimizer: str | Optimizer | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    schedule: str | Schedule | None = None,
) -> Lesson:
    """Explain a training step of a network on its example.

    Parameters
    ----------
    network : Network or RecordedRun
        With an example; or a run that was kept in a folder, whose updates are shown as they were made.
    *quantities : str
        Addresses (``"dC/dW[2][1,1]"``) or names in the notation (``"w5"``); the whole step when none is given.
    notation : str, optional
        A name in ``NOTATIONS``; when left out the network's own, and the textbook's for matrices.
    digits, figures : int, optional
        Decimals, or significant figures.
    rounding : {"half-up", "half-even", "truncate"}
    carry : bool
        Round every named quantity and carry the rounded value on; needs digits or figures.
    update : int
        Which update of the example, from 1.
    form : {"scalar", "matrix"}
    depth : {"steps", "rules"}
        "rules" shows the differentiations too.
    only : {"forward", "backward", "update"}, optional
    upto : int, optional
        Stop after this numbered backward step.
    layer, sample : int, optional
        Only what belongs to this layer or this sample of a batch, both from 1.
    optimizer : str or Optimizer, optional
        What makes the updates: ``"adam"``, ``"momentum:momentum=0.95"``; the example's own when left out.
    clip_norm, clip_value : float, optional
        One of the two: the longest that the whole gradient may be, or the largest that each of its numbers may be. The
        example's own when left out.
    schedule : str or Schedule, optional
        What becomes of the learning rate: ``"step:every=10"``, counted in updates; the example's own when left out.

    Raises
    ------
    InputError
        For options that contradict each other, or a network without an example.
    AddressError
        For a quantity the network does not have.
    """
    clipping = clipping_of(clip_norm=clip_norm, clip_value=clip_value)
    if isinstance(network, Network):
        try_own_records(network, optimizer, formulas=True)
    course = _course(network, optimizer, clipping, schedule)
    request = Request(course, update, form, depth, only, upto, layer, None if sample is None else sample - 1)
    display = Display(_rounding(digits, figures, rounding, carry), carry)
    return _explained(request, quantities, notation, display)


def _course(
    network: Network | Course,
    optimizer: str | Optimizer | None,
    clipping: Clipping | None,
    schedule: str | Schedule | None,
) -> Course:
    asked = {"optimizer": optimizer, "clipping": clipping, "schedule": schedule}
    others = [what for what, one in asked.items() if one is not None]
    if not isinstance(network, Network):
        if others:
            raise InputError(f"a run was made by one {others[0]} and cannot be shown as made by another")
        return network
    example = network.example
    if not others or example is None:
        return Repeated(network)
    record = example.optimizer if optimizer is None else chosen_optimizer(optimizer)
    record = replace(record, clipping=clipping or example.optimizer.clipping or record.clipping)
    schedule = example.schedule if schedule is None else chosen_schedule(schedule)
    return Repeated(replace(network, example=replace(example, optimizer=record, schedule=schedule)))


def _explained(request: Request, names: tuple[str, ...], notation_name: str | None, display: Display) -> Lesson:
    start = request.course.network
    _check(request, start, bool(names))
    name = notation_name or NOTATION_OF_FORM.get(request.form) or start.notation
    notation = lookup(NOTATIONS, name, "notation")
    source = worked_through(request.course, request.update, display)
    found = tuple(quantity_named(each, source.network, notation, request.sample) for each in names)
    tell = scalar_lesson.chosen if found else FORMS[request.form]
    return Lesson(source, notation, display, replace(request, quantities=found), tell)


def _rounding(digits: int | None, figures: int | None, mode: str, carry: bool) -> Rounding:
    if carry and digits is None and figures is None:
        raise InputError("carry rounds every result before it is used again: say how far, with digits or figures")
    return Rounding(digits, figures, mode)


def _check(request: Request, start: Network, has_names: bool) -> None:
    """Refuse what cannot be shown, or not together."""
    L, example = start.depth, start.example
    lookup(FORMS, request.form, "form")
    lookup(DEPTHS, request.depth, "depth")
    if request.only is not None:
        lookup(PARTS, request.only, "part")
    for option in ("only", "layer", "upto"):
        if has_names and getattr(request, option) is not None:
            raise InputError(f"{option} chooses among all steps; it has nothing to choose from where numbers are named")
    if request.form == "matrix" and request.depth == "rules":
        raise InputError("depth rules differentiates one number at a time, so it goes with the form scalar")
    if request.form == "matrix" and request.upto is not None:
        raise InputError("upto counts the scalar steps of the backward pass, so it goes with the form scalar")
    if request.upto is not None and request.only in ("forward", "update"):
        raise InputError(f"upto counts steps of the backward pass, which only {request.only} leaves out")
    if request.upto is not None and not 1 <= request.upto <= last_number(start):
        last = last_number(start)
        raise InputError(f"upto {request.upto}: the backward steps of this network are numbered 1 to {last}")
    if request.layer is not None and not 1 <= request.layer <= L:
        raise InputError(f"layer {request.layer}: the layers of this network are numbered 1 to {L}")
    n_samples = 0 if example is None else len(example.inputs)
    if request.sample is not None and not 0 <= request.sample < n_samples:
        raise InputError(f"sample {request.sample + 1}: the samples of this example are numbered 1 to {n_samples}")

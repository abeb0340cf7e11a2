"""A lesson as one JSON object: every step with its address, label, formula and number."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from workings.algebra.write.text import write_text
from workings.derivation.derive import Step
from workings.network.quantity import Quantity
from workings.presentation.lesson import Lesson
from workings.presentation.stages import substituted

SCHEMA = "workings.lesson/1"


def render(lesson: Lesson) -> str:
    """The lesson as JSON; numbers are numbers, what is not finite is null and still readable in ``shown``."""
    network, request = lesson.network, lesson.request
    content = {
        "schema": SCHEMA,
        "title": network.title,
        "notation": lesson.notation.name,
        "form": request.form,
        "update": request.update,
        "carried": lesson.display.is_carried,
        "steps": [_step(lesson, step) for step in lesson.scalar_steps()],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _step(lesson: Lesson, step: Step) -> dict[str, Any]:
    def name(key: object) -> str:
        return lesson.label(key) if isinstance(key, Quantity) else str(key)

    formula = step.formula
    return {
        "quantity": str(step.quantity),
        "label": name(step.quantity),
        "rule": step.rule.code,
        "formula": None if formula is None else write_text(formula, name=name),
        "substituted": None if formula is None else write_text(substituted(formula, step, lesson.display), name=name),
        "value": _value(step.result),
        "shown": write_text(lesson.display.number(step.quantity, step.result)),
        "number": lesson.number(step.quantity),
    }


def _value(result: Any) -> Any:
    if isinstance(result, np.ndarray):
        return [_value(entry) for entry in result]
    number = float(result)
    return number if math.isfinite(number) else None

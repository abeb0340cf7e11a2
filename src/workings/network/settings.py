"""A record with constants as a text: ``adam``, ``momentum:momentum=0.95``; how it is read, checked and written."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol, TypeVar

from workings.errors import InputError, nearest


class WithSettings(Protocol):
    """A record that has constants.

    Attributes
    ----------
    name : str
    settings : mapping of str to float
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str:
        """What files and options call it."""

    @property
    def settings(self) -> Mapping[str, float]:
        """Its constants."""


RecordT = TypeVar("RecordT", bound=WithSettings)


@dataclass(frozen=True, slots=True)
class Limit:
    """Which values a setting may have, and how that is said: ``of at least 0, and finite``."""

    takes: Callable[[float], bool]
    wanted: str


NOT_NEGATIVE = Limit(lambda value: 0.0 <= value < math.inf, "of at least 0, and finite")
POSITIVE = Limit(lambda value: 0.0 < value < math.inf, "above 0, and finite")
SHARE = Limit(lambda value: 0.0 <= value < 1.0, "of at least 0 and below 1")


def named(registry: Mapping[str, RecordT], text: str, what: str, limits: Mapping[str, Limit]) -> RecordT:
    """The record of a name, with settings behind a colon.

    Raises
    ------
    InputError
        For an unknown name or setting, or a value that is outside of its limits.
    """
    name, _, written = text.partition(":")
    if name not in registry:
        raise InputError(f"there is no {what} {name!r:.40}. {nearest(name, registry)}")
    given: dict[str, Any] = {}
    for part in filter(None, written.split(",")):
        setting, equals, value = part.partition("=")
        if not equals:
            like, usual = next(iter(registry[name].settings.items()), ("momentum", 0.9))
            raise InputError(f"{what} {text!r:.60}: {part!r:.40} is no setting; one looks like {like}={usual:g}")
        given[setting.strip()] = value.strip()
    return with_settings(registry[name], given, what, limits)


def chosen(asked: object, kind: type[RecordT], read: Callable[[str], RecordT]) -> RecordT:
    """A record that is given itself, as a user's own is, or the one that a text names.

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(asked, str):
        return read(asked)
    if not isinstance(asked, kind):
        wanted = f"{kind.__name__.lower()} must be a name or a record of type {kind.__name__}"
        raise InputError(f"{wanted}, but is of type {type(asked).__name__}")
    return asked


def with_settings(record: RecordT, given: Mapping[str, Any], what: str, limits: Mapping[str, Limit]) -> RecordT:
    """The same record with other constants, given as numbers or texts; what has no limit of its own is not negative."""
    settings = dict(record.settings)
    for name, value in given.items():
        if name not in settings:
            known = nearest(name, settings) if settings else "It has none"
            raise InputError(f"the {what} {record.name} has no setting {name!r:.40}. {known}")
        try:
            settings[name] = float(value)
        except (TypeError, ValueError):
            settings[name] = math.nan
        limit = limits.get(name, NOT_NEGATIVE)
        if not limit.takes(settings[name]):
            raise InputError(
                f"{name} of the {what} {record.name} is {value!r:.40}, but must be a number {limit.wanted}"
            )
    return replace(record, settings=settings) if given else record


def written(record: WithSettings, registry: Mapping[str, WithSettings]) -> str:
    """What :func:`named` reads back: ``adam:beta1=0.8``, with the settings that were changed."""
    usual = registry[record.name].settings if record.name in registry else {}
    changed = [f"{name}={value!r}" for name, value in record.settings.items() if usual.get(name) != value]
    return record.name + (f":{','.join(changed)}" if changed else "")

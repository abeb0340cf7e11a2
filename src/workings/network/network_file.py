"""Network files: finding one, reading its text, and the examples shipped with the package.

A network file is one worked example in TOML. Its text is made sense of in ``network_table``; ``network_dump`` writes one.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from workings.errors import InputError, nearest
from workings.network.activations import Activation
from workings.network.losses import Loss
from workings.network.network import Network
from workings.network.network_fields import shortened
from workings.network.network_table import network_of

LARGEST = 32 * 2**20
"""Bytes; a network of 784-128-10 takes two million."""

_FOLDER = "examples"


@cache
def examples() -> tuple[str, ...]:
    """The names of the shipped examples."""
    files = resources.files("workings").joinpath(_FOLDER).iterdir()
    return tuple(sorted(Path(file.name).stem for file in files if file.name.endswith(".toml")))


def load(
    source: str | Path,
    *,
    activations: Mapping[str, Activation] | None = None,
    losses: Mapping[str, Loss] | None = None,
) -> Network:
    """Read a network file.

    Parameters
    ----------
    source : str or Path
        A path, or as a str the name of a shipped example.
    activations, losses : mapping of name to record, optional
        Records of your own, known to this file beside the built-in ones.

    Returns
    -------
    Network
        With the file's example: inputs, targets and learning rate.

    Raises
    ------
    InputError
        When there is no such file, or when it is no network file; says where in it, what it got and what it wants.
    """
    if isinstance(source, str) and source in examples():
        data = resources.files("workings").joinpath(_FOLDER, f"{source}.toml").read_bytes()
    else:
        data = _read(Path(source))
    return load_text(_decoded(data, str(source)), str(source), activations=activations, losses=losses)


def load_text(
    text: str,
    name: str = "<stdin>",
    *,
    activations: Mapping[str, Activation] | None = None,
    losses: Mapping[str, Loss] | None = None,
) -> Network:
    """Read the text of a network file; ``name`` is what messages call it.

    Raises
    ------
    InputError
        As :func:`load`.
    """
    return network_of(_parsed(text, name), name, activations or {}, losses or {})


def is_model(path: str | Path) -> bool:
    """Whether a file is a trained model (safetensors), judged by its first bytes and not by its name."""
    try:
        if not Path(path).is_file():
            return False
        with Path(path).open("rb") as file:
            return _starts_like_a_model(file.read(9))
    except (OSError, ValueError):  # ValueError: a path with a NUL in it
        return False


def _starts_like_a_model(data: bytes) -> bool:
    # The length of a JSON header, eight bytes little-endian and far below 2^56, then the header. No text has a NUL there.
    return len(data) >= 9 and data[7] == 0 and data[8:9] == b"{"


def _read(path: Path) -> bytes:
    """The bytes of a file, or a sentence."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            _refuse_size(str(path), max(path.stat().st_size, len(data)))
    except FileNotFoundError:
        raise InputError(_not_found(path)) from None
    except (OSError, ValueError) as error:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not a network file.{_held_by(path)}") from None
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{str(path)!r} cannot be read: {reason[:1].lower()}{reason[1:]}") from None
    return data


def _refuse_size(name: str, size: int) -> NoReturn:
    raise InputError(
        f"{name} is {size / 2**20:,.0f} MB; a network file is a few kB of text, and at most {LARGEST // 2**20} MB"
    )


def _not_found(path: Path) -> str:
    """What to say of a file that is not there: the nearest name of one that is."""
    if not path.parent.is_dir():
        return f"{path}: there is no folder {str(path.parent)!r}"
    files = [*_network_files(path.parent), *examples()]
    return f"{path}: there is no such file, nor an example of that name. {nearest(path.name, files)}"


def _held_by(folder: Path) -> str:
    files = _network_files(folder)
    return f" It holds {', '.join(files[:5])}{', ...' if len(files) > 5 else ''}" if files else ""


def _network_files(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in islice(folder.glob("*.toml"), 1000))
    except OSError:
        return []


def _decoded(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark, which is what ``>`` writes in an older PowerShell."""
    if _starts_like_a_model(data):
        raise InputError(f"{name} is a trained model, not a network file")
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name} is not a text in UTF-8: line {line} has the byte 0x{data[error.start]:02x}. Save it as UTF-8"
        ) from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    """The text as a TOML table, or a sentence with the line and the column."""
    if len(text) > LARGEST:
        _refuse_size(name, len(text))
    if "\0" in text:
        raise InputError(f"{name} is not a text file: line {text.count(chr(10), 0, text.index(chr(0))) + 1} holds a NUL")
    text = text.removeprefix("\ufeff")
    if _LONG_KEY.search(text):  # tomllib takes minutes over these
        raise InputError(f"{name} has a key of more than twenty parts; a network file has keys of one part")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_syntax_error(text.replace("\r\n", "\n"), name, str(error))) from None
    except RecursionError:
        raise InputError(f"{name} nests brackets too deeply; weights are a list of rows, two brackets deep") from None
    except ValueError:
        raise InputError(f"{name} holds a whole number of thousands of digits; it must be at most 1.8e308") from None


_LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}""")

_HINTS = (
    # What learners write, seen from the place where the parser stops: (before it, from it on, the advice).
    (r"", r"[-+]?\.\d", "A number needs a digit before its point: 0.15"),
    (r"\d$", r"\.", "A number needs a digit after its point: 5.0"),
    (r"=\s*[-+]?\d+$", r",\d", "A decimal number takes a point, not a comma: 0.5"),
    (r"", r"(True|False)\b", "true and false are written small"),
    (r"", r"[−–]", "Write an ordinary minus sign: -"),
    (r"", r"[“”‘’„]", 'Write ordinary quotes: "'),
    (r"", r"[A-Za-z_]+(?![\w.]*\s*=)", 'A text stands in quotes: loss = "half_squared_error"'),
    (r"^\s*[\w]+$", r"[\^{\[(]", 'A name with a sign in it stands in quotes: "w^1_11" = 0.5'),
    (r"\d\s+$", r"[-+]?\d", "Numbers of a list are separated by commas"),
)


def _syntax_error(text: str, name: str, message: str) -> str:
    """A sentence about text that is no TOML: file, line, column, what stands there, and often what to write."""
    found = re.fullmatch(r"(?P<problem>.*?)(?: \(at (?:line (?P<line>\d+), column (?P<column>\d+)|.*)\))?", message, re.S)
    problem = found["problem"] if found else message
    lines = text.split("\n")
    line = int(found["line"]) if found and found["line"] else len(lines)
    column = int(found["column"]) if found and found["column"] else len(lines[-1]) + 1
    before, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    place = f" at {shortened(rest.strip())!r}" if rest.strip() else ""
    advice = next((f". {hint}" for left, right, hint in _HINTS if re.search(left, before) and re.match(right, rest)), "")
    if re.match("Cannot (overwrite|mutate|declare)", problem):
        advice = ". Something is given twice"
    return f"{name}:{line}:{column}: this is no TOML: {problem[:1].lower()}{problem[1:]}{place}{advice}"

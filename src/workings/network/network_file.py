"""Network files: finding one, reading its text, and the examples shipped with the package.

A network file is one worked example in TOML. ``network_table`` makes sense of its text, ``network_dump`` writes one.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from workings.errors import InputError, nearest
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.losses import LOSSES, Loss
from workings.network.network import Network
from workings.network.network_fields import shortened
from workings.network.network_table import Records, network_of

LARGEST = 32 * 2**20
"""Bytes; a network of 784-128-10 takes two million."""

_EXAMPLES = Path(__file__).parent.parent / "examples"


@cache
def examples() -> tuple[str, ...]:
    """The names of the shipped examples."""
    return tuple(sorted(file.stem for file in _EXAMPLES.glob("*.toml")))


def load(
    source: str | Path,
    *,
    activations: Mapping[str, Activation] | None = None,
    losses: Mapping[str, Loss] | None = None,
) -> Network:
    """Read a network file, or the network of a trained model.

    Parameters
    ----------
    source : str or Path
        A path, or the name of a shipped example.
    activations, losses : mapping of name to record, optional
        Records of your own, known to a network file beside the built-in ones.

    Returns
    -------
    Network
        With the file's example: inputs, targets and learning rate. A model trained on a table has none.

    Raises
    ------
    InputError
        When there is no such file, or when it is no network file; says where in it, what it got and what it wants.
    """
    if is_model(source):
        from workings.network.model_file import load_model

        return load_model(source)[0]
    path = _EXAMPLES / f"{source}.toml" if str(source) in examples() else Path(source)
    return load_text(_read(path), str(source), activations=activations, losses=losses)


def load_text(
    text: str | bytes,
    name: str = "<stdin>",
    *,
    activations: Mapping[str, Activation] | None = None,
    losses: Mapping[str, Loss] | None = None,
) -> Network:
    """Read the text of a network file, decoded or as it comes; ``name`` is what messages call it.

    Raises
    ------
    InputError
        As :func:`load`.
    """
    if len(text) > LARGEST:
        _refuse_size(name, len(text))
    table = parsed(text if isinstance(text, str) else decoded(text, name), name)
    return network_of(table, name, Records.with_own(activations or {}, losses or {}))


def is_model(path: str | Path) -> bool:
    """Whether a file is a trained model (safetensors), judged by its first bytes and not by its name."""
    try:
        if not Path(path).is_file():
            return False
        with Path(path).open("rb") as file:
            return _starts_like_a_model(file.read(9))
    except (OSError, ValueError):  # ValueError: a path with a NUL in it
        return False


def remarks(network: Network) -> tuple[str, ...]:
    """What is worth a sentence about a network and its example although nothing is wrong with them."""
    said = [*_of_the_outputs(network)]
    example = network.example
    if example is None:
        return tuple(said)
    rate = example.learning_rate
    if rate > 1:
        said.append(f"a learning rate of {rate:g} is above 1: steps this long often overshoot")
    elif rate == 0:
        said.append("a learning rate of 0 changes nothing: every new weight is the old one")
    elif rate < 0:
        said.append(f"a learning rate of {rate:g} is negative: it climbs the cost instead of descending")
    if network.pair is not None:
        for i, row in enumerate(example.targets, start=1):
            if not network.pair.holds(row):
                place = f"targets[{i}]" if example.is_batch else "targets"
                said.append(
                    f"{place} add up to {row.sum():.6g}, but the outputs of {network.pair.activation} to 1: no weights "
                    "can reach them, and delta is not simply output minus target"
                )
    return tuple(said)


def _of_the_outputs(network: Network) -> Iterator[str]:
    """Outputs that do not share one whole under a loss that counts on it, and layers that can only say 1."""
    output, loss = network.layers[-1].activation, network.loss
    if ACTIVATIONS[loss.output].scope == "layer" and output.scope == "neuron":
        better = [other for other in LOSSES.values() if (other.output, other.domain) == (output.name, loss.domain)]
        advice = f"; {better[0].name} goes with {output.name}" if better else ""
        yield (
            f"{loss.name} counts on outputs that share one whole, as those of {loss.output} do. With {output.name} an "
            f"output costs nothing where its target is 0, however large it is{advice}"
        )
    for number, layer in enumerate(network.layers, start=1):
        if layer.is_constant:
            yield (
                f"layer {number} has one {layer.activation.name} neuron, which is always 1: it has nothing to share "
                "with, and nothing below it can be learned"
            )


def _starts_like_a_model(data: bytes) -> bool:
    # Eight bytes, little-endian, give the length of a JSON header, which follows; no text has a NUL in its eighth.
    return len(data) >= 9 and data[7] == 0 and data[8:9] == b"{"


def _read(path: Path) -> bytes:
    """The bytes of a file, or a sentence."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            _refuse_size(str(path), path.stat().st_size)
    except FileNotFoundError:
        raise InputError(_not_found(path)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, IsADirectoryError | PermissionError) and path.is_dir():
            raise InputError(f"{path} is a folder, not a network file.{_held_by(path)}") from None
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{shortened(str(path))!r} cannot be read: {reason[:1].lower()}{reason[1:]}") from None
    return data


def _refuse_size(name: str, size: int) -> NoReturn:
    # A pipe or a device has no size of its own.
    megabytes, most = size / 2**20, LARGEST // 2**20
    found = f"{megabytes:,.0f} MB" if round(megabytes) > most else f"more than {most} MB"
    raise InputError(f"{name} is {found}; a network file is a few kB of text, and at most {most} MB")


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


def decoded(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark, which is what ``>`` writes in an older PowerShell."""
    if _starts_like_a_model(data):
        raise InputError(f"{name} is a trained model, not a network file")
    has_mark = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in data and not has_mark:
        raise InputError(f"{name} is not a text file")
    encoding = "utf-16" if has_mark else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02x}"
        raise InputError(f"{name} is not a text in UTF-8: line {line} has the byte {byte}. Save it as UTF-8") from None


def parsed(text: str, name: str) -> dict[str, Any]:
    """The text as a TOML table, or a sentence with the line and the column."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{name} is not a text file: line {line} holds a NUL character")
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
    (r"\d,0+$", r"\d", "A decimal number takes a point, not a comma: 0.05"),
    (r"(?<![\d.])0$", r"\d", "A number has no zeros before its first digit: 5"),
    (r"", r"(True|False)\b", "true and false are written small"),
    (r"", r"[−–]", "Write an ordinary minus sign: -"),
    (r"", r"[“”‘’„]", 'Write ordinary quotes: "'),
    (r"\d$", r"/", "A fraction is written as a decimal number: 0.5"),
    (r"[=\[,]\s*$", r"[A-Za-z_]", 'A text stands in quotes: loss = "half_squared_error"'),
    (r"^\s*[\w]+$", r"[\^{\[(]", 'A name with a sign in it stands in quotes: "w^1_11" = 0.5'),
    (r"\d\s+$", r"[-+]?\d", "Numbers of a list are separated by commas"),
)


def _syntax_error(text: str, name: str, message: str) -> str:
    """A sentence about text that is no TOML: file, line, column, what stands there, and often what to write."""
    problem = re.sub(r" \(at [^()]*\)$", "", message)
    found = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    lines = text.split("\n")
    line, column = (int(found[1]), int(found[2])) if found else (len(lines), len(lines[-1]) + 1)
    before, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    place = f" at {shortened(rest.strip())!r}" if rest.strip() else ""
    fitting = (hint for left, right, hint in _HINTS if re.search(left, before) and re.match(right, rest))
    advice = next((f". {hint}" for hint in fitting), "")
    if re.match("Cannot (overwrite|mutate|declare)", problem):
        problem = "something is given twice"
        advice = ". Layers are written [[layers]], with two brackets" if before.lstrip().startswith("[") else ""
    return f"{name}:{line}:{column}: this is no TOML: {problem[:1].lower()}{problem[1:]}{place}{advice}"

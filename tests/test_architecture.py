"""The structure of the package as laws: which room may look into which, how large a piece may be, what a record holds.

Each law is a function from the sources to a list of complaints; it must be empty for the package, and each law is
shown to be able to fail.
"""

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path

import pytest

import workings
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.optimizers import OPTIMIZERS
from workings.network.pairs import PAIRS
from workings.network.schedules import SCHEDULES

PACKAGE = Path(workings.__file__).parent
SOURCES = {path.relative_to(PACKAGE): path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}

# From the ground up; a room looks only at lower floors, never at its neighbours.
FLOORS = (
    ("errors", "examples"),
    ("algebra",),
    ("network",),
    ("engine", "derivation"),
    ("presentation", "replay"),
    ("marking",),
    ("estimators", "bridges", "cluster"),
    ("web",),
    ("cli",),
    ("__main__",),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
CORE = {"numpy", "click", "rich", "safetensors"}
WITH_THE_EXTRA = {  # entered only where they are
    "engine/compiled/": {"numba", "llvmlite"},
    "engine/search.py": {"scipy", "threadpoolctl"},
}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


@dataclass(frozen=True)
class Import:
    line: int
    target: str


def imports(file: Path, source: str) -> Iterator[Import]:
    """Every import of a file, relative ones made absolute; ``from workings import x`` counts as ``workings.x``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = ["workings", *file.parts[:-1]]
            near = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*near, *([node.module] if node.module else [])])
            targets = [f"{module}.{alias.name}" for alias in node.names] if module == "workings" else [module]
        else:
            continue
        for target in targets:
            yield Import(node.lineno, target)


def room_of(file: Path) -> str:
    return file.parts[0].removesuffix(".py")


def upward_imports(sources: dict[Path, str]) -> list[str]:
    complaints = []
    for file, source in sources.items():
        room = room_of(file)
        if room == "__init__":
            continue  # the front door shows names of every room, and loads them on first use
        if room not in FLOOR_OF:
            complaints.append(f"{file}: the room {room!r} has no floor; give it one in FLOORS")
            continue
        for found in imports(file, source):
            package, _, inside = found.target.partition(".")
            other = inside.partition(".")[0]
            if package != "workings" or other in (room, "__version__"):
                continue
            if FLOOR_OF.get(other, len(FLOORS)) >= FLOOR_OF[room]:
                complaints.append(f"{file}:{found.line}: {room} imports {found.target}, which is not below it")
    return complaints


def undeclared_imports(sources: dict[Path, str]) -> list[str]:
    """Imports that a plain ``pip install workings`` cannot satisfy, and that would end in a traceback."""
    known = set(sys.stdlib_module_names) | CORE | {"workings"}
    return [
        f"{file}:{found.line}: {found.target} is no core dependency; say which extra brings it where it is missing"
        for file, source in sources.items()
        for found in imports(file, source)
        if found.target.partition(".")[0]
        not in known.union(*(brought for where, brought in WITH_THE_EXTRA.items() if file.as_posix().startswith(where)))
    ]


def oversized(sources: dict[Path, str]) -> list[str]:
    complaints = []
    for file, source in sources.items():
        if (length := len(source.splitlines())) > LONGEST_FILE:
            complaints.append(f"{file} has {length} lines, more than {LONGEST_FILE}: does it hold two ideas?")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                said = len((ast.get_docstring(node, clean=False) or "").splitlines())  # a contract may be long
                length = (node.end_lineno or node.lineno) - node.lineno + 1 - said
                if length > LONGEST_FUNCTION:
                    complaints.append(f"{file}:{node.lineno}: {node.name} has {length} lines, not {LONGEST_FUNCTION}")
    return complaints


def branches_on_names(sources: dict[Path, str]) -> list[str]:
    """Comparisons with the name of a record: what differs from record to record is a field of the record."""
    names = set(ACTIVATIONS) | set(LOSSES) | set(OPTIMIZERS) | set(SCHEDULES)
    complaints = []
    for file, source in sources.items():
        if room_of(file) == "algebra":
            continue  # there tanh is a function of mathematics, and nobody's activation
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Compare | ast.MatchValue):
                continue
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value in names:
                    complaints.append(f"{file}:{node.lineno}: a branch on {part.value!r}: which field is missing?")
    return complaints


LAWS = (upward_imports, undeclared_imports, oversized, branches_on_names)
A_LONG_FUNCTION = "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_package_keeps_the_law(law):
    assert len(SOURCES) > 10
    complaints = law(SOURCES)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    ("law", "file", "planted"),
    [
        (upward_imports, "algebra/expression.py", "from workings.network.quantity import Quantity"),
        (upward_imports, "engine/training.py", "from workings.derivation.trace import Trace"),
        (upward_imports, "derivation/trace.py", "from workings.engine import training"),
        (upward_imports, "presentation/text.py", "def f():\n    import workings.replay"),
        (upward_imports, "network/network.py", "from ..derivation import trace"),
        (upward_imports, "network/network.py", "from .. import presentation"),
        (upward_imports, "network/network.py", "from workings import explain"),
        (upward_imports, "errors.py", "from workings.algebra.expression import Expr"),
        (upward_imports, "helpers/misc.py", "import math"),
        (undeclared_imports, "engine/batches.py", "def f():\n    from sklearn.datasets import load_digits"),
        (oversized, "algebra/expression.py", "x = 1\n" * (LONGEST_FILE + 1)),
        (oversized, "algebra/expression.py", A_LONG_FUNCTION),
        (branches_on_names, "engine/training.py", "if loss.name == 'cross_entropy':\n    pass"),
        (branches_on_names, "engine/training.py", "hidden = name in ('tanh', 'relu')"),
        (branches_on_names, "engine/training.py", "match name:\n    case 'sgd':\n        pass"),
    ],
)
def test_a_planted_offence_is_found(law, file, planted):
    assert len(law({Path(file): planted})) >= 1


@pytest.mark.parametrize(
    ("file", "allowed"),
    [
        ("network/network.py", "from workings.errors import InputError\nfrom . import quantity"),
        ("network/network_file.py", "from workings import __version__"),
        ("replay.py", "from workings.engine import training\nfrom workings.derivation import trace"),
        ("cli/train.py", "import click\ndef f():\n    import numpy\n    import workings.engine.training"),
        ("__init__.py", "def f():\n    from workings.marking import mark"),
    ],
)
def test_what_is_allowed_is_left_alone(file, allowed):
    assert [complaint for law in LAWS for complaint in law({Path(file): allowed})] == []


def registries() -> dict[str, dict[object, object]]:
    """Every module-level dict of named records, found by looking; a new registry needs no row here."""
    found = {}
    for module_info in pkgutil.walk_packages(workings.__path__, "workings."):
        module = importlib.import_module(module_info.name)
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, dict) and value and all(map(is_record, value.values())):
                record = next(iter(value.values()))
                found[f"{type(record).__module__}.{name}"] = value  # also where another module imports it
    return found


def is_record(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, type) and any(field.name == "name" for field in fields(value))


REGISTRIES = registries()


def incomplete(registry: dict[object, object]) -> list[str]:
    """Records under a key that is not their first field, and texts left empty that have no default."""
    complaints = []
    for key, record in registry.items():
        first, *_ = fields(record)
        if key != getattr(record, first.name):
            complaints.append(f"the record {getattr(record, first.name)!r} stands under {key!r}")
        for field in fields(record):
            value = getattr(record, field.name)
            if field.default is MISSING and isinstance(value, str) and not value.strip():
                complaints.append(f"{key} has an empty {field.name}")
    return complaints


def test_the_registries_are_found():
    assert {name.rpartition(".")[2] for name in REGISTRIES} >= {"ACTIVATIONS", "LOSSES", "OPTIMIZERS", "INITIALIZERS"}


@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
def test_every_record_is_complete(registry):
    complaints = incomplete(registry)
    assert not complaints, "\n".join(complaints)


def test_an_incomplete_record_is_found():
    record = ACTIVATIONS["tanh"]
    silent = type(record)(**{field.name: getattr(record, field.name) for field in fields(record)} | {"because": " "})
    assert incomplete({"tanh": silent}) == ["tanh has an empty because"]
    assert incomplete({"tan": record}) == ["the record 'tanh' stands under 'tan'"]


def test_every_loss_goes_with_its_output_activation():
    for loss in LOSSES.values():
        assert loss.takes(ACTIVATIONS[loss.output]), loss.name


def test_every_pair_joins_two_records():
    for key, pair in PAIRS.items():
        assert key == (pair.activation, pair.loss)
        assert pair.activation in ACTIVATIONS
        assert pair.loss in LOSSES
        assert pair.because

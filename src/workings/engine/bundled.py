"""The data sets that scikit-learn carries as files, read without importing it, which takes a second."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from workings.errors import InputError, MissingExtraError

Columns = dict[str, tuple[str, ...]]


def bundled_columns(name: str) -> Columns:
    """The columns of a data set by name, the one to predict last.

    Raises
    ------
    MissingExtraError
        When scikit-learn is not installed.
    """
    found = find_spec("sklearn")
    places = found.submodule_search_locations if found else None
    if not places:
        raise MissingExtraError(
            f"the data set {name!r} comes with the package 'scikit-learn', which is not installed: "
            "pip install 'workings[train]'"
        )
    folder = Path(next(iter(places))) / "datasets" / "data"
    try:
        return DATA_SETS[name](folder)
    except (OSError, ValueError, IndexError) as error:
        raise InputError(f"this scikit-learn does not carry the data set {name!r} as expected: {error}") from error


def _digits(folder: Path) -> Columns:
    names = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    rows = [[str(int(float(cell))) for cell in row] for row in _rows(folder / "digits.csv.gz")]
    return _columns([*names, "digit"], rows)


def _classified(file: str, target: str, *names: str) -> Callable[[Path], Columns]:
    def read(folder: Path) -> Columns:
        (_, _, *classes), *rows = _rows(folder / file)
        return _columns([*names, target], [[*cells, classes[int(number)]] for *cells, number in rows])

    return read


def _diabetes(folder: Path) -> Columns:
    names = (
        "age",
        "sex",
        "bmi",
        "blood_pressure",
        "s1_cholesterol",
        "s2_ldl",
        "s3_hdl",
        "s4_ratio",
        "s5_ltg",
        "s6_sugar",
    )
    inputs = _rows(folder / "diabetes_data_raw.csv.gz", delimiter=" ")
    targets = _rows(folder / "diabetes_target.csv.gz")
    rows = [[*cells, f"{float(target):g}"] for cells, (target,) in zip(inputs, targets, strict=True)]
    return _columns([*names, "progression"], rows)


def _rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]


def _columns(names: list[str], rows: list[list[str]]) -> Columns:
    return dict(zip(names, zip(*rows, strict=True), strict=True))


_CELL_MEASURES = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave_points")
_CELL_SHAPE = ("symmetry", "fractal_dimension")

DATA_SETS: dict[str, Callable[[Path], Columns]] = {
    "digits": _digits,
    "iris": _classified(
        "iris.csv", "species", "sepal_length", "sepal_width", "petal_length", "petal_width"
    ),
    "wine": _classified(
        "wine_data.csv", "cultivar", "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium",
        "total_phenols", "flavanoids", "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue",
        "od280_od315", "proline",
    ),
    "breast_cancer": _classified(
        "breast_cancer.csv", "diagnosis",
        *(f"{kind}_{name}" for kind in ("mean", "error", "worst") for name in (*_CELL_MEASURES, *_CELL_SHAPE)),
    ),
    "diabetes": _diabetes,
}  # fmt: skip

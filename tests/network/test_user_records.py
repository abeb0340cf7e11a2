"""A user's own file: run, collected, and told what is wrong with it by file and line."""

import sys

import pytest

from workings.errors import InputError
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.user_records import blaming, load_records

SWISH = """
import math
from workings.algebra.expression import E_CONSTANT
from workings.network.activations import Activation, sigmoid

MY_SWISH = Activation(
    name="my_swish",
    symbol="swish",
    value=lambda z: z * sigmoid(z),
    derivative=lambda z, a: sigmoid(z) + a * (1 - sigmoid(z)),
    formula=lambda z: z / (1 + E_CONSTANT**-z),
    derivative_formula=lambda z, a: 1 / (1 + E_CONSTANT**-z) * (1 + z - a),
    range=(-0.2785, math.inf),
    because="it lets a little through below 0",
)
"""
ABSOLUTE = """
from workings.algebra.expression import call
from workings.network.losses import Loss
import numpy as np

SMOOTH = Loss(
    name="smooth_error",
    value=lambda y, a, n: np.log(np.cosh(y - a)),
    derivative=lambda y, a, n: -np.tanh(y - a),
    formula=lambda y, a, n: call("ln", (2.718281828459045 ** (y - a) + 2.718281828459045 ** -(y - a)) / 2),
    derivative_formula=lambda y, a, n: -call("tanh", y - a),
    domain=(-np.inf, np.inf),
    output="identity",
    because="a large error counts in proportion",
)
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="mine.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refused(path) -> str:
    with pytest.raises(InputError) as caught:
        load_records(path)
    return str(caught.value).replace(str(path), "mine.py")


def test_every_record_at_the_top_of_the_file_is_collected(write):
    records = load_records(write(SWISH + ABSOLUTE))
    assert list(records.activations) == ["my_swish"]
    assert list(records.losses) == ["smooth_error"]
    assert isinstance(records.activations["my_swish"], Activation)
    assert records.activations["my_swish"].value(0.0) == 0.0


def test_built_in_records_that_are_imported_are_not_the_users(write):
    records = load_records(write("from workings.network.activations import TANH\n" + SWISH))
    assert list(records.activations) == ["my_swish"]


def test_a_record_under_two_names_is_one(write):
    assert list(load_records(write(SWISH + "\nALSO = MY_SWISH\n")).activations) == ["my_swish"]


def test_a_built_in_name_may_be_used_for_a_version_of_ones_own(write):
    text = "from dataclasses import replace\nfrom workings.network.activations import SIGMOID\n"
    records = load_records(write(text + "MINE = replace(SIGMOID, because='so I say')\n"))
    assert records.activations["sigmoid"] != ACTIVATIONS["sigmoid"]


def test_a_file_may_import_its_neighbours_and_define_dataclasses(write):
    write("HALF = 0.5\n", "beside_mine.py")
    text = "from __future__ import annotations\nfrom dataclasses import dataclass\nfrom beside_mine import HALF\n"
    before = list(sys.path)
    try:
        load_records(write(text + "@dataclass\nclass Thing:\n    x: float = HALF\n" + SWISH))
    finally:
        sys.modules.pop("beside_mine", None)
    assert sys.path == before


def test_nothing_is_left_beside_the_file(write, tmp_path):
    load_records(write(SWISH))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = = 3\n", "mine.py:1: this is no Python: invalid syntax: 'x = = 3'"),
        ("x = (1,\n", "mine.py:1: this is no Python: '(' was never closed: 'x = (1,'"),
        ("a = 1\nb = a / 0\n", "mine.py:2: ZeroDivisionError: division by zero"),
        ("import numpy as np\n\nx = npp.exp(1)\n", "mine.py:3: name 'npp' is not defined. Did you mean 'np'?"),
        ("x = qqqqqqqqqqq\n", "mine.py:1: name 'qqqqqqqqqqq' is not defined"),
        ("def f():\n    return lenn(3)\n\nf()\n", "mine.py:2: name 'lenn' is not defined. Did you mean 'len'?"),
        ("import notthere_at_all\n", "mine.py:1: ModuleNotFoundError: No module named 'notthere_at_all'"),
        ("assert False\n", "mine.py:1: AssertionError"),
        ("import sys\nsys.exit(3)\n", "mine.py:2: it ends the program; a file of records only makes them"),
        (
            "x = 1\n",
            "mine.py makes no activation and no loss: a record stands at the top level, as in "
            'MY_SWISH = Activation(name="my_swish", ...)',
        ),
        ("from workings.network.losses import LOSSES\n", "mine.py makes no activation and no loss"),
        (
            "from workings.network.activations import Activation\nA = Activation(name='a')\n",
            "mine.py:2: TypeError: Activation.__init__() missing 7 required positional arguments: 'symbol', ",
        ),
        (SWISH + SWISH.replace("MY_SWISH", "OTHER"), "mine.py makes two records with the name 'my_swish'"),
        (
            SWISH.replace("z * sigmoid(z)", "z * sigmod(z)"),
            "mine.py:9: my_swish's value fails for (2, 3), where it must give (2, 3): "
            "name 'sigmod' is not defined. Did you mean 'sigmoid'?",
        ),
        (
            SWISH.replace("lambda z: z * sigmoid(z)", "math.tanh"),
            # raised in C, so there is no line
            "mine.py: my_swish's value fails for (2, 3), where it must give (2, 3): TypeError: only ",
        ),
        (
            SWISH.replace("z / (1 + E_CONSTANT**-z)", "z / (1 + math.exp(-z))"),
            'mine.py:11: my_swish\'s formula, which is made of + - * / ** and call("tanh", z), fails: TypeError: ',
        ),
    ],
)
def test_what_is_wrong_is_a_sentence_with_the_line(write, text, message):
    assert message in refused(write(text))


def test_a_missing_file_is_compared_with_its_neighbours(write, tmp_path):
    write(SWISH, "my_activations.py")
    with pytest.raises(
        InputError, match=r"my_activation\.py: there is no such file\. Did you mean 'my_activations\.py'\?"
    ):
        load_records(tmp_path / "my_activation.py")
    with pytest.raises(InputError, match=r"there is no such file$"):
        load_records(tmp_path / "nowhere" / "mine.py")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="cannot be read: it is a folder"):
        load_records(tmp_path)


def test_a_binary_file_is_no_python(tmp_path):
    path = tmp_path / "mine.py"
    path.write_bytes(b"\x00\x01\x02 = \xff")
    with pytest.raises(InputError, match=r"mine\.py.* is no Python"):
        load_records(path)


def test_only_what_the_users_code_raises_is_laid_at_its_door(tmp_path):
    with pytest.raises(ZeroDivisionError), blaming(tmp_path / "mine.py"):
        1 / 0  # noqa: B018

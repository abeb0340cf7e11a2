import json

import numpy as np
import pytest

from workings.engine.discovery import MOST_CATEGORIES, find_preparation, find_target
from workings.engine.preparation import UNKNOWN_CLASS, NumberColumn, Preparation, Target, TextColumn
from workings.engine.tables import Table
from workings.errors import InputError


def a_table(**columns):
    return Table("t", {name.replace("_", " "): tuple(map(str, cells)) for name, cells in columns.items()})


def prepared(table, target=None):
    told = []
    preparation = find_preparation(table, find_target(table, target), np.arange(len(table)), told.append)
    return preparation, told


NUMBERS = list(range(10, 22))
CLASSES = ["a", "b", "c"] * 4


def test_numbers_are_centred_and_scaled_and_the_median_stands_for_what_is_missing():
    table = a_table(x=[1, 2, 3, "", 9, "NA"] * 2, y=CLASSES)
    preparation, told = prepared(table)
    known = np.array([1, 2, 3, 9.0] * 2)
    (column,) = preparation.columns
    assert (column.median, column.mean) == (2.5, known.mean())
    assert column.scale == pytest.approx(known.std())
    expected = (np.array([1, 2, 3, 2.5, 9, 2.5] * 2) - known.mean()) / known.std()
    assert preparation.inputs(table)[:, 0] == pytest.approx(expected)
    assert told == ["missing cells: 4 in 'x', taken as the column's median"]


def test_missing_cells_are_counted_in_one_remark_with_what_they_are_taken_as():
    table = a_table(a=["", *NUMBERS[1:]], b=["?", "NA", *NUMBERS[2:]], colour=["red", "", "blue"] * 4, y=CLASSES)
    assert prepared(table)[1] == [
        "missing cells: 1 in 'a', 2 in 'b', taken as the column's median; 4 in 'colour', taken as a category of its own"
    ]
    many = a_table(**{f"x{i}": ["", *NUMBERS[1:]] for i in range(7)}, y=CLASSES)
    assert prepared(many)[1] == [
        "missing cells: 1 in 'x0', 1 in 'x1', 1 in 'x2', 1 in 'x3', 1 in 'x4' and others in 2 more columns, taken as "
        "the column's median"
    ]


def test_a_rare_large_value_does_not_shoot_out():
    table = a_table(x=[0] * 999 + [1000], y=["a", "b"] * 500)
    inputs = prepared(table)[0].inputs(table)
    assert np.ptp(inputs) == pytest.approx(8.0)


@pytest.mark.parametrize("value", ["7", "0.1", "-3e300"])
def test_a_constant_column_is_nought(value):
    table = a_table(x=[value] * 12, y=CLASSES)
    assert prepared(table)[0].inputs(table).tolist() == [[0.0]] * 12


def test_the_figures_come_from_the_training_rows_alone():
    table = a_table(x=[1, 3, 1000], word=["p", "q", "r"], y=["a", "b", "a"])
    preparation = find_preparation(table, find_target(table), np.array([0, 1]))
    assert preparation.columns[0].mean == 2.0
    assert preparation.columns[1].categories == ("p", "q")


def test_inputs_of_a_row_say_what_they_stand_for_and_how_they_came_about():
    preparation = Preparation(
        (NumberColumn("area", 60.0, 62.0, 13.25), NumberColumn("cold", 0.0, -2.5, 1.0), TextColumn("hue", ("", "red"))),
        Target("price", mean=125.5, scale=20.0),
    )
    row = a_table(area=[50], cold=[""], hue=["red"], price=[120])
    assert preparation.meanings(row) == (
        "area, (50 - 62)/13.25",
        "cold, (0 + 2.5)/1 where the cell is empty (the column's median)",
        "hue=(missing), 1 for yes and 0 for no",
        "hue=red, 1 for yes and 0 for no",
    )
    assert preparation.target.meanings(row, 1, (0.0, 1.0)) == ("price, (120 - 125.5)/20",)
    sick = Target("sick", ("well", "ill"))
    assert sick.meanings(row, 2, (-1.0, 1.0)) == ("well", "ill")
    assert sick.meanings(row, 1, (0.0, 1.0)) == ("sick, 1 for ill and 0 for well",)
    assert sick.meanings(row, 1, (-1.0, 1.0)) == ("sick, 1 for ill and -1 for well",)


def test_texts_become_an_input_for_each_category_and_missing_is_one_of_them():
    table = a_table(colour=["red", "", "blue", "NA"] * 3, y=CLASSES)
    preparation, _ = prepared(table)
    assert preparation.input_names() == ("colour=(missing)", "colour=blue", "colour=red")
    assert preparation.inputs(table)[:3].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_an_unseen_category_is_none_of_them_and_told():
    preparation, _ = prepared(a_table(colour=["red", "blue"] * 6, y=CLASSES))
    told = []
    inputs = preparation.inputs(a_table(colour=["green", "red", ""]), told.append)
    assert inputs.tolist() == [[0, 0], [0, 1], [0, 0]]
    assert told == [
        "2 rows have a category in the column 'colour' that is not among the model's: '(missing)', 'green'; "
        "it counts as none"
    ]


@pytest.mark.parametrize(
    ("columns", "remark"),
    [
        (
            {"date": [f"2024-01-{day:02d}" for day in NUMBERS]},
            "'date' is left out: it looks like dates, such as '2024-01-10'; to use it, write the years, or the days",
        ),
        ({"PassengerId": NUMBERS}, "'PassengerId' is left out: it only numbers the rows"),
        ({"id": NUMBERS}, "'id' is left out"),
        ({"row_id": NUMBERS}, "'row id' is left out"),
        ({"column_1": range(12)}, "'column 1' is left out"),
        ({"void": ["", "?"] * 6}, "'void' is left out: it is empty in every row"),
        (
            {"age": [*NUMBERS[:5], "old", "older", *NUMBERS[:5]]},
            "'age' is taken as categories, not numbers, because of 'old' in row 6",
        ),
        ({"age": [*NUMBERS[:10], "old", "older"]}, "'age' is left out because of 'old' in row 11"),
        ({"sold": ["1.5.2023", "", "12.05.2023"] * 4}, "'sold' is left out: it looks like dates, such as '1.5.2023'"),
        (
            {"price": [f"$1,{n}" for n in range(500, 511)] + ["n.a."]},
            "'price' is left out because of '$1,500' in row 1; write such cells plain: 1500",
        ),
        (
            {"price": [*range(990, 1000), "1,000", "1,001"]},
            "'price' is left out because of '1,000' in row 11; write such cells plain: 1000",
        ),
        (
            {"rate": ["55%", "5.5%", "7%"] * 4},
            "'rate' is taken as categories, not numbers, because of '55%' in row 1; write such cells plain: 0.55",
        ),
        ({"name": [f"name {n}" for n in NUMBERS]}, "'name' is left out: nearly every row has a text of its own"),
        ({"invoice_no": [*NUMBERS[:11], "C21"]}, "'invoice no' is left out: nearly every row has a text of its own"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_left_out_or_odd_is_told(columns, remark):
    _, told = prepared(a_table(x=range(20, 32), **columns, y=CLASSES))
    assert len(told) == 1 and remark in told[0]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            [*range(398), "n.a. (refused)", ""],
            r"^t: row 399, column 'x': got 'n.a. \(refused\)' where a number must stand: 1 of the 399 known cells of "
            r"this column is none. Leave a cell empty where its number is not known; these mean the same: #n/a, -, ",
        ),
        ([*range(9), "x"], "row 10, .* 1 of the 10 known"),
        ([1, 2] * 20 + ["x", "y"], "row 41, .*: 2 of the 42 known cells of this column are none"),
        ([*range(19), "1,508"], r"got '1,508' where .*\. Write such cells plain: 1508$"),
        ([*range(19), "inf"], r"got 'inf' .*\. inf is infinite\. Leave a cell empty"),
        ([*range(19), "-nan"], r"-nan is what a calculation without a value leaves\. "),
        ([*range(19), "1e999"], r"1e999 is too large for a number\. "),
        ([*range(19), "#DIV/0!"], r"#DIV/0! is what a spreadsheet shows for a formula that failed\. "),
    ],
)
@pytest.mark.parametrize("is_target", [False, True], ids=["input", "target"])
def test_a_few_texts_in_a_column_of_numbers_are_mistakes(cells, message, is_target):
    table = a_table(z=range(len(cells)), x=cells, y=["a", "b"] * (len(cells) // 2))
    with pytest.raises(InputError, match=message):
        prepared(table, "x" if is_target else "y")


@pytest.mark.parametrize("name", ["x", "valid", "amount", "grid"])
def test_a_column_of_different_whole_numbers_is_kept_unless_it_is_called_a_number_of_rows(name):
    preparation, told = prepared(a_table(**{name: NUMBERS}, y=CLASSES))
    assert preparation.input_names() == (name,) and told == []


def test_rare_categories_get_no_input():
    words = [f"w{i}" for i in range(MOST_CATEGORIES)] * 4 + ["rare1", "rare2"]
    table = a_table(word=words, y=["a", "b"] * (len(words) // 2))
    preparation, told = prepared(table)
    assert len(preparation.input_names()) == MOST_CATEGORIES
    assert "has 52 categories; only the 50 commonest count" in told[0]


class TestTarget:
    def test_the_last_column_unless_another_is_named(self):
        table = a_table(x=CLASSES, y=CLASSES)
        assert find_target(table).name == "y"
        assert find_target(table, "x").name == "x"
        assert find_target(Table("t", table.columns, target="x")).name == "x"
        with pytest.raises(InputError, match=r"t has no column 'z'"):
            find_target(table, "z")

    @pytest.mark.parametrize(
        ("cells", "classes"),
        [
            (CLASSES, ("a", "b", "c")),
            ([0, 1] * 6, ("0", "1")),
            ([0, 1, 1, 0], ("0", "1")),
            (["2", "1.0", "1", "10"] * 3, ("1", "2", "10")),
            ([-1, 1, ""] * 4, ("-1", "1")),
            (range(12), ()),
            ([0.5, 1.5] * 6, ()),
            ([*range(21)] * 5, ()),
        ],
    )
    def test_texts_and_few_whole_numbers_are_classes(self, cells, classes):
        assert find_target(a_table(x=cells, y=cells)).classes == classes

    @pytest.mark.parametrize(
        ("cells", "message"),
        [
            (["a"] * 3, "'a' in all 3 rows: there is nothing to tell apart"),
            (["1", "1.0"], "nothing to tell apart"),
            (["a"], "in its only row"),
            (["", "?"], "is empty in every row"),
            ([f"name {i}" for i in range(12)], "too many to be classes. --target takes another column; there are x, y"),
            ([*range(11), "abc"], "row 12, column 'y': got 'abc' where a number must stand: 1 of the 12"),
            ([*range(8), *"abcd"], "row 9, column 'y': got 'a' where a number must stand"),
            (
                [f"${n},170" for n in range(100, 121)] * 9 + ["free"] * 9,
                r"row 1, column 'y': got '\$100,170' where a number must stand\. Write such cells plain: 100170$",
            ),
            ([f"2024-03-{n:02d}" for n in range(1, 29)] * 5, "the target 'y' of t looks like dates. --target takes"),
        ],
    )
    def test_a_column_from_which_nothing_can_be_learnt_is_refused(self, cells, message):
        with pytest.raises(InputError, match=message):
            find_target(a_table(x=cells, y=cells))

    def test_classes_are_read_as_numbers_of_outputs(self):
        target = Target("y", ("1", "2", "10"), is_numbered=True)
        assert target.read(a_table(y=["10", "1.0", "3", "", "x"])).tolist() == [2, 0] + [UNKNOWN_CLASS] * 3
        assert target.known(a_table(y=["10", "3", "1"])).tolist() == [0, 2]
        assert Target("y", ("a", "b")).read(a_table(y=["b", "c"])).tolist() == [1, UNKNOWN_CLASS]

    def test_a_number_is_scaled_by_its_training_rows(self):
        table = a_table(x=range(12), y=[v + 0.5 for v in range(12)])
        target = find_preparation(table, find_target(table), np.arange(4)).target
        assert (target.mean, target.scale) == (2.0, pytest.approx(np.std([0.5, 1.5, 2.5, 3.5])))
        assert target.read(table)[0] == pytest.approx(-1.5 / target.scale)


def test_a_table_of_one_column_has_nothing_to_predict_from():
    with pytest.raises(InputError, match=r"nothing to predict it from\. Cells are separated by"):
        prepared(a_table(y=CLASSES))
    with pytest.raises(InputError, match="no column to predict 'y' from"):
        prepared(a_table(id=range(12), y=CLASSES))


def test_columns_too_far_apart_are_refused():
    with pytest.raises(InputError, match="too far to be scaled"):
        prepared(a_table(x=["-1e308", "1e308"] * 6, y=CLASSES))


def test_missing_columns_and_texts_among_numbers_are_named():
    preparation, _ = prepared(a_table(x=[1, 2, 5] * 4, word=["p", "q"] * 6, y=CLASSES))
    with pytest.raises(InputError, match="lacks the column 'word', which the model was trained on"):
        preparation.inputs(a_table(x=[1]))
    with pytest.raises(InputError, match="lacks the columns 'x', 'word'"):
        preparation.inputs(a_table(z=[1]))
    with pytest.raises(InputError, match="t: row 2, column 'x': got 'abc', but the model was trained on numbers there"):
        preparation.inputs(a_table(x=["1", "abc"], word=["p", "q"]))


def test_it_survives_json():
    preparation = Preparation(
        (NumberColumn("x", 0.1, 1 / 3, 2e-7), TextColumn("ü", ("", "a"))), Target("y", ("1", "2"), is_numbered=True)
    )
    assert Preparation.from_json(json.loads(json.dumps(preparation.to_json()))) == preparation
    with pytest.raises((KeyError, TypeError, ValueError)):
        Preparation.from_json({"columns": [{"name": "x"}], "target": {}})

import csv
import gzip
import importlib.util
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.engine.bundled import DATA_SETS
from workings.engine.tables import read_table, stem_of
from workings.errors import InputError, MissingExtraError


def written(folder, content, name="t.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    table = read_table(written(tmp_path, f"a{delimiter}b\n1{delimiter}x\n2{delimiter} y \n"))
    assert dict(table.columns) == {"a": ("1", "2"), "b": ("x", "y")}
    assert (table.name, len(table), table.decimal_comma) == ("t", 2, delimiter != ",")


def test_what_excel_writes_is_read(tmp_path):
    table = read_table(written(tmp_path, '\ufeffname;"size; in m"\r\n"Grün ""A""";1,5\r\n\r\n'))
    assert dict(table.columns) == {"name": ('Grün "A"',), "size; in m": ("1,5",)}


def test_a_compressed_table_is_read(tmp_path):
    table = read_table(written(tmp_path, gzip.compress(b"a,b\n1,2\n"), "houses.csv.gz"))
    assert (table.name, dict(table.columns)) == ("houses", {"a": ("1",), "b": ("2",)})


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n1,2\n")))
    assert dict(read_table("-").columns) == {"a": ("1",), "b": ("2",)}
    assert not sys.stdin.closed


def test_columns_may_be_counted_or_nameless(tmp_path):
    assert list(read_table(written(tmp_path, "0,1,2\n5,6,7\n")).columns) == ["0", "1", "2"]
    assert list(read_table(written(tmp_path, ",a\n0,6\n")).columns) == ["column 1", "a"]
    assert list(read_table(written(tmp_path, "year,2019,2020\n1,2,3\n")).columns) == ["year", "2019", "2020"]


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=8)
cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12)


@given(st.data())
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, data):
    n_columns = data.draw(st.integers(2, 4))
    header = [f"n{i}{data.draw(names)}".strip() for i in range(n_columns)]
    rows = data.draw(st.lists(st.lists(cells, min_size=n_columns, max_size=n_columns), min_size=1, max_size=5))
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    table = read_table(written(tmp_path_factory.mktemp("csv"), text.getvalue()))
    assert list(table.columns) == header
    assert [list(row) for row in zip(*table.columns.values(), strict=True)] == [
        [c.strip() for c in row] for row in rows
    ]


def test_rows_are_counted_while_they_are_read(tmp_path):
    seen = []
    read_table(written(tmp_path, "a,b\n" + "1,2\n" * 12_000), seen.append)
    assert seen == [5_000, 10_000]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"t.csv is empty"),
        (b"\n \n", r"t.csv is empty"),
        (b"a,b\n", r"header of 2 columns but no rows"),
        (b"a\n", r"header of 1 column but no rows"),
        (b"a,b\n1,2\n1,2,3\n", r"t.csv:3: this row has 3 cells, but the header names 2 columns. Is there a delimiter"),
        (b'a,b\n"1\n1",2\n1\n', r"t.csv:4: this row has 1 cell, but the header names 2 columns$"),
        (b"a,b,a\n1,2,3\n", r"t.csv:1: every column needs a name of its own, but 'a' is there more than once"),
        (b"5.1,3.5,setosa\n4.9,3,setosa\n", r"t.csv:1: the first line must name the columns.*5.1, 3.5, setosa"),
        (b"5,3,1\n4,9,3\n", r"t.csv:1: the first line must name the columns"),
        ("a,b\n1,2\n1,café\n".encode("latin-1"), r"t.csv:3: not a text in UTF-8, it has the byte 0xe9"),
        ("a,b\n1,2\n".encode("utf-16"), r"text in UTF-16"),
        (b"a,b\n1,\x002\n", r"t.csv:2: not a text file, it has a NUL character"),
        (b'a,b\n1,"2\n', r"t.csv:2: this is no CSV: .*a quote inside of it is doubled"),
        (b"PK\x03\x04rest", "an Excel workbook or another zip archive, not a table"),
        (b"PAR1rest", "a Parquet file, not a table"),
        (b"\x40\0\0\0\0\0\0\0{", "a trained model, not a table"),
        (b"\x1f\x8b\x08rest", "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_with_file_and_line(tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        read_table(written(tmp_path, content))


def test_a_network_file_is_no_table(tmp_path):
    with pytest.raises(InputError, match="a network file, not a table"):
        read_table(written(tmp_path, "title = 1", "net.toml"))


def test_a_misspelt_name_is_helped(tmp_path):
    written(tmp_path, "a,b\n1,2\n", "houses.csv")
    with pytest.raises(InputError, match=r"Did you mean 'houses.csv'\?"):
        read_table(tmp_path / "house.csv")
    with pytest.raises(InputError, match=r"Did you mean 'digits'\?"):
        read_table("digitz")
    with pytest.raises(InputError, match="there is no folder"):
        read_table(tmp_path / "nowhere" / "houses.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_table(tmp_path)


def test_stems():
    from pathlib import Path

    assert [stem_of(Path(name)) for name in ("a.csv", "b.tsv.gz", "c", "d.2024.csv")] == ["a", "b", "c", "d.2024"]


@pytest.mark.parametrize("name", DATA_SETS)
def test_the_bundled_data_are_scikit_learn_s(name):
    import sklearn.datasets

    bunch = getattr(sklearn.datasets, f"load_{name}")(**({"scaled": False} if name == "diabetes" else {}))
    table = read_table(name)
    *inputs, target = table.columns
    assert table.target == target
    assert [list(map(float, table.columns[column])) for column in inputs] == bunch.data.T.tolist()
    classes = getattr(bunch, "target_names", None)
    expected = bunch.target if classes is None else [classes[number] for number in bunch.target]
    assert list(table.columns[target]) == [f"{float(v):g}" if classes is None else str(v) for v in expected]


def test_reading_them_does_not_import_scikit_learn():
    import subprocess

    script = (
        "from workings.engine.tables import read_table; read_table('iris'); import sys; print('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.strip() == b"False"


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("workings.engine.bundled.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"workings\[train\]"):
        read_table("iris")


def test_a_scikit_learn_without_the_file_is_told(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_loader("sklearn", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr("workings.engine.bundled.find_spec", lambda name: spec)
    with pytest.raises(InputError, match="does not carry the data set 'iris'"):
        read_table("iris")

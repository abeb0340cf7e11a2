import csv
import io
import json

import pytest

from workings.cli.main import run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def told(capsys):
    """Run a command; its exit status, stdout and stderr."""

    def tell(*arguments):
        status = run([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return tell


@pytest.fixture
def model(told):
    told("train", "iris", "--epochs", 60)
    return "iris.model.safetensors"


@pytest.fixture
def two_flowers(folder):
    header = "petal_width,petal_length,sepal_width,sepal_length\n"
    (folder / "new.csv").write_text(header + "0.2,1.4,3.5,5.1\n2.3,5.9,3.0,\n", encoding="utf-8")
    return "new.csv"


def test_every_row_gets_a_prediction_and_all_probabilities(told, model, two_flowers):
    status, out, err = told("predict", model, two_flowers)
    first, second = csv.DictReader(io.StringIO(out))
    assert (status, err) == (0, "")
    assert out.startswith("row,prediction,probability,p(setosa),p(versicolor),p(virginica)\n1,setosa,")
    assert (second["row"], second["prediction"]) == ("2", "virginica")
    assert first["probability"] == first["p(setosa)"]
    assert sum(float(first[f"p({name})"]) for name in ("setosa", "versicolor", "virginica")) == pytest.approx(
        1, abs=2e-6
    )


def test_known_targets_are_scored_on_stderr(told, model):
    status, out, err = told("predict", model, "iris")
    assert status == 0 and len(out.splitlines()) == 151
    assert err.startswith("accuracy 0.9") and "on 150 rows whose 'species' is known" in err
    assert "the data that the model was trained on" in err


def test_numbers_are_predicted_alone(told):
    told("train", "diabetes", "--epochs", 2)
    _, out, err = told("predict", "diabetes.model.safetensors", "diabetes")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["row", "prediction"]
    assert 0 < float(rows[0]["prediction"]) < 500
    assert err.startswith("R") and "on 442 rows" in err


def test_json_is_one_object(told, model, two_flowers):
    content = json.loads(told("predict", model, two_flowers, "--json")[1])
    assert (content["schema"], content["target"], content["score"]) == ("workings.predict/1", "species", None)
    assert [row["prediction"] for row in content["rows"]] == ["setosa", "virginica"]
    assert sum(content["rows"][0]["probabilities"]) == pytest.approx(1)


def test_unseen_categories_are_remarked_on(told, folder):
    lines = ["colour,x,y", *(f"{'red' if i % 2 else 'blue'},{i},{'a' if i % 2 else 'b'}" for i in range(20))]
    (folder / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    told("train", "t.csv", "--updates", 5)
    (folder / "u.csv").write_text("colour,x\ngreen,3\n", encoding="utf-8")
    status, _, err = told("predict", "t.model.safetensors", "u.csv")
    assert status == 0
    assert err.startswith("note: 1 row has a category in the column 'colour' that is not among the model's: 'green'")


def test_a_model_of_whatever_ending_is_found_again(told, folder):
    told("train", "iris", "--updates", 1, "-o", "flowers.model")
    assert (
        "flower.model: there is no such model. Did you mean 'flowers.model'?"
        in told("predict", "flower.model", "iris")[2]
    )
    for command in ("explain", "draw", "check"):
        err = told(command, "flowers", "--data", "iris", "--sample", 1)[2]
        assert "flowers: there is no such file, model or example. Did you mean 'flowers.model'?" in err
    (folder / "flowers.model").rename(folder / "flowers.model.safetensors")
    assert "Did you mean 'flowers.model.safetensors'?" in told("explain", "flowers.model", "--data", "iris")[2]


@pytest.mark.parametrize("command", ["explain", "draw", "check"])
@pytest.mark.parametrize("table", ["new.csv", "iris"])
def test_a_table_is_no_network_and_it_is_told_where_it_belongs(told, two_flowers, command, table):
    status, out, err = told(command, table)
    assert (status, out) == (2, "")
    assert err == (
        f"workings: {table} is a table, not a network: `workings train {table}` trains one on it, and a trained model "
        f"takes it with --data {table}\n"
    )


@pytest.mark.parametrize("command", ["explain", "draw", "check"])
def test_the_row_taken_is_told_where_none_was_asked_for(told, model, command):
    first = told(command, model, "--data", "iris")
    assert first[2] == "note: row 1 of iris; --sample I takes another\n"
    assert told(command, model, "--data", "iris", "--sample", 1) == (0, first[1], "")


def test_the_help_names_the_files_that_its_examples_make(told):
    assert "workings train digits --layers 100 --epochs 50 -o digits.model\n" in told("train", "--help")[1]
    for command in ("explain", "check"):
        assert "digits.model --data digits" in told(command, "--help")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["iris.model.safetensor", "new.csv"], "Did you mean 'iris.model.safetensors'?"),
        (["iris.model.safetensors", "ne.csv"], "Did you mean 'new.csv'?"),
        (["new.csv", "new.csv"], "new.csv is no trained model"),
        (
            ["new.csv", "iris.model.safetensors"],
            "iris.model.safetensors is the model, which comes first: workings predict iris.model.safetensors new.csv",
        ),
        (["two-two-two", "new.csv"], "two-two-two is a network that was trained on no table: `workings train`"),
        (["net.toml", "new.csv"], "net.toml is a network that was trained on no table"),
        (["x" * 5000, "new.csv"], "cannot be read"),
        (["iris.model.safetensors", "wine"], "wine lacks the columns 'sepal_length', 'sepal_width'"),
        (["iris.model.safetensors", "iris.model.safetensors"], "a trained model, not a table"),
        (["two.safetensors", "new.csv"], "was trained on its own example"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_are_told_in_a_sentence(told, model, two_flowers, arguments, message):
    told("new", "2-1", "-o", "net.toml")
    told("train", "two-two-two", "--updates", 1, "-o", "two.safetensors")
    status, out, err = told("predict", *arguments)
    assert (status, out) == (2, "")
    assert message in err and "Traceback" not in err

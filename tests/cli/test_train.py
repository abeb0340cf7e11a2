import json
import os
import random
import re
import signal
import subprocess
import sys

import pytest

from workings.cli.main import run
from workings.engine import progress
from workings.engine.descent import Descent
from workings.engine.model import Model
from workings.engine.tables import read_table
from workings.network.clipping import CLIPPINGS
from workings.network.network_dump import dump
from workings.network.network_file import examples, load

TWO_TWO_TWO = """\
update             cost     output 1     output 2
     0      0.298371109  0.751365070  0.772928465
     1      0.291027774  0.742088111  0.775284968
    10      0.220918592  0.645173728  0.794062461
   100      0.020046828  0.175807142  0.877742937
  1000      0.001114349  0.044052885  0.957302907
 10000  0.0000351018778  0.015913620  0.984064274
"""


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
def pets(folder):
    generator = random.Random(0)
    lines = ["id;colour;weight;kind"]
    for i in range(100):
        kind = generator.choice(["cat", "dog"])
        weight = generator.gauss(4 if kind == "cat" else 20, 1)
        lines.append(f"{i};{generator.choice(['red', 'blue', ''])};{weight:.2f};{kind}".replace(".", ","))
    (folder / "pets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "pets.csv"


class TestNetworkFile:
    def test_the_table_is_on_stdout_and_nothing_else(self, told):
        assert told("train", "two-two-two", "--updates", 10000) == (0, TWO_TWO_TWO, "")

    def test_no_model_is_left_unless_asked_for(self, told, folder):
        told("train", "two-two-two", "--updates", 1)
        assert list(folder.iterdir()) == []
        assert told("train", "two-two-two", "--updates", 1, "-o", "m.safetensors")[2] == "saved m.safetensors\n"
        model = Model.load("m.safetensors")
        assert model.facts == {"optimizer": "sgd", "learning_rate": 0.5, "schedule": "constant", "updates": 1}
        assert model.network.example.learning_rate == 0.5

    def test_a_model_keeps_how_its_gradients_were_clipped(self, told, folder):
        (folder / "net.toml").write_text("clip_norm = 0.3\n" + dump(load("two-two-two")), encoding="utf-8")
        for given in ({}, {"clip_norm": 0.1}, {"clip_value": 0.2}):
            options = [f"--{name.replace('_', '-')}={bound}" for name, bound in given.items()]
            assert told("train", "net.toml", "--updates", 2, *options, "-o", "m")[0] == 0
            facts = Model.load("m").facts
            assert {name: facts[name] for name in CLIPPINGS if name in facts} == (given or {"clip_norm": 0.3})

    def test_a_search_has_no_learning_rate(self, told):
        assert told("train", "two-two-two", "--updates", 2, "--optimizer", "lbfgs:memory=5", "-o", "m")[0] == 0
        facts = Model.load("m").facts
        assert (facts["optimizer"], facts["learning_rate"]) == ("lbfgs:memory=5", None)

    def test_a_model_of_an_example_can_be_trained_on(self, told):
        told("train", "two-two-two", "--updates", 100, "-o", "m.safetensors")
        continued = told("train", "m.safetensors", "--updates", 900)[1]
        assert continued.splitlines()[-1].endswith("0.001114349  0.044052885  0.957302907")

    @pytest.mark.parametrize("name", examples())
    def test_every_shipped_example_lowers_its_cost_and_fits_the_screen(self, told, name):
        status, out, _ = told("train", name, "--updates", 100)
        costs = [float(line.split()[1]) for line in out.splitlines()[1:]]
        assert status == 0 and costs[-1] < costs[0]
        assert max(map(len, out.splitlines())) <= 80

    def test_json_is_one_object(self, told):
        status, out, err = told("train", "two-two-two", "--updates", 10, "--json")
        content = json.loads(out)
        assert (status, err, content["schema"], content["stopped"]) == (0, "", "workings.train/1", False)
        assert [moment["update"] for moment in content["history"]] == [0, 1, 10]
        assert content["history"][0]["cost"] == pytest.approx(0.298371108760003, rel=1e-12)
        assert content["history"][0]["outputs"] == pytest.approx([0.751365069552316, 0.772928465321463], rel=1e-12)

    def test_a_file_without_ending_is_judged_by_how_it_begins(self, told, folder):
        from importlib import resources

        text = resources.files("workings").joinpath("examples", "two-two-two.toml").read_text(encoding="utf-8")
        (folder / "mine").write_text(text, encoding="utf-8")
        assert told("train", "mine", "--updates", 1)[1] == told("train", "two-two-two", "--updates", 1)[1]

    @pytest.mark.parametrize(
        "option",
        ["--target=y", "--layers=3", "--activation=tanh", "--loss=cross_entropy", "--batch-size=2", "--epochs=2",
         "--validation=0.1", "--seed=1", "--patience=3"],
    )  # fmt: skip
    def test_options_for_data_are_refused_not_ignored(self, told, option):
        status, out, err = told("train", "two-two-two", option)
        assert (status, out) == (2, "")
        assert err.startswith(
            f"workings: {option.split('=')[0]} does not apply to a network file such as two-two-two: "
        )

    def test_divergence_shows_the_way_there_and_exits_with_1(self, told):
        status, out, err = told("train", "deep-four", "--learning-rate", "1e200")
        assert status == 1
        assert out.splitlines()[1].startswith("     0  3.1467")
        assert "training diverged at update 1" in err and "smaller than 1e+200" in err

    def test_ctrl_c_keeps_what_there_is(self, told, monkeypatch):
        monkeypatch.setattr(progress, "SECONDS_BETWEEN_REPORTS", 0.0)
        steps = iter(range(10_000))
        step = Descent._step

        def interrupted(descent, rate):
            step(descent, rate)
            if next(steps) == 5:
                signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(Descent, "_step", interrupted)
        status, out, err = told("train", "two-two-two", "--updates", 1000, "-o", "m.safetensors")
        assert status == 130
        assert out.splitlines()[-1].split()[0] == "6"
        assert "stopped after 6 of 1,000 updates" in err
        assert Model.load("m.safetensors").facts["updates"] == 6


class TestData:
    def test_a_csv_is_held_out_judged_saved_and_a_next_step_suggested(self, told, pets):
        status, out, err = told("train", pets)
        assert status == 0
        assert re.fullmatch(
            r"held-out accuracy 1\.0000 \(20 of 20 rows; the commonest class alone 0\.[56]\d{3}\)\n", out
        )
        assert "note: the column 'id' is left out: it only numbers the rows" in err
        assert "note: pets has 100 rows, 20 of them held out; 4 inputs to predict 'kind', one of 2 classes" in err
        assert "saved pets.model.safetensors" in err
        suggestion = err.splitlines()[-1].split()
        assert suggestion[:5] == ["workings", "explain", "pets.model.safetensors", "--data", "pets.csv"]

    def test_the_suggested_command_works(self, told, pets):
        suggestion = told("train", pets)[2].splitlines()[-1].split()
        status, out, _ = told(*suggestion[1:])
        assert status == 0 and "dC/dw" in out

    def test_a_number_is_judged_by_r_squared(self, told, pets):
        _, out, err = told("train", pets, "--target", "weight")
        assert out.startswith("held-out R") and "(20 rows)" in out
        assert "to predict 'weight', a number" in err

    def test_whole_numbers_are_classes_and_the_option_that_makes_them_numbers_is_named(self, told, folder):
        rows = [f"{i},{i % 5 + 1}" for i in range(100)]
        (folder / "t.csv").write_text("\n".join(["x,rating", *rows]) + "\n", encoding="utf-8")
        err = told("train", "t.csv", "--updates", 1)[2]
        assert "one of 5 classes (--loss half_squared_error takes it as a number)\n" in err
        err = told("train", "t.csv", "--updates", 1, "--loss", "half_squared_error")[2]
        assert "to predict 'rating', a number\n" in err

    def test_a_data_set_by_name(self, told):
        status, out, err = told("train", "iris", "--layers", "8,4", "--epochs", 60, "-o", "flowers")
        assert status == 0 and "of 30 rows" in out and "saved flowers" in err
        assert Model.load("flowers").network.sizes == (4, 8, 4, 3)
        assert Model.load("flowers").predict(read_table("iris")).score > 0.9

    def test_a_data_set_s_name_wins_over_a_file_and_that_is_told(self, told, folder):
        (folder / "iris").write_text("a,b\n1,2\n", encoding="utf-8")
        _, _, err = told("train", "iris", "--updates", 1)
        assert "note: 'iris' is taken as the data set of that name; for the file write ./iris" in err
        assert "header" not in err

    def test_rare_categories_are_told_once_and_never_called_unknown(self, told, folder):
        rows = [f"{i},city {i % 60},{'a' if i % 2 else 'b'}" for i in range(300)]
        (folder / "t.csv").write_text("\n".join(["x,city,kind", *rows]) + "\n", encoding="utf-8")
        err = told("train", "t.csv", "--updates", 1)[2]
        assert "the column 'city' has 60 categories; only the 50 commonest count" in err
        assert "not among the model's" not in err

    def test_the_model_before_is_kept_once(self, told, pets):
        told("train", pets, "--seed", 1)
        first = Model.load("pets.model.safetensors")
        err = told("train", pets, "--seed", 2)[2]
        assert "the model that was here before is now pets.model.previous.safetensors" in err
        assert Model.load("pets.model.previous.safetensors").facts == first.facts
        assert Model.load("pets.model.safetensors").facts["seed"] == 2

    def test_json_is_one_object(self, told, pets):
        status, out, _ = told("train", pets, "--json", "--epochs", 3, "--validation", 0.1)
        content = json.loads(out)
        assert status == 0
        assert (content["schema"], content["target"], content["classes"]) == (
            "workings.train/1",
            "kind",
            ["cat", "dog"],
        )
        assert (content["rows"], content["rows_held_out"], content["epochs"]) == (90, 10, 3)
        assert [moment["epoch"] for moment in content["history"]] == [1, 2, 3]
        assert content["score"] == content["history"][-1]["score"]
        assert content["score_of_commonest_class"] == 0.6  # 6 of 10

    def test_the_rows_trained_on_are_scored_too_where_asked(self, told, pets):
        options = ("train", pets, "--epochs", 3, "--train-score")
        history = json.loads(told(*options, "--json")[1])["history"]
        assert all(moment["train_score"] * 80 == pytest.approx(round(moment["train_score"] * 80)) for moment in history)
        out = told(*options)[1].splitlines()
        assert out[1:] == [f"training accuracy {history[-1]['train_score']:.4f} (80 rows)"]
        unasked = json.loads(told(*options[:-1], "--json")[1])["history"]
        assert {moment["train_score"] for moment in unasked} == {None}
        assert [moment["score"] for moment in unasked] == [moment["score"] for moment in history]
        assert told(*options, "--validation", 0)[1].startswith("accuracy ")
        status, _, err = told("train", "two-two-two", "--train-score")
        assert status == 2 and "--train-score does not apply to a network file such as two-two-two" in err

    def test_patience_ends_it_and_says_which_epoch_the_weights_are_from(self, told, pets, folder):
        generator = random.Random(0)
        rows = [f"{generator.random():.3f},{generator.choice('ab')}" for _ in range(100)]
        (folder / "t.csv").write_text("\n".join(["x,kind", *rows]) + "\n", encoding="utf-8")
        status, out, err = told("train", "t.csv", "--epochs", 300, "--patience", 3, "--learning-rate", 2, "--json")
        content = json.loads(out)
        costs = [moment["validation_cost"] for moment in content["history"]]
        best = content["best_epoch"]
        assert status == 0 and not content["stopped"] and len(costs) == best + 3
        assert costs[best - 1] == min(costs)
        assert all(moment["validation_objective"] == moment["validation_cost"] for moment in content["history"])
        assert f"note: the weights are those of epoch {best} of {len(costs)}, where the cost of the validation" in err
        assert content["score"] == content["history"][best - 1]["score"]
        status, _, err = told("train", pets, "--patience", 3, "--validation", 0)
        assert status == 2 and "validation 0 holds out none" in err

    def test_a_schedule_is_kept_and_shown(self, told, pets):
        options = ("--epochs", 4, "--batch-size", 20, "--schedule", "cosine:warmup=2", "--checkpoint", "run")
        assert told("train", pets, *options)[0] == 0
        assert Model.load("pets.model.safetensors").facts["schedule"] == "cosine:warmup=2"
        status, out, _ = told("explain", "run", "--update", 7, "eta")
        assert status == 0 and "if (t - 1)/n < T;" in out and "{t/(n*T_w) if t < n*T_w; 1 otherwise}" in out
        assert told("explain", "run", "eta_0")[1].strip() == "eta0 = 0.1"
        status, _, err = told("explain", "run", "gamma")
        assert status == 2 and "the schedule is cosine, which has eta_0, t, n, over, warmup" in err
        status, _, err = told("explain", "run", "--schedule", "step")
        assert status == 2 and "a run was made by one schedule" in err

    def test_nothing_held_out_is_said(self, told, pets):
        assert (
            "of 100 rows, the ones it was trained on: none were held out; the commonest class alone 0.5"
            in told("train", pets, "--validation", 0)[1]
        )

    def test_standard_input(self, folder, pets):
        command = [sys.executable, "-m", "workings.cli.main"]
        script = "import sys; from workings.cli.main import main; main(sys.argv[1:])"
        command = [sys.executable, "-c", script, "train", "-", "--updates", "3"]
        done = subprocess.run(command, input=(folder / pets).read_bytes(), capture_output=True, check=True)
        assert b"held-out accuracy" in done.stdout
        assert (folder / "data.model.safetensors").is_file()

    def test_a_reader_who_has_seen_enough_is_no_error(self):
        script = "import sys; from workings.cli.main import main; main(sys.argv[1:])"
        command = [sys.executable, "-c", script, "train", "two-two-two", "--updates", "3"]
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
        os.close(writer)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_ctrl_c_keeps_what_there_is(self, told, pets, monkeypatch):
        monkeypatch.setattr(progress, "SECONDS_BETWEEN_REPORTS", 0.0)
        steps = iter(range(10_000))
        step = Descent._step

        def interrupted(descent, rate):
            step(descent, rate)
            if next(steps) == 5:
                signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(Descent, "_step", interrupted)
        status, out, err = told("train", pets)
        assert status == 130
        assert out.startswith("held-out accuracy") and "stopped after 6 updates" in err
        assert Model.load("pets.model.safetensors").facts["updates"] == 6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["two-two-tw"],
            "workings: two-two-tw: there is no such file, example or data set. Did you mean 'two-two-two'?",
        ),
        (["pet.csv"], "Did you mean 'pets.csv'?"),
        (["digit"], "Did you mean 'digits'?"),
        (["no/pets.csv"], "there is no folder 'no'"),
        (["."], "is a folder, not a table"),
        (["pets.csv", "--target", "knd"], "Did you mean 'kind'?"),
        (["pets.csv", "--schedule", "cosin"], "Did you mean 'cosine'?"),
        (["pets.csv", "--patience", "0"], "--patience"),
        (["pets.csv", "--activation", "rlu"], "Did you mean 'relu'?"),
        (["pets.csv", "--updates", "1", "--epochs", "1"], "not with both"),
        (["pets.csv", "--layers", "3,x"], "'3,x' is no list of layers"),
        (["pets.csv", "--layers", "-3"], "'-3' is no list of layers"),
        (["pets.csv", "--learning-rate", "0"], "--learning-rate"),
        (["pets.csv", "--validation", "1"], "--validation"),
        (["pets.csv", "-o", "no/m"], "there is no folder 'no' to save in"),
        (["pets.csv", "-o", "."], "is a folder"),
        (["pets.csv", "-o", "-"], "name a file to save it in"),
        (["pets.csv", "--learning-rate", "1e300"], "training diverged at update"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_are_told_in_a_sentence(told, pets, arguments, message):
    status, out, err = told("train", *arguments)
    assert status == (1 if "diverged" in message else 2)
    assert out == ""
    assert message in err and "Traceback" not in err


def test_a_model_trained_on_data_is_not_trained_on(told, pets):
    told("train", pets, "--updates", 1)
    status, _, err = told("train", "pets.model.safetensors")
    assert status == 2 and "was trained on data, which it does not hold" in err


class TestCheckpoints:
    def test_a_run_is_kept_and_goes_on(self, told):
        assert told("train", "two-two-two", "--updates", 100, "--checkpoint", "run")[0] == 0
        status, out, err = told("train", "two-two-two", "--updates", 10000, "--checkpoint", "run", "--resume")
        assert (status, out, err) == (0, TWO_TWO_TWO, "")

    def test_so_does_one_on_data(self, told, pets):
        command = ("train", pets, "--target", "kind", "--seed", 3, "-o", "m")
        assert told(*command, "--epochs", 20)[0] == 0
        whole = Model.load("m").network.parameters.flat.tolist()
        assert told(*command, "--epochs", 5, "--checkpoint", "run", "--resume")[0] == 0
        assert told(*command, "--epochs", 20, "--checkpoint", "run", "--resume")[0] == 0
        assert Model.load("m").network.parameters.flat.tolist() == whole

    def test_what_does_not_fit_is_told(self, told, pets):
        assert told("train", "two-two-two", "--updates", 5, "--checkpoint", "run")[0] == 0
        status, _, err = told("train", "two-two-two", "--updates", 9, "--checkpoint", "run")
        assert status == 2 and "run holds a run already: resume it" in err
        status, _, err = told("train", pets, "--target", "kind", "--checkpoint", "run", "--resume")
        assert status == 2 and "run holds a run with sizes [2, 2, 2], but now it is" in err
        status, _, err = told("train", "two-two-two", "--resume")
        assert status == 2 and "resume is given without checkpoint" in err

    @pytest.mark.filterwarnings("always")
    def test_a_damaged_checkpoint_is_a_remark(self, told, folder):
        assert told("train", "two-two-two", "--updates", 5, "--checkpoint", "run")[0] == 0
        *_, last = sorted((folder / "run").glob("checkpoint-*"))
        last.write_bytes(b"")
        status, _, err = told("train", "two-two-two", "--updates", 9, "--checkpoint", "run", "--resume")
        assert status == 0
        assert re.fullmatch(r"note: .*checkpoint-000000000005.safetensors is damaged: .*before it is taken\n", err)


def test_a_network_too_large_for_the_machine_is_told(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def fit(*_: object):
        raise MemoryError

    monkeypatch.setattr("workings.engine.fitting.fit", fit)
    assert run(["train", "iris", "--layers", "100000000"]) == 2
    assert "workings: there is not enough memory for this" in capsys.readouterr().err

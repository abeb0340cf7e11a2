"""What ``workings train --help`` says of optimizers and schedules is what their records say."""

import runpy
from pathlib import Path

from workings.cli import records
from workings.cli.main import run
from workings.network.optimizers import OPTIMIZERS
from workings.network.schedules import SCHEDULES
from workings.network.searches import SEARCHES

TELLER = Path(__file__).parents[2] / "scripts" / "records.py"


def test_what_the_help_says_was_made_of_the_records_of_today():
    fresh = runpy.run_path(str(TELLER))["source"]()
    written = Path(records.__file__).read_text(encoding="utf-8")
    assert written == fresh, "cli/records.py is not what the records say; `make readme` brings it up to date"


def test_the_help_names_each_with_its_settings_in_80_columns(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["train", "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    told = " ".join(" ".join(lines).partition("Optimizers,")[2].split())
    for name, record in (OPTIMIZERS | SEARCHES | SCHEDULES).items():
        settings = ",".join(f"{setting}={value:g}" for setting, value in record.settings.items())
        rate = f" (learning rate {record.learning_rate:g})" if name in OPTIMIZERS else ""
        assert " ".join(f" {name} {settings}{rate}".split()) in told

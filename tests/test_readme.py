"""README.md shows what the program prints; ``scripts/readme.py`` keeps it so, and says when it is not."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STALE = "# Title\n\n```console\n$ workings --version\nworkings 0.0.0\n```\n"


def readme(*arguments):
    command = [sys.executable, str(ROOT / "scripts" / "readme.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_readme_shows_what_the_program_prints():
    checked = readme("--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_python_in_readme_runs(tmp_path):
    programs = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert programs
    for program in programs:
        ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr.decode()


def test_a_stale_output_is_found_and_brought_up_to_date(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(STALE, encoding="utf-8")
    checked = readme("--check", page)
    assert checked.returncode == 1
    assert "-workings 0.0.0" in checked.stdout
    assert page.read_text(encoding="utf-8") == STALE

    assert readme(page).returncode == 0
    assert "workings 0.0.0" not in page.read_text(encoding="utf-8")
    assert readme("--check", page).returncode == 0


def test_a_stale_picture_is_found_and_drawn_anew(tmp_path):
    page, picture = tmp_path / "page.md", tmp_path / "docs" / "net.svg"
    page.write_text("```console\n$ workings draw two-two-two -o docs/net.svg\n```\n", encoding="utf-8")
    assert readme("--check", page).returncode == 1
    assert readme(page).returncode == 0
    assert picture.read_text(encoding="utf-8").startswith("<")
    assert readme("--check", page).returncode == 0


def test_a_picture_from_another_processor_is_not_stale_but_one_with_another_number_is(tmp_path):
    page, picture = tmp_path / "page.md", tmp_path / "docs" / "net.svg"
    page.write_text("```console\n$ workings draw two-two-two -o docs/net.svg\n```\n", encoding="utf-8")
    assert readme(page).returncode == 0
    drawn = picture.read_text(encoding="utf-8")
    number = re.search(r"= (0\.\d{14,})<", drawn)[1]
    for digits, status in ((15, 0), (8, 1)):
        changed = number[:digits] + str((int(number[digits]) + 5) % 10) + number[digits + 1 :]
        picture.write_text(drawn.replace(number, changed), encoding="utf-8")
        assert readme("--check", page).returncode == status


def test_output_can_be_cut_as_head_cuts_it(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ workings --help | head -n 1\n```\n", encoding="utf-8")
    assert readme(page).returncode == 0
    assert page.read_text(encoding="utf-8").splitlines()[2].startswith("Usage: workings")
    assert len(page.read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize("command", ["workings explain no-such-file", "rm -rf precious"])
def test_a_command_that_fails_is_told(tmp_path, command):
    page = tmp_path / "page.md"
    page.write_text(f"```console\n$ {command}\n```\n", encoding="utf-8")
    told = readme("--check", page)
    assert told.returncode == 1
    assert command in told.stderr

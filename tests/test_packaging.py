"""What somebody gets who installs the package: the files of the wheel, its extras, its version."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import workings

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "workings"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("workings-*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel):
    files = {path.relative_to(PACKAGE.parent).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    wanted = {name for name in files if name.endswith((".py", ".toml", "py.typed"))}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == wanted
    assert {"workings/py.typed", "workings/examples/two-two-two.toml"} <= held


def test_the_wheel_says_what_it_is(wheel):
    info = f"workings-{workings.__version__}.dist-info"
    metadata = wheel.read(f"{info}/METADATA").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert "workings = workings.cli.start:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert f"{info}/licenses/LICENSE" in wheel.namelist()


def test_every_extra_that_an_error_names_exists():
    sources = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    named = {extra for source in sources for extra in re.findall(r"pip install 'workings\[(\w+)\]", source)}
    assert "train" in named
    assert named <= set(PROJECT["optional-dependencies"])


def test_all_holds_every_extra_for_users():
    extras = set(PROJECT["optional-dependencies"]) - {"all", "test"}
    (everything,) = PROJECT["optional-dependencies"]["all"]
    assert set(re.fullmatch(r"workings\[(.*)\]", everything)[1].split(",")) == extras


def test_the_changelog_begins_with_this_version():
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == workings.__version__

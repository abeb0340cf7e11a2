"""LaTeX and Markdown: complete, balanced, and accepted by pdflatex where there is one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from workings.network.network_file import examples, load
from workings.network.notations import NOTATIONS
from workings.presentation import latex, markdown
from workings.presentation.explain import explain


@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("form", ["scalar", "matrix"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_braces_and_environments_are_balanced(name: str, form: str, notation: str) -> None:
    text = latex.render(explain(load(name), form=form, notation=notation))
    unescaped = re.sub(r"\\[{}]", "", text)
    assert unescaped.count("{") == unescaped.count("}")
    assert re.findall(r"\\begin\{(\w+\*?)\}", text).count("aligned") == text.count(r"\end{aligned}")
    assert text.startswith(r"\documentclass")
    assert text.endswith("\\end{document}\n")
    assert text.count(r"\left(") == text.count(r"\right)")


@pytest.mark.parametrize("name", examples())
def test_markdown_opens_and_closes_every_formula(name: str) -> None:
    text = markdown.render(explain(load(name)))
    assert text.startswith("# ")
    assert text.count("$$") % 2 == 0
    assert text.replace("$$", "").count("$") % 2 == 0


def test_numbered_steps_carry_their_number() -> None:
    assert r"\tag{21}" in latex.render(explain(load("two-three-one")))


def test_running_text_cannot_become_a_command() -> None:
    assert latex.escaped(r"50 % of {x_1} & \input^~#$") == (
        r"50 \% of \{x\_1\} \& \textbackslash{}input\textasciicircum{}\textasciitilde{}\#\$"
    )


@pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="pdflatex is not installed (Debian: texlive-latex-recommended)"
)
@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("options", [{}, {"form": "matrix"}, {"depth": "rules", "upto": 8, "notation": "net-out"}])
def test_pdflatex_accepts_it(name: str, options: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "lesson.tex").write_text(latex.render(explain(load(name), **options)), encoding="utf-8")  # type: ignore[arg-type]
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "lesson.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]

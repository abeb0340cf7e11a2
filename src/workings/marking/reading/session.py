"""What a session with Python printed, as the other side of what was typed: ``>>> a1`` and below it its numbers.

The text keeps its length, so that every character stays where it is.
"""

from __future__ import annotations

import re

_PROMPT = re.compile(r"[ \t]*(?:In ?\[[\d ]*\]:|>>>|\.\.\.:?)(?=[ \t]|$)")
_ANSWER = re.compile(r"[ \t]*Out ?\[\d*\]:")
_PRINT = re.compile(r"(?P<start>[ \t]*)print\((?P<typed>[^'\"#]{1,300})\)(?P<rest>[ \t]*(?:#.*)?)$")
_NUMBERS = re.compile(r"[ \t]*(?:(?:array|tensor|matrix)\(\s*\[|\[+[ \t]*-?\.?\d|(?:np\.float(?:32|64)\()?-?\d*\.\d)")
_REMARK = re.compile(r"(?P<typed>.*[\w)\]])[ \t]+#(?P<said>.*)$")
_ONLY_NUMBERS = re.compile(r"[ \t]*(?:(?:array\()?\[[-+\d.eE,\s\[\]]+\]\)?|-?\d*\.\d+(?:[eE][-+]?\d+)?)[ \t]*$")
_WORKS_OUT = re.compile(r"[^=]*=?[^=]*[A-Za-z(][^=]*$")
_SCALAR = re.compile(r"np\.float(?<=\bnp\.float)(?:32|64)\((?P<number>-?\d*\.?\d+(?:e[-+]?\d+)?)\)")
_TRANSPOSED = re.compile(r"\.T(?<=[\w)\]]\.T)\b(?![.(])")
_LONGEST_LINE = 1_000


def with_outputs(text: str) -> str:
    """The same text, as long as before, with a sign of equality between what was typed and what was printed for it."""
    typed = text.split("\n")
    lines = list(typed)
    ends = ["\n"] * len(lines)
    before, shows = 0, False  # the last line that is not empty, and whether its value is shown below it
    given: int | None = None  # the line before that, where it gives the name that is asked for a value
    for at, line in enumerate(lines):
        if len(line) > _LONGEST_LINE or not line.strip():
            continue
        answer = _ANSWER.match(line)
        if answer is None and not (shows and before == at - 1 and _NUMBERS.match(line)):
            is_one_of_several = _PRINT.match(line) and before == at - 1 and _PRINT.match(typed[before])
            lines[at], shows = _typed(line)
            given = before if before == at - 1 and _gives(lines[before], lines[at]) else None
            before, shows = at, shows and not is_one_of_several  # nobody can tell which shows which
            continue
        if given is not None:
            lines[before], ends[given], before = " " * len(lines[before]), " ", given
        lines[before] = _without_remark(lines[before])
        ends[before:at] = [" "] * (at - before)
        if answer is None:
            ends[at - 1] = "="
        else:
            lines[at] = "=".rjust(answer.end()) + line[answer.end() :]
        before, shows, given = at, False, None
    joined = "".join(line + end for line, end in zip(lines, ends, strict=True))[:-1]
    joined = _SCALAR.sub(lambda found: f"{found['number']} ".rjust(len(found[0])), joined)
    return _TRANSPOSED.sub("^T", joined)


def _typed(line: str) -> tuple[str, bool]:
    """A line without what only sets it off as typed, and whether its value is shown below it."""
    prompt = _PROMPT.match(line)
    code = " " * prompt.end() + line[prompt.end() :] if prompt else line
    if printed := _PRINT.match(code):
        code = f"{printed['start']}      {printed['typed']} {printed['rest']}"
    remark = _REMARK.match(code) if "#" in code else None
    if remark and _ONLY_NUMBERS.match(remark["said"]) and (printed or _WORKS_OUT.match(remark["typed"])):
        return f"{code[: remark.start('said') - 1]}={remark['said']}", False
    return code, printed is not None or (prompt is not None and prompt[0].endswith(">>>"))


def _gives(line: str, name: str) -> bool:
    """Whether a line gives a name its value, and the next one is that name alone."""
    left, equals, right = line.partition("=")
    return bool(equals) and left.strip() == name.strip() != "" and not right.startswith("=")


def _without_remark(line: str) -> str:
    """A line without the remark at its end, which would stand between it and what it gives."""
    remark = _REMARK.match(line)
    return line if remark is None else remark["typed"].ljust(len(line))

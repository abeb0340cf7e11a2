"""Characters to tokens, for plain text, Unicode mathematics and LaTeX alike.

Two ways to write a thing are one token from here on: the rest of the reader knows no LaTeX.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from workings.algebra.lex_names import RAISED, after_braces, begins_name, name_at, unexpected
from workings.errors import ExpressionError

LONGEST_INPUT = 100_000
"""Characters; a sum over 784 inputs with nine decimals each needs a quarter of it."""

Kind = Literal["number", "name", "symbol", "word", "fraction", "root", "share", "begin", "end", "other", "stop"]


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a formula: its kind, its one spelling, and from where to where it stands, counted from 0."""

    kind: Kind
    text: str
    start: int
    end: int


def tokens(text: str, *, decimal_comma: bool = False, lenient: bool = False) -> list[Token]:
    """Cut a formula into tokens; the last one is of kind ``stop``.

    Parameters
    ----------
    text : str
        Plain text, Unicode mathematics or LaTeX.
    decimal_comma : bool
        Whether a comma between two digits is a decimal point.
    lenient : bool
        Make a token of kind ``other`` of what means nothing here, as most of a page of prose does.

    Raises
    ------
    ExpressionError
        For a character or a command that means nothing here, and for an input that is too long.
    """
    if len(text) > LONGEST_INPUT:
        raise ExpressionError(f"a formula of {len(text)} characters is too long: at most {LONGEST_INPUT} are read")
    return _Lexer(text, _NUMBER_WITH_COMMA if decimal_comma else _NUMBER, lenient).run()


_SHARES = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅙": "1/6", "⅛": "1/8"}
_SYMBOLS = {
    **{symbol: symbol for symbol in "+-*/^()[]{}|,;&@<>="},
    **dict.fromkeys("·×⋅∙∗", "*"),
    **dict.fromkeys("−–", "-"),
    **dict.fromkeys("÷∕", "/"),
    **dict.fromkeys("⊙∘", "⊙"),
    **{"**": "^", "≤": "<=", "<=": "<=", "≥": ">=", ">=": ">="},
}
_COMMAND_SYMBOLS = {
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    **dict.fromkeys(("odot", "circ"), "⊙"),
    **dict.fromkeys(("le", "leq", "leqslant"), "<="),
    **dict.fromkeys(("ge", "geq", "geqslant"), ">="),
    **{"lt": "<", "gt": ">", "div": "/", "\\": "\\\\", "lvert": "|(", "rvert": ")|", "vert": "|"},
    **{"lbrack": "[", "rbrack": "]"},
}
_SPACE_COMMANDS = frozenset(",:;! \n") | {"quad", "qquad", "displaystyle", "textstyle"}
_SPACE_COMMANDS |= {"left", "right", "limits", "boxed", "scriptstyle", "thinspace", "enspace"}
_SPACE_COMMANDS |= {size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")}
_LABELLED = frozenset({"underbrace", "overbrace"})
_FRACTION_COMMANDS = frozenset({"frac", "tfrac", "dfrac", "cfrac"})
_SPACES = frozenset("$~\u2061")  # the last one stands, unseen, between a function and its argument
_WORDS = frozenset({"if", "otherwise"})
_WORDS_IN_LATEX = {"if": "if", "for": "if", "when": "if", "otherwise": "otherwise", "else": "otherwise"}

_NUMBER_FORM = r"(?:[0-9]+(?:(?:\.|\{,\}%s)[0-9]*)?|\.[0-9]+)(?:[eE][+\-−]?[0-9]+)?"
_NUMBER = re.compile(_NUMBER_FORM % "")
_NUMBER_WITH_COMMA = re.compile(_NUMBER_FORM % "|,(?=[0-9])")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_BAR = re.compile(r"\\(left|right)\s*(?:\||\\vert(?![A-Za-z]))")
_TEXT = re.compile(r"\\(?:text|mathrm|textrm|mbox)\s*\{\s*([^{}]*?)\s*\}")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\s*([a-z]{1,20})\*?\s*\}(?:(?<=array\})\s*\{[lcr|\s]{1,40}\})?")
_LABEL = re.compile(r"\s*[_^]\s*(?=\{)")
_EMPTY_BRACES = re.compile(r"\{\s*\}")
_LAYER_TRANSPOSED = re.compile(
    r"\^\s*\{\s*[(\[]\s*([A-Za-z0-9][A-Za-z0-9+\-]{0,9})\s*[)\]]\s*((?:\\top|\\intercal|T|\\mathsf\{T\}|\\text\{T\})\s*\})"
)
_RAISED_RUN = re.compile(r"(?:[{0}]|(?<=[{1}])[.·⋅](?=[{1}]))+".format("".join(RAISED), "⁰¹²³⁴⁵⁶⁷⁸⁹"))
_BARE_DIGIT = re.compile(r"\s*([0-9])")
_LONGEST_EXPONENT = 6  # digits; decimal arithmetic refuses more than 18, and nobody means more than three


class _Lexer:
    def __init__(self, text: str, number: re.Pattern[str], lenient: bool) -> None:
        self.text = text
        self.at = 0
        self.found: list[Token] = []
        self.number_form = number
        self.lenient = lenient
        self.labels: dict[int, int] = {}  # from where to where stands what is not part of the formula

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            start = self.at = self.labels.get(self.at, self.at)
            if start == len(self.text):
                break
            try:
                self.step(self.text[start])
            except ExpressionError:
                if not self.lenient:
                    raise
                command = _COMMAND.match(self.text, start)
                end = command.end() if command else start + 1
                self.emit("other", self.text[start:end], start, end)
        self.emit("stop", "", self.at, self.at)
        return self.found

    def emit(self, kind: Kind, text: str, start: int, end: int) -> None:
        self.found.append(Token(kind, text, start, end))
        self.at = end

    def step(self, char: str) -> None:
        start = self.at
        if char.isspace() or char in _SPACES:
            self.at += 1
        elif number := self.number_form.match(self.text, start):
            self.number(number[0], start, number.end())
        elif char == "\\":
            self.command()
        elif begins_name(self.text, start):
            self.name()
        elif char in _SHARES:
            self.emit("share", _SHARES[char], start, start + 1)
        elif char in RAISED:
            self.raised()
        elif char == "√":
            self.emit("root", "√", start, start + 1)
        else:
            self.symbol()

    def number(self, written: str, start: int, end: int) -> None:
        text = written.replace("{,}", ".").replace(",", ".").replace("−", "-")
        exponent = text.lower().partition("e")[2].lstrip("+-")
        if len(exponent) > _LONGEST_EXPONENT:
            unexpected(f"the number {text[:40]!r}", start, f"an exponent of at most {_LONGEST_EXPONENT} digits")
        self.emit("number", text, start, end)

    def name(self) -> None:
        start = self.at
        name, end = name_at(self.text, start)
        if transposed := _LAYER_TRANSPOSED.match(self.text, end):
            name, _ = name_at(f"{self.text[start:end]}^{{({transposed[1]})}}", 0)
            self.emit("name", name, start, transposed.end(1))
            self.emit("symbol", "^", transposed.end(1), transposed.start(2))
            self.emit("name", "T", transposed.start(2), transposed.end())
        else:
            self.emit("word" if name in _WORDS else "name", name, start, end)

    def raised(self) -> None:
        start = self.at
        end = self.at = _RAISED_RUN.match(self.text, start).end()  # type: ignore[union-attr]
        self.emit("symbol", "^", start, end)
        self.emit("symbol", "(", start, end)
        for token in tokens("".join(RAISED.get(char, ".") for char in self.text[start:end]))[:-1]:
            self.emit(token.kind, token.text, start, end)
        self.emit("symbol", ")", start, end)

    def symbol(self) -> None:
        start = self.at
        written, single = self.text[start : start + 2], self.text[start]
        if braces := _EMPTY_BRACES.match(self.text, start):
            self.emit("symbol", "@", start, braces.end())  # LaTeX has no sign for a matrix product; this shows nothing
            return
        symbol = _SYMBOLS.get(written) or _SYMBOLS.get(single)
        if symbol is None:
            unexpected(f"{single!r}", start, "a number, a name, an operator or a bracket")
        self.emit("symbol", symbol, start, start + len(written if written in _SYMBOLS else single))

    def command(self) -> None:
        start = self.at
        if bar := _BAR.match(self.text, start):
            self.emit("symbol", "|(" if bar[1] == "left" else ")|", start, bar.end())
        elif environment := _ENVIRONMENT.match(self.text, start):
            self.emit("begin" if environment[1] == "begin" else "end", environment[2], start, environment.end())
        elif (plain := _TEXT.match(self.text, start)) and self.plain_text(plain):
            pass
        elif begins_name(self.text, start):
            self.name()
        else:
            self.other_command(_COMMAND.match(self.text, start))

    def plain_text(self, plain: re.Match[str]) -> bool:
        """Read text set upright that is no name: a word of a definition by cases, a number, or nothing."""
        content = plain[1]
        if content in _WORDS_IN_LATEX:
            self.emit("word", _WORDS_IN_LATEX[content], plain.start(), plain.end())
        elif self.number_form.fullmatch(content):
            self.number(content, plain.start(), plain.end())
        elif not content:
            self.at = plain.end()
        return self.at == plain.end()

    def other_command(self, match: re.Match[str] | None) -> None:
        start = self.at
        command, end = (match[1], match.end()) if match else ("", start + 1)
        if command in _COMMAND_SYMBOLS:
            self.emit("symbol", _COMMAND_SYMBOLS[command], start, end)
        elif command in _SPACE_COMMANDS:
            self.at = end
        elif command in _LABELLED and (closing := after_braces(self.text, end)):
            self.at = end
            if (label := _LABEL.match(self.text, closing)) and (after := after_braces(self.text, label.end())):
                self.labels[closing] = after
        elif command in _FRACTION_COMMANDS:
            self.emit("fraction", "frac", start, end)
            for _above_and_below in range(2):
                if digit := _BARE_DIGIT.match(self.text, self.at):  # \\frac12 is one half
                    self.emit("number", digit[1], digit.start(1), digit.end())
        elif command == "sqrt" and not self.text.startswith("[", end):
            self.emit("root", "√", start, end)
        else:
            unexpected(f"the command {self.text[start:end]!r}", start, "LaTeX for a formula (a root is \\sqrt{...})")

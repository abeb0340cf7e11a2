"""Characters to tokens, for plain text, Unicode mathematics and LaTeX alike.

Two ways to write a thing are one token from here on: the rest of the reader knows no LaTeX.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from workings.algebra.lex_names import NAME_GOES_ON, RAISED, after_braces, begins_name, name_at, unexpected
from workings.algebra.names import GREEK
from workings.errors import ExpressionError

LONGEST_INPUT = 100_000
"""Characters; a sum over 784 inputs with nine decimals each needs a quarter of it."""

Kind = Literal["number", "name", "symbol", "word", "fraction", "root", "share", "begin", "end", "other", "stop"]


class Token(NamedTuple):
    """One piece of a formula: its kind, its one spelling, and from where to where it stands, counted from 0."""

    kind: Kind
    text: str
    start: int
    end: int


def tokens(text: str, *, decimal_comma: bool = False, lenient: bool = False, start: int = 0) -> list[Token]:
    """Cut a formula into tokens; the last one is of kind ``stop``.

    Parameters
    ----------
    text : str
        Plain text, Unicode mathematics or LaTeX.
    decimal_comma : bool
        Whether a comma between two digits is a decimal point.
    lenient : bool
        Make a token of kind ``other`` of what means nothing here, as most of a page of prose does.
    start : int
        The place of its first character, from where the places of the tokens are counted.

    Raises
    ------
    ExpressionError
        For a character or a command that means nothing here, and for an input that is too long.
    """
    if len(text) > LONGEST_INPUT:
        raise ExpressionError(f"a formula of {len(text)} characters is too long: at most {LONGEST_INPUT} are read")
    return _Lexer(text, _WITH_COMMA if decimal_comma else _WITH_POINT, lenient, start).run()


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
_WORDS = frozenset({"if", "otherwise"})
_WORDS_IN_LATEX = {"if": "if", "for": "if", "when": "if", "otherwise": "otherwise", "else": "otherwise"}

_SPACE = r"[\s$~\u2061]*+"  # the last one stands, unseen, between a function and its argument
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.?)", re.DOTALL)
_LABEL = re.compile(r"\s*[_^]\s*(?=\{)")
_LAYER_TRANSPOSED = re.compile(
    r"\^\s*\{\s*[(\[]\s*([A-Za-z0-9][A-Za-z0-9+\-]{0,9})\s*[)\]]\s*((?:\\top|\\intercal|T|\\mathsf\{T\}|\\text\{T\})\s*\})"
)
_BARE_DIGIT = re.compile(r"\s*([0-9])")
_LONGEST_EXPONENT = 6  # digits; decimal arithmetic refuses more than 18, and nobody means more than three


def _any_piece(point: str) -> re.Pattern[str]:
    """Whatever may come next; each kind of it has the name of the method that makes tokens of it."""
    number = rf"(?:[0-9]+(?:(?:{point})[0-9]*)?|\.[0-9]+)(?:[eE][+\-−]?[0-9]+)?"
    forms = {
        "number": number,
        "word": rf"[A-Za-z][A-Za-z0-9]*+(?![\w{NAME_GOES_ON}])",
        "nothing": r"\{\s*\}",
        "symbol": rf"\*\*|[<>]=|[{re.escape(''.join(_SYMBOLS))}]",
        "bar": r"\\(?P<side>left|right)\s*(?:\||\\vert(?![A-Za-z]))",
        "environment": r"\\(?P<edge>begin|end)\s*\{\s*(?P<which>[a-z]{1,20})\*?\s*\}"
        r"(?:(?<=array\})\s*\{[lcr|\s]{1,40}\})?",
        "upright": r"\\(?:text|mathrm|textrm|mbox)\s*\{\s*+"
        rf"(?:(?P<condition>{'|'.join(_WORDS_IN_LATEX)})|(?P<digits>{number}))?\s*\}}",
        "command": _COMMAND.pattern,
        "share": f"[{''.join(_SHARES)}]",
        "raised": "[{0}](?:[{0}]|(?<=[{1}])[.·⋅](?=[{1}]))*".format(re.escape("".join(RAISED)), "⁰¹²³⁴⁵⁶⁷⁸⁹"),
        "root": "√",
        "name": rf"[^\W\d_]|[∂{''.join(GREEK)}]",
        "other": ".",
    }
    return re.compile(_SPACE + "(?:" + "|".join(f"(?P<{kind}>{form})" for kind, form in forms.items()) + ")", re.DOTALL)


_WITH_POINT, _WITH_COMMA = _any_piece(r"\.|\{,\}"), _any_piece(r"\.|\{,\}|,(?=[0-9])")


class _Lexer:
    def __init__(self, text: str, any_piece: re.Pattern[str], lenient: bool, offset: int) -> None:
        self.text = text
        self.at = 0
        self.found: list[Token] = []
        self.any_piece = any_piece
        self.lenient = lenient
        self.offset = offset
        self.labels: dict[int, int] = {}  # from where to where stands what is not part of the formula

    def run(self) -> list[Token]:
        text, offset, found = self.text, self.offset, self.found
        while piece := self.any_piece.match(text, self.labels.get(self.at, self.at)):
            kind = str(piece.lastgroup)
            start, end = piece.span(kind)
            if kind == "symbol":  # most of a formula is made of signs
                found.append(Token("symbol", _SYMBOLS[text[start:end]], start + offset, end + offset))
                self.at = end
                continue
            try:
                getattr(self, kind)(piece, start, end)
            except ExpressionError:
                if not self.lenient:
                    raise
                command = _COMMAND.match(self.text, start)
                end = command.end() if command else start + 1
                self.emit("other", self.text[start:end], start, end)
        self.emit("stop", "", len(self.text), len(self.text))
        return self.found

    def emit(self, kind: Kind, text: str, start: int, end: int) -> None:
        self.found.append(Token(kind, text, start + self.offset, end + self.offset))
        self.at = end

    # --- what each kind of piece is

    def number(self, piece: re.Match[str], start: int, end: int, group: str = "number") -> None:
        text = piece[group].replace("{,}", ".").replace(",", ".").replace("−", "-")
        if len(text) > _LONGEST_EXPONENT:
            exponent = text.lower().partition("e")[2].lstrip("+-")
            if len(exponent) > _LONGEST_EXPONENT:
                unexpected(f"the number {text[:40]!r}", start, f"an exponent of at most {_LONGEST_EXPONENT} digits")
        self.emit("number", text, start, end)

    def word(self, piece: re.Match[str], start: int, end: int) -> None:
        word = piece["word"]
        self.emit("word" if word in _WORDS else "name", word, start, end)

    def nothing(self, _: re.Match[str], start: int, end: int) -> None:
        self.emit("symbol", "@", start, end)  # LaTeX has no sign for a matrix product; this shows nothing

    def bar(self, piece: re.Match[str], start: int, end: int) -> None:
        self.emit("symbol", "|(" if piece["side"] == "left" else ")|", start, end)

    def environment(self, piece: re.Match[str], start: int, end: int) -> None:
        self.emit("begin" if piece["edge"] == "begin" else "end", piece["which"], start, end)

    def upright(self, piece: re.Match[str], start: int, end: int) -> None:
        """Text set upright that is no name: a word of a definition by cases, a number, or nothing."""
        if piece["condition"]:
            self.emit("word", _WORDS_IN_LATEX[piece["condition"]], start, end)
        elif piece["digits"]:
            self.number(piece, start, end, "digits")
        self.at = end

    def share(self, piece: re.Match[str], start: int, end: int) -> None:
        self.emit("share", _SHARES[piece["share"]], start, end)

    def root(self, _: re.Match[str], start: int, end: int) -> None:
        self.emit("root", "√", start, end)

    def raised(self, piece: re.Match[str], start: int, end: int) -> None:
        self.emit("symbol", "^", start, end)
        self.emit("symbol", "(", start, end)
        for token in tokens("".join(RAISED.get(char, ".") for char in piece["raised"]))[:-1]:
            self.emit(token.kind, token.text, start, end)
        self.emit("symbol", ")", start, end)

    def name(self, piece: re.Match[str], start: int, end: int) -> None:
        if not begins_name(self.text, start):
            self.other(piece, start, end)
            return
        name, end = name_at(self.text, start)
        if transposed := _LAYER_TRANSPOSED.match(self.text, end):
            name, _ = name_at(f"{self.text[start:end]}^{{({transposed[1]})}}", 0)
            self.emit("name", name, start, transposed.end(1))
            self.emit("symbol", "^", transposed.end(1), transposed.start(2))
            self.emit("name", "T", transposed.start(2), transposed.end())
        else:
            self.emit("word" if name in _WORDS else "name", name, start, end)

    def command(self, piece: re.Match[str], start: int, end: int) -> None:
        command = piece["command"][1:]
        if command in _COMMAND_SYMBOLS:
            self.emit("symbol", _COMMAND_SYMBOLS[command], start, end)
        elif command in _SPACE_COMMANDS:
            self.at = end
        elif begins_name(self.text, start):
            self.name(piece, start, end)
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
            unexpected(f"the command {piece['command']!r}", start, "LaTeX for a formula (a root is \\sqrt{...})")

    def other(self, _: re.Match[str], start: int, end: int) -> None:
        if not self.lenient:
            unexpected(f"{self.text[start:end]!r}", start, "a number, a name, an operator or a bracket")
        self.emit("other", self.text[start:end], start, end)

"""A name where it stands in a text, with all its subscripts, primes, fonts and accents, as one spelling."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import NoReturn

from workings.algebra.functions import ALIASES, FUNCTIONS
from workings.algebra.names import GREEK, GREEK_WORDS, NameParts, spelling
from workings.errors import ExpressionError

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˡᴸᵀ", "0123456789+-()nlLT", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx", strict=True))
FONTS = frozenset({"text", "textbf", "textit", "textrm", "operatorname", "boldsymbol", "bm", "vec"})
FONTS |= {"mathrm", "mathbf", "mathit", "mathsf", "mathcal", "mathbb"}

_ACCENT_MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}
_ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde"}
NAME_GOES_ON = "".join(("'′’^_⁺⁽@", *LOWERED, *_ACCENT_MARKS))
"""What may follow a letter as a part of the same name, beside letters and digits."""

_LETTERS = {word: word for word in GREEK_WORDS | (FUNCTIONS.keys() - {"sqrt"}) | ALIASES.keys()} | {
    **{"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta"},
    **{"top": "T", "intercal": "T", "partial": "∂"},
}
_NO_LETTERS = frozenset(RAISED) | frozenset(LOWERED) | frozenset(GREEK) | {"∂"}

_COMMAND = re.compile(r"\\([A-Za-z]+)\s*")
_FONT = rf"\\(?:{'|'.join(sorted(FONTS))})"
_PLUS = re.compile(r"\^\s*(?:\{\s*\+\s*\}|\+(?![^\W_]|[(\[.]))|⁺(?![⁰¹²³⁴-⁹⁽])")
_LAYER = re.compile(
    r"\^\s*\{\s*[(\[]\s*([A-Za-z0-9][A-Za-z0-9+\-, ]{0,20})[)\]]\s*\}|⁽([⁰¹²³⁴-⁹ˡⁿᴸ][⁰¹²³⁴-⁹⁺⁻ˡⁿᴸ]{0,20})⁾"
)
_LAYER_ABOVE_INDEX = re.compile(
    r"\^\s*(?:(\d+)|\{\s*(\d+(?:\s*,\s*(?:\+|\\text\s*\{\s*new\s*\}|\(\d+\)))*)\s*\})\s*(?=_)"
)
_SAMPLE = re.compile(r"@\d+")
_WORD_ABOVE = re.compile(r"\^\s*(\{\s*)?\\(?:text|textrm)\s*\{\s*(?!T\s*\})([A-Za-z]+)\s*\}(?(1)\s*\})")
_PRIME = re.compile(r"['′’]|\^\s*(?:\{\s*\\prime\s*\}|\\prime(?![A-Za-z]))")
_IN_SUBSCRIPT = re.compile(r"[\w,+\-*.'()]+")

_PLAIN_NAME = re.compile(
    rf"(?:(?:\\partial(?![A-Za-z])|∂)\s*)?"
    rf"(?:[A-Za-z][A-Za-z0-9]*+|{_FONT}\{{(?!d\}})[A-Za-z0-9]{{1,20}}\}}|[{''.join(GREEK)}]"
    rf"|\\(?:{'|'.join(_LETTERS.keys() - {'partial'})})(?![A-Za-z])[0-9]*+)"
    rf"(?:_[A-Za-z0-9]++|_\{{[A-Za-z0-9,]{{1,20}}\}}|\^\{{\([A-Za-z0-9]{{1,9}}\)\}}|[{''.join(LOWERED)}]++|')*+"
    rf"(?![\w{NAME_GOES_ON}])"
)
"""A name whose end can be told at once, as almost every name's can."""

_BRACE = re.compile(r"[{}]")
_LONGEST_BRACES = 200  # characters; a subscript is short, and junk must not be searched to its end from every brace
_DEEPEST_NAME = 4  # fonts and accents inside each other


def begins_name(text: str, start: int) -> bool:
    """Whether a name begins at this character."""
    char = text[start : start + 1]
    command = _COMMAND.match(text, start)
    if command:
        return command[1] in _LETTERS or command[1] in FONTS or command[1] in _ACCENTS
    return char in GREEK or char == "∂" or _is_letter(char)


def name_at(text: str, start: int) -> tuple[str, int]:
    """The name that begins at a character, in its one spelling, and where it ends.

    Raises
    ------
    ExpressionError
        For a subscript or a font that does not end, or holds what no name can hold.
    """
    plain = _PLAIN_NAME.match(text, start)
    name, length = _scanned(plain[0]) if plain else ("", 0)
    if plain and length == len(plain[0]):
        return name, plain.end()
    scanner = _NameScanner(text, start, depth=0)
    return spelling(scanner.name()), scanner.at


_DEEPEST_BRACES = 15
"""Inside each other; no name has so many."""


def after_braces(text: str, start: int, longest: int = 2_000) -> int | None:
    """The place after the braces that open here; None where none open, or none close within so many characters."""
    open_braces = 0
    for brace in _BRACE.finditer(text, start, start + longest) if text.startswith("{", start) else ():
        open_braces += 1 if brace[0] == "{" else -1
        if not open_braces:
            return brace.end()
        if open_braces > _DEEPEST_BRACES:
            break
    return None


def unexpected(what: str, start: int, expected: str) -> NoReturn:
    """Raise the error that all failed reading ends in: what, at which character (from 1), what was expected."""
    raise ExpressionError(f"{what} at character {start + 1}: expected {expected}")


@lru_cache(maxsize=4096)
def _scanned(written: str) -> tuple[str, int]:
    """A name by itself: a page says few names, and each of them often."""
    scanner = _NameScanner(written, 0, depth=0)
    return spelling(scanner.name()), scanner.at


class _NameScanner:
    def __init__(self, text: str, at: int, depth: int) -> None:
        self.text = text
        self.at = at
        self.depth = depth
        if depth > _DEEPEST_NAME:
            unexpected("a name with too many fonts and accents", at, f"at most {_DEEPEST_NAME} inside each other")

    def name(self) -> NameParts:
        parts = self.first()
        while self.peek() in NAME_GOES_ON:
            start = self.at
            if self.take(_PRIME):
                parts = replace(parts, primes=parts.primes + 1)
            elif self.peek() == "_":
                parts = replace(parts, subscript=_joined(parts.subscript, self.subscript()))
            elif self.peek() in LOWERED:
                parts = replace(parts, subscript=_joined(parts.subscript, _plain(self.run(LOWERED))))
            elif not parts.layer and (layer := self.take(_LAYER_ABOVE_INDEX)):
                parts = replace(parts, layer=_plain(layer[1] or layer[2]))
            elif not parts.superscript and parts != NameParts("e") and (above := self.superscript()):
                parts = replace(parts, superscript=above)
            if self.at == start:
                break
        sample = self.take(_SAMPLE)
        return replace(parts, sample=sample[0]) if sample else parts

    def first(self) -> NameParts:
        char = self.peek()
        if char == "\\":
            return self.command()
        if char == "∂":
            self.at += 1
            return self.differential()
        if char in GREEK:
            self.at += 1
            if char in "Δ∇" and _is_letter(self.peek()):
                inner = self.first()
                return replace(inner, base=GREEK[char] + inner.base)
            return NameParts(GREEK[char] + self.digits())
        start = self.at
        while _is_letter(self.peek()) or self.peek() in _DIGITS:
            self.at += 1
        return self.accented(self.text[start : self.at])

    def accented(self, word: str) -> NameParts:
        letters = unicodedata.normalize("NFD", word)
        if self.peek() in _ACCENT_MARKS:
            letters += self.peek()
            self.at += 1
        if len(letters) == 2 and letters[1] in _ACCENT_MARKS:
            return NameParts(letters[0], _ACCENT_MARKS[letters[1]])
        return NameParts(word)

    def command(self) -> NameParts:
        start = self.at
        found = _COMMAND.match(self.text, start)
        command = found[1] if found else ""
        if _LETTERS.get(command) == "∂":
            self.at += len("\\partial")
            return self.differential()
        if command in _LETTERS:
            self.at += 1 + len(command)
            return NameParts(_LETTERS[command] + self.digits())
        self.at = found.end() if found else start
        inner = self.argument(start)
        if command in _ACCENTS:
            return replace(inner, subscript=_joined(_ACCENTS[command], inner.subscript))
        return self.differential() if inner == NameParts("d") else inner

    def differential(self) -> NameParts:
        start = self.at
        self.spaces()
        if not begins_name(self.text, self.at):
            self.at = start
            return NameParts("d")
        inner = _NameScanner(self.text, self.at, self.depth + 1)
        parts = inner.name()
        self.at = inner.at
        return replace(parts, base="d" + parts.base)

    def argument(self, start: int) -> NameParts:
        """What a font or an accent is put on: one letter, or a name in braces."""
        content = self.braced() if self.peek() == "{" else self.one_letter(start)
        content = re.sub(r"\s+(?=\w)", "_", content.replace("\\_", "_").strip())
        inner = _NameScanner(content, 0, self.depth + 1)
        if not begins_name(content, 0):
            unexpected(f"{self.text[start : self.at][:40]!r}", start, "a name")
        parts = inner.name()
        if inner.at < len(content):
            unexpected(f"{self.text[start : self.at][:40]!r}", start, "one name in the braces")
        return parts

    def one_letter(self, start: int) -> str:
        command = _COMMAND.match(self.text, self.at)
        content = command[0] if command else self.peek()
        if not content:
            unexpected("the end", start, "a name")
        self.at += len(content)
        return content

    def subscript(self) -> str:
        start = self.at
        self.at += 1
        command = _COMMAND.match(self.text, self.at)
        if self.peek() == "{":
            return self.checked(self.braced(), start)
        if command:
            self.at = command.end() if command[1] in FONTS else self.at + 1 + len(command[1])
            return self.checked(self.braced() if command[1] in FONTS else command[0].strip(), start)
        while _is_letter(self.peek()) or self.peek() in _DIGITS or self.peek() in GREEK or self.peek() in {"_"}:
            self.at += 1
        return self.checked(self.text[start + 1 : self.at], start)

    def checked(self, content: str, start: int) -> str:
        plain = _plain(content)
        if not _IN_SUBSCRIPT.fullmatch(plain) or not plain.strip("_"):
            unexpected(f"the subscript {content[:40]!r}", start, "letters and digits, in braces where there is more")
        return plain

    def superscript(self) -> str:
        if self.take(_PLUS):
            return "+"
        if layer := self.take(_LAYER):
            inside = layer[1] or "".join(RAISED[char] for char in layer[2])
            return f"({inside.replace(' ', '')})"
        if word := self.take(_WORD_ABOVE):
            return f"({word[2]})"
        return ""

    def braced(self) -> str:
        """The inside of the braces that open here."""
        start = self.at
        end = after_braces(self.text, start, _LONGEST_BRACES)
        if end is None:
            unexpected("'{'", start, f"a closing '}}' within {_LONGEST_BRACES} characters")
        self.at = end
        return self.text[start + 1 : end - 1]

    def peek(self) -> str:
        return self.text[self.at : self.at + 1] or "\0"

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match

    def run(self, characters: dict[str, str]) -> str:
        start = self.at
        while self.peek() in characters:
            self.at += 1
        return self.text[start : self.at]

    def digits(self) -> str:
        return self.run(_DIGITS)

    def spaces(self) -> None:
        while self.peek().isspace():
            self.at += 1


_DIGITS = {digit: digit for digit in "0123456789"}


def _is_letter(char: str) -> bool:
    return char.isalpha() and char not in _NO_LETTERS


def _joined(before: str, after: str) -> str:
    return f"{before}_{after}" if before else after


def _plain(content: str) -> str:
    """A subscript without fonts, braces and spaces, its Greek as words."""
    content = re.sub(_FONT + r"(?![A-Za-z])", "", content).replace("\\_", "_")
    content = re.sub(r"\\([A-Za-z]+)", lambda command: _LETTERS.get(command[1], command[0]), content)
    content = "".join(GREEK.get(char, LOWERED.get(char, char)) for char in content)
    return re.sub(r"[\s{}]", "", content)

"""A formula somebody wrote, as an expression: plain text, Unicode mathematics and LaTeX.

Nothing is evaluated and nothing is rearranged. Nesting is counted, while reading and in what was read, so that
hostile input ends in an ExpressionError and not in an exhausted stack.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Literal

from workings.algebra.assemble import (
    BESIDE,
    bare,
    cases_of,
    chain_of,
    join,
    matrix_of,
    product_of,
    quotient,
    raised,
    variable_of,
    without_group,
)
from workings.algebra.cursor import Cursor, check_brackets
from workings.algebra.expression import (
    DEEPEST_TREE,
    Add,
    Call,
    Condition,
    Constant,
    Derivative,
    Divide,
    Expr,
    Group,
    Matrix,
    Negate,
    Number,
    Reference,
    Relation,
    Subtract,
    depth,
)
from workings.algebra.functions import ALIASES, CONSTANTS, FUNCTIONS
from workings.algebra.lex import Token, tokens
from workings.algebra.lex_names import unexpected
from workings.algebra.names import is_differential
from workings.errors import ExpressionError


def read(
    text: str,
    *,
    form: Literal["auto", "text", "latex"] = "auto",
    decimal_comma: bool = False,
    functions: Collection[str] = (),
) -> Expr:
    """Read one formula.

    Parameters
    ----------
    text : str
        At most 100,000 characters of plain text, Unicode mathematics or LaTeX.
    form : {"auto", "text", "latex"}
        In LaTeX names may stand side by side for their product; in text only a number or a closing bracket before
        a name, and anything before an opening one. ``auto`` takes a backslash for LaTeX.
    decimal_comma : bool
        Read ``0,5`` as one half. Arguments and entries are then separated by ``;``, or by a comma and a space.
    functions : collection of str
        Names that are functions in this text, beside those that everybody knows: ``g`` makes ``g(z)`` a call.

    Returns
    -------
    Expr
        In the order written. Names become References to their one spelling (:mod:`workings.algebra.names`).
        A Group stands only for brackets that precedence does not ask for.

    Raises
    ------
    ExpressionError
        When the text is no formula; says what stands at which character and what was expected. When the formula
        goes deeper than ``DEEPEST_TREE``: a sum with plus signs only is one level, however long.
    """
    latex = form == "latex" or (form == "auto" and "\\" in text)
    found = tokens(text, decimal_comma=decimal_comma)
    check_brackets(found)
    expression = _Parser(found, latex, functions).whole()
    if (deep := depth(expression)) > DEEPEST_TREE:
        raise ExpressionError(
            f"this formula is {deep} operations deep, but at most {DEEPEST_TREE} can be worked with; each - and / of a "
            "chain goes one deeper: write a - b - c as a - (b + c)"
        )
    return expression


def may_begin(token: Token) -> bool:
    """Whether a formula can begin with this token."""
    return (token.text in _BEGINNING) if token.kind == "symbol" else (token.kind in _ATOMS)


def read_start(found: Sequence[Token], *, latex: bool, functions: Collection[str]) -> tuple[Expr | None, int]:
    """The formula with which a row of tokens begins, and how many it takes; or None, and where reading it failed.

    Every bracket that opens in the row must close in it, and the last token be of kind ``stop``.
    """
    parser = _Parser(found, latex, functions)
    try:
        return parser.sum(), parser.at
    except ExpressionError:
        return None, parser.at


_SIGNS = frozenset({"+", "-"})
_OPERATORS = frozenset({"*", "/", "@", "⊙"})
_RELATIONS: dict[str, Relation] = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "="}
_MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "smallmatrix", "array"})
_OPERAND = "a number, a name or an opening bracket"


class _Parser(Cursor):
    def __init__(self, found: Sequence[Token], latex: bool, functions: Collection[str]) -> None:
        super().__init__(found)
        self.latex = latex
        self.functions = functions

    def whole(self) -> Expr:
        expression = self.sum()
        if self.next.kind != "stop":
            self.fail("an operator or the end")
        return expression

    def sum(self) -> Expr:
        terms = [self.product()]
        while self.sign in _SIGNS:
            if self.advance().text == "+":
                terms.append(self.product())
            else:
                terms = [join(Subtract, chain_of(Add, terms), self.product())]
        return chain_of(Add, terms)

    def product(self) -> Expr:
        if self.sign == "-" and not self.signed_number_follows():
            self.advance()
            return Negate(without_group(Negate, 0, self.deeper(self.product)))
        operands: list[Expr] = [self.factor()]
        operators: list[str] = []
        while operator := self.operator():
            before, bracket = self.tokens[self.at - 1], self.next
            operands.append(self.factor())
            operators.append(operator)
            unknown_function = operator == BESIDE and before.kind == "name" and bracket.text == "("
            if unknown_function and isinstance(operands[-1], Matrix):
                unexpected(f"'{before.text}(...)'", before.start, "a known function, or a sign between the two")
        if "/" in operators:
            operands, operators = self.with_derivatives(operands, operators)
        return product_of(operands, operators)

    def factor(self) -> Expr:
        if self.sign not in _SIGNS:
            return self.power()
        sign = self.advance().text
        operand = self.deeper(self.factor)
        return Negate(without_group(Negate, 0, operand)) if sign == "-" else operand

    def power(self) -> Expr:
        self.descend()
        power = self.atom()
        while self.sign == "^" and not isinstance(power, Derivative):
            self.advance()
            # x^T is transposed and may be squared then; any other chain of powers leans to the right.
            exponent = self.atom() if self.next.text == "T" else self.factor()
            power = raised(power, exponent)
        self.depth -= 1
        return power

    def atom(self) -> Expr:
        begin = _ATOMS.get(self.sign or self.next.kind)
        if begin is None:
            self.fail(_OPERAND)
        return begin(self, self.advance())

    def number(self, token: Token) -> Expr:
        return Number(token.text)

    def share(self, token: Token) -> Expr:
        return Divide(*map(Number, token.text.split("/")))

    # --- names and what belongs to them

    def named(self, token: Token) -> Expr:
        stem = token.text.rstrip("'")
        primes = token.text[len(stem) :]
        function = ALIASES.get(stem, stem)
        record = FUNCTIONS.get(function)
        if record and record.bare and not primes:
            return self.call_without_brackets(function)
        if self.sign == "(" and (primes or record or function in self.functions):
            return Call(function + primes, self.arguments())
        return Constant(token.text) if token.text in CONSTANTS else Reference(token.text)

    def call_without_brackets(self, function: str) -> Expr:
        """A function as it is written by hand: ``ln 2``, ``tanh^2(z)``, and of course ``ln(2)``."""
        exponent = self.factor_above() if self.take("^") else None
        if self.sign == "(":
            called = Call(function, self.arguments())
        else:
            called = Call(function, (self.argument() if self.sign == "{" else self.power(),))
        return called if exponent is None else raised(called, exponent)

    def factor_above(self) -> Expr:
        return self.atom() if self.next.kind == "number" or self.sign in {"{", "("} else self.factor()

    def arguments(self) -> tuple[Expr, ...]:
        return tuple(self.inside(self.advance(), self.items))

    def items(self) -> list[Expr]:
        found = [self.sum()]
        while self.take(",") or self.take(";"):
            found.append(self.sum())
        return found

    # --- brackets of all kinds

    def brackets(self, opening: Token) -> Expr:
        return self.matrix(opening) if self.begins_matrix() else self.plain_brackets(opening)

    def plain_brackets(self, opening: Token) -> Expr:
        items = self.inside(opening, self.items)
        if len(items) > 1:
            return Matrix(tuple((item,) for item in items))
        return items[0] if isinstance(items[0], Group) else Group(items[0])

    def begins_matrix(self) -> bool:
        differentiated = [token.text for token in self.tokens[max(self.at - 4, 0) : self.at - 2]] == ["d", "/"]
        if not (self.tokens[self.at - 1].text == "[" and self.sign == "[") or differentiated:
            return False  # in d/dx [[1]] the outer ones belong to the d/dx
        return self.after_brackets().text in {",", ";", "]"}

    def matrix(self, opening: Token) -> Expr:
        return matrix_of(self.inside(opening, self.rows), opening)

    def rows(self) -> list[tuple[Expr, ...]]:
        found: list[tuple[Expr, ...]] = []
        while not found or self.take(",") or self.take(";"):
            if self.sign != "[":
                self.fail("a row in square brackets")
            found.append(self.arguments())
        return found

    def braces(self, opening: Token) -> Expr:
        return self.inside(opening, lambda: self.braced(opening))

    def braced(self, opening: Token) -> Expr:
        first = self.sum()
        if self.next.kind != "word":
            return first
        lines = [self.line(first)]
        while self.take(";"):
            lines.append(self.line(self.sum()))
        return cases_of(lines, opening)

    def line(self, branch: Expr) -> tuple[Expr, Condition | None]:
        """The rest of one line of a definition by cases."""
        word = self.next
        if word.kind == "word":
            self.advance()
        if word.text == "otherwise":
            return branch, None
        left = self.sum()
        relation = _RELATIONS.get(self.next.text)
        if relation is None:
            self.fail("a comparison such as '>'")
        self.advance()
        return branch, Condition(left, relation, self.sum())

    def absolute(self, opening: Token) -> Expr:
        closing = ")|" if opening.text == "|(" else "|"
        self.open_bars += 1
        operand = self.sum()
        self.expect(closing)
        self.open_bars -= 1
        return Call("abs", (operand,))

    def root(self, _: Token) -> Expr:
        return Call("sqrt", (self.argument(),))

    def fraction(self, _: Token) -> Expr:
        above, below = self.argument(), self.argument()
        if above == Reference("d") and (variable := variable_of(below)):
            if self.sign not in {"[", "("}:
                self.fail("the brackets around what is differentiated")
            return Derivative(bare(self.plain_brackets(self.advance())), variable)
        return quotient(above, below)

    def argument(self) -> Expr:
        """What a LaTeX command takes: something in braces, or one thing without."""
        return self.deeper(lambda: self.braces(self.advance()) if self.sign == "{" else self.atom())

    def environment(self, opening: Token) -> Expr:
        if opening.text != "cases" and opening.text not in _MATRICES:
            unexpected(f"the environment {opening.text!r}", opening.start, "cases, pmatrix or bmatrix")
        bars, self.open_bars = self.open_bars, 0
        rows: list[tuple[Expr, ...]] = []
        lines: list[tuple[Expr, Condition | None]] = []
        while not (rows or lines) or self.take("\\\\"):
            if self.next.kind == "end":
                break  # a last line may end like the others
            if opening.text == "cases":
                branch = self.sum()
                self.take(",")
                self.expect("&")
                lines.append(self.line(branch))
            else:
                rows.append(self.row())
        if self.next.kind != "end" or self.next.text != opening.text:
            self.fail(f"\\\\ or \\end{{{opening.text}}}")
        self.advance()
        self.open_bars = bars
        return cases_of(lines, opening) if lines else matrix_of(rows, opening)

    def row(self) -> tuple[Expr, ...]:
        entries = [self.sum()]
        while self.take("&"):
            entries.append(self.sum())
        return tuple(entries)

    # --- which operator comes next

    def operator(self) -> str | None:
        if self.sign in _OPERATORS:
            return self.advance().text
        return BESIDE if self.may_stand_beside() else None

    def may_stand_beside(self) -> bool:
        before, token = self.tokens[self.at - 1], self.next
        if token.kind == "symbol":
            begins = token.text in {"(", "[", "{", "|("} or (token.text == "|" and not self.open_bars)
        else:
            begins = token.kind in {"name", "fraction", "root", "begin"}
        if self.latex or not begins:
            return begins
        if token.text == "[" and before.kind == "name":
            return is_differential(before.text)  # W[1] is an address and no product
        return token.text in {"(", "["} or before.kind in {"number", "share"} or before.text in {")", "]"}

    def signed_number_follows(self) -> bool:
        return self.tokens[self.at + 1].kind == "number" and self.tokens[self.at + 2].text != "^"

    def with_derivatives(self, operands: list[Expr], operators: list[str]) -> tuple[list[Expr], list[str]]:
        """Make one thing of ``dE / dw`` and of ``d / dw [...]``."""
        merged, left_over = [operands[0]], []
        pairs = iter(zip(operators, operands[1:], strict=True))
        for operator, right in pairs:
            variable = variable_of(right) if operator == "/" and isinstance(merged[-1], Reference) else None
            if variable and merged[-1] == Reference("d"):
                _, bracket = next(pairs, ("", None))
                if not isinstance(bracket, Group):
                    self.fail(f"d/d{variable.key} and square brackets around what is differentiated")
                merged[-1] = Derivative(bracket.operand, variable)
            elif variable and variable_of(merged[-1]):
                merged[-1] = quotient(merged[-1], right)
            else:
                merged.append(right)
                left_over.append(operator)
        return merged, left_over


_ATOMS: dict[str, Callable[[_Parser, Token], Expr]] = {
    "number": _Parser.number,
    "share": _Parser.share,
    "name": _Parser.named,
    "fraction": _Parser.fraction,
    "root": _Parser.root,
    "begin": _Parser.environment,
    "(": _Parser.brackets,
    "[": _Parser.brackets,
    "{": _Parser.braces,
    "|": _Parser.absolute,
    "|(": _Parser.absolute,
}
_BEGINNING = _ATOMS.keys() | _SIGNS

"""The statements of a script that give a name a number, and the script made to hand each such number over.

Parent and child both number the statements, from the same source, so that only numbers go from one to the other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from workings.errors import InputError

TAKE = "__workings_take__"
"""What the script calls with each number; no script has a name like it."""


@dataclass(frozen=True, slots=True)
class Site:
    """A statement that assigns, appends or returns.

    Attributes
    ----------
    start, end : (int, int)
        Line, from 1, and column, from 0, in bytes of UTF-8, as Python's parser has them.
    names : tuple of str
        What it gives numbers to: several where it takes a tuple apart.
    adds : bool
        Whether something is added to the old value: ``W += step``, ``W = W + step``.
    passes_on : bool
        Whether it gives away what has been worked out, as ``return`` and ``append`` do.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    names: tuple[str, ...]
    adds: bool = False
    passes_on: bool = False


@dataclass
class Instrument(ast.NodeTransformer):
    """Makes a syntax tree hand over what its statements work out; the sites in the order of the text."""

    sites: list[Site] = field(default_factory=list)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """``name = value`` becomes ``name = take(site, value)``."""
        names = _names(node.targets[0])
        self.generic_visit(node)
        if names:
            match node.value:
                case ast.BinOp(left, ast.Add()) if ast.unparse(left) == ast.unparse(node.targets[0]):
                    adds = True
                case _:
                    adds = False
            node.value = self.taken(node, node.value, names, adds=adds)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """The same of ``name: type = value``."""
        names = _names(node.target)
        self.generic_visit(node)
        if names and node.value is not None:
            node.value = self.taken(node, node.value, names)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | list[ast.AST]:
        """``name -= value`` is followed by a look at the name."""
        names = _names(node.target)
        self.generic_visit(node)
        if not names:
            return node
        look = ast.parse(ast.unparse(node.target), mode="eval").body
        return [node, ast.Expr(self.taken(node, look, names, adds=isinstance(node.op, ast.Add)))]

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """What a function gives back has the names it is made of."""
        self.generic_visit(node)
        if node.value is not None and (names := _names(node.value) or ("return",)):
            node.value = self.taken(node, node.value, names, passes_on=True)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """``values.append(value)`` gives a number to the list."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "append" and len(node.args) == 1:
            node.args[0] = self.taken(node, node.args[0], (ast.unparse(node.func.value),), passes_on=True)
        return node

    def taken(
        self,
        node: ast.stmt | ast.expr,
        value: ast.expr,
        names: tuple[str, ...],
        *,
        adds: bool = False,
        passes_on: bool = False,
    ) -> ast.Call:
        """The call that hands a value over and gives it back."""
        end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        self.sites.append(Site((node.lineno, node.col_offset), end, names, adds, passes_on))
        number = ast.Constant(len(self.sites) - 1)
        return ast.Call(ast.Name(TAKE, ast.Load()), [number, value], [])


def _names(target: ast.expr) -> tuple[str, ...]:
    """What a target is called; empty where it is nothing with a name."""
    if isinstance(target, ast.Tuple | ast.List):
        parts = [_names(part) for part in target.elts]
        return tuple(part[0] for part in parts) if all(len(part) == 1 for part in parts) else ()
    return (ast.unparse(target),) if isinstance(target, ast.Name | ast.Attribute | ast.Subscript) else ()


def instrumented(source: str) -> tuple[ast.Module, list[Site]]:
    """The tree of a script that hands its numbers over, and its sites.

    Raises
    ------
    InputError
        When it is no Python, or too deep to be taken apart; says at which line.
    """
    try:
        tree = ast.parse(source)
        instrument = Instrument()
        instrument.visit(tree)
        return ast.fix_missing_locations(tree), instrument.sites
    except SyntaxError as error:
        raise InputError(f"line {error.lineno}: this is not Python: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"this is not Python: {error or 'it is nested too deeply'}") from None


@cache
def is_script(source: str) -> bool:
    """Whether a text is Python that imports NumPy and works something out, so that it can be run and marked."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return "numpy" in set(_imported(tree)) and any(
        isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return)
        and any(isinstance(part, ast.BinOp | ast.Call) for part in ast.walk(node))
        for node in ast.walk(tree)
    )


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]

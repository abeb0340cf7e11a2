"""Expressions for hypothesis to try, and one way to look through brackets."""

from collections.abc import Iterator

from hypothesis import strategies as st

from workings.algebra.expression import (
    Add,
    Call,
    Cases,
    Condition,
    Constant,
    Derivative,
    Divide,
    Expr,
    Group,
    Hadamard,
    MatMul,
    Matrix,
    Multiply,
    Negate,
    Number,
    Power,
    Reference,
    Subtract,
    Transpose,
    rebuild,
)

NAMES = ("x", "w5", "w5^+", "net_h1", "delta_o1", "z1^{(2)}", "W_{1,2}", "y_true", "x'", "eta", "dE_total/dw5")
NAMES += ("w^{2}_13", "z^{1}_{2,13}", "C@2", "net_h1@12", "w^{2,+}_13")
RELATIONS = ("<", "<=", ">", ">=", "=")

numbers = st.sampled_from(["0", "1", "2", "0.50", ".5", "0.15", "2.", "1e-5", "3.2E+4", "12"]).map(Number)
names = st.sampled_from(NAMES).map(Reference)
leaves = numbers | names | st.sampled_from(["e", "pi"]).map(Constant)


SLOTS = {
    **{f"{kind.__name__} first": lambda part, kind=kind: kind((part, Reference("x"))) for kind in (Add, Multiply)},
    **{f"{kind.__name__} later": lambda part, kind=kind: kind((Reference("x"), part)) for kind in (Add, Multiply)},
    **{
        f"{kind.__name__} {side}": lambda part, kind=kind, side=side: (
            kind(part, Reference("x")) if side == "left" else kind(Reference("x"), part)
        )
        for kind in (Subtract, Divide, Power, MatMul, Hadamard)
        for side in ("left", "right")
    },
    **{kind.__name__: kind for kind in (Negate, Transpose)},
    "Derivative": lambda part: Derivative(part, Reference("x")),
    "Call": lambda part: Call("tanh", (part,)),
}
"""Every place in every operation, as a function that puts a part there."""

LEAVES = (Number("2"), Reference("y"), Reference("w5^+"), Reference("dE/dw5"), Constant("e"))


def nested(depth: int, leaves: tuple[Expr, ...] = LEAVES) -> Iterator[Expr]:
    """Every operation in every place of every other, ``depth`` operations deep."""
    if depth == 0:
        yield from leaves
        return
    for part in nested(depth - 1, leaves):
        for put in SLOTS.values():
            yield put(part)


def expressions(*, groups: bool = False, max_leaves: int = 16) -> st.SearchStrategy[Expr]:
    """Expressions of every kind; with ``groups`` also with brackets anywhere."""
    return st.recursive(leaves, lambda parts: _larger(parts, groups), max_leaves=max_leaves)


def scalars(names: st.SearchStrategy[Expr], max_leaves: int = 8) -> st.SearchStrategy[Expr]:
    """Scalar formulas that are smooth and finite wherever their references are positive and moderate."""

    def larger(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        pair = st.tuples(parts, parts)
        positive = parts.map(lambda u: Add((Number("1"), Power(u, Number("2")))))
        return st.one_of(
            st.lists(parts, min_size=2, max_size=3).map(tuple).map(Add),
            st.lists(parts, min_size=2, max_size=3).map(tuple).map(Multiply),
            pair.map(lambda two: Subtract(*two)),
            st.builds(Divide, parts, positive),
            st.builds(Power, parts, st.sampled_from(["2", "3"]).map(Number)),
            st.builds(lambda u: Power(Constant("e"), Negate(Call("tanh", (u,)))), parts),
            st.builds(lambda u: Power(Number("2"), Call("sigma", (u,))), parts),
            parts.map(Negate),
            parts.map(Group),
            st.sampled_from(["tanh", "sigma"]).flatmap(lambda f: parts.map(lambda u: Call(f, (u,)))),
            st.sampled_from(["ln", "log", "sqrt"]).flatmap(lambda f: positive.map(lambda u: Call(f, (u,)))),
        )

    small = st.sampled_from(["0.5", "2", "1", "0.01"]).map(Number)
    return st.recursive(names | small, larger, max_leaves=max_leaves)


def without_groups(expression: Expr) -> Expr:
    """The same expression without the brackets that precedence does not ask for."""
    if isinstance(expression, Group):
        return without_groups(expression.operand)
    return rebuild(expression, without_groups)


def _larger(parts: st.SearchStrategy[Expr], groups: bool) -> st.SearchStrategy[Expr]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    kinds = [
        several.map(Add),
        several.map(Multiply),
        *(st.builds(kind, parts, parts) for kind in (Subtract, Divide, Power, MatMul, Hadamard)),
        *(st.builds(kind, parts) for kind in (Negate, Transpose)),
        st.sampled_from(["exp", "ln", "tanh", "sqrt", "abs", "sign", "sigma", "relu", "sigma'", "f'"]).flatmap(
            lambda function: parts.map(lambda part: Call(function, (part,)))
        ),
        st.builds(Call, st.sampled_from(["max", "min"]), st.tuples(parts, parts)),
        _matrices(parts),
        st.lists(st.tuples(parts, _conditions(parts)), min_size=1, max_size=2).flatmap(
            lambda branches: parts.map(lambda otherwise: Cases(tuple(branches), otherwise))
        ),
        parts.map(lambda operand: Derivative(operand, Reference("w5"))),
    ]
    return st.one_of(*kinds, parts.map(Group)) if groups else st.one_of(*kinds)


def _conditions(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Condition]:
    return st.builds(Condition, parts, st.sampled_from(RELATIONS), parts)


def _matrices(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Matrix]:
    rows = st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[parts] * width), min_size=1, max_size=3))
    return rows.map(tuple).map(Matrix)

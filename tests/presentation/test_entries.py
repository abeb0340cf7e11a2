"""Matrix formulas worked out entry by entry have the value of the formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import (
    Call,
    Divide,
    Expr,
    Hadamard,
    MatMul,
    Matrix,
    Number,
    Reference,
    Transpose,
    contains,
    expr,
)
from workings.presentation.boxes import box_of
from workings.presentation.display import DOTS
from workings.presentation.entries import matrices, worked_out


def matrix(rows: int, columns: int, start: int = 1) -> Matrix:
    return Matrix(
        tuple(tuple(expr(start + row * columns + column) for column in range(columns)) for row in range(rows))
    )


def value(expression: Expr) -> np.ndarray:
    return np.atleast_1d(evaluate(expression, lambda key: key))


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_the_entries_have_the_value_of_the_formula(n: int, m: int, k: int) -> None:
    A, B, v, w = matrix(n, m), matrix(m, k, 5), matrix(m, 1, 2), matrix(n, 1, 3)
    for formula in (
        MatMul(A, B),
        MatMul(A, v) + w,
        Hadamard(MatMul(Transpose(A), w), v),
        A - Number("2") * A,
        -(A / A),
        Divide(Number("1"), A),
        Call("exp", (w,)),
        MatMul(w, Transpose(v)),
    ):
        entries = worked_out(formula)
        assert isinstance(entries, Matrix)
        assert not contains(entries, MatMul)
        assert value(entries).shape == value(formula).shape or n == 1 or m == 1 or k == 1
        np.testing.assert_allclose(value(entries).ravel(), value(formula).ravel())


def test_a_scalar_stays_as_it_is() -> None:
    assert worked_out(Number("2") * Number("3")) == Number("2") * Number("3")


def test_matrices_are_found_from_left_to_right() -> None:
    A, B = matrix(1, 2), matrix(2, 1)
    assert list(matrices(MatMul(A, B) + A)) == [A, B, A]


def written(expression: Expr) -> str:
    from workings.algebra.write.text import write_text

    return write_text(expression, name=str)


def test_boxes_set_matrices_side_by_side() -> None:
    box = box_of(MatMul(matrix(2, 2), matrix(2, 1)) - matrix(2, 1), written, room=80)
    assert box.lines == ("[1  2] [1] - [1]", "[3  4] [2]   [2]")


def test_a_formula_too_wide_goes_on_below() -> None:
    box = box_of(MatMul(matrix(2, 2), matrix(2, 2)), written, room=8)
    assert max(map(len, box.lines)) <= 10
    assert len(box.lines) == 5


def test_sums_in_products_keep_their_brackets() -> None:
    box = box_of(MatMul(Transpose(matrix(2, 2)), matrix(2, 1) + matrix(2, 1)), written, room=80)
    assert box.lines == ("[1  2]^T ([1] + [1])", "[3  4]    [2]   [2]")


@pytest.mark.parametrize("is_result", [True, False])
def test_a_vector_is_written_on_one_line_as_a_result(is_result: bool) -> None:
    box = box_of(matrix(2, 1), written, room=80, is_result=is_result)
    assert box.lines == (("(1, 2)",) if is_result else ("[1]", "[2]"))


def test_what_is_left_out_is_no_matrix() -> None:
    assert not contains(DOTS, Matrix)
    assert contains(-matrix(1, 1), Matrix)
    assert not contains(Reference("W"), Matrix)

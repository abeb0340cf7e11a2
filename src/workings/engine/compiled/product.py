"""Matrix products, ``C = beta C + alpha P Q``: strip by strip, and block by block where they do not fit the cache.

What a block is made of is packed first, in the order in which the tile reads it: a strip of Q then fits the nearest
cache, and the block of Q and the rows of P the next, and no two of their lines push each other out. On one core this is
as fast as OpenBLAS on the largest products and faster on all others, which it is called for without overhead.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numba import cfunc, njit, types

from workings.engine.compiled.kept import kept
from workings.engine.compiled.tile import MOST_ROWS, OPTIONS, behind, lanes_behind, rows_of_tile, strip
from workings.engine.compiled.turning import turn_of
from workings.engine.compiled.vectors import load_of, number_type, store

MOST_UNPACKED, MOST_TURNED = 16_000_000, 4_000_000
"""Multiplications of a product that fits the cache as it stands; and where P is read across its rows."""

TERMS = 224
"""Most terms of a block: two vectors of each leave room for what else the nearest cache must hold."""

ROWS = 48 // MOST_ROWS * MOST_ROWS
"""Most rows of a block of P: few, so that they do not push Q's out of the next cache."""

COLUMNS = 512
"""Most columns of a block of Q."""

ROOM = TERMS * (COLUMNS + ROWS)
"""Numbers that the packed blocks take."""

_two_vectors, _two_or_less, _one_or_less = strip(2, False), strip(2, True), strip(1, True)
_load, _turn = load_of(), turn_of()


@njit(**OPTIONS)
def _strips(C, ldc, P, row, term, down, Q, ldq, along, n_rows, n_terms, n_columns, alpha, beta):
    """A product from left to right; ``along`` says how far Q is from strip to strip."""
    lanes = lanes_behind(C)
    while n_columns >= 2 * lanes:
        _two_vectors(n_rows, down, C, ldc, P, row, term, Q, ldq, n_terms, n_columns, alpha, beta)
        C, Q, n_columns = behind(C, 2 * lanes), behind(Q, along), n_columns - 2 * lanes
    if n_columns > lanes:
        _two_or_less(n_rows, down, C, ldc, P, row, term, Q, ldq, n_terms, n_columns, alpha, beta)
    elif n_columns > 0:
        _one_or_less(n_rows, down, C, ldc, P, row, term, Q, ldq, n_terms, n_columns, alpha, beta)


@njit(**OPTIONS)
def _pack_rows(P, row, term, n_rows, n_terms, to):
    """For each tile what its rows have for the first term, side by side, then for the next."""
    lanes = lanes_behind(P)
    while n_rows > 0:
        n = rows_of_tile(n_rows)
        for i in range(0, n, lanes):
            if row == 1:
                for k in range(n_terms):
                    store(to, k * n + i, n - i, _load(P, k * term + i, n - i))
            else:
                for k in range(0, n_terms, lanes):
                    _turn(P, i * row + k * term, row, n - i, n_terms - k, to, k * n + i, n, n_terms - k, n - i)
        P, to, n_rows = behind(P, n * row), behind(to, n * n_terms), n_rows - n


@njit(**OPTIONS)
def _pack_columns(Q, term, column, n_terms, n_columns, to):
    """For each strip the two vectors of the first term, filled up with zeros, then those of the next."""
    lanes = lanes_behind(Q)
    width = 2 * lanes
    for first in range(0, n_columns, width):
        for j in range(first, first + width, lanes):
            at = j - first
            if column == 1:
                for k in range(n_terms):
                    store(to, k * width + at, lanes, _load(Q, k * term + j, n_columns - j))
            else:
                for k in range(0, n_terms, lanes):
                    place, left = j * column + k * term, n_columns - j
                    _turn(Q, place, column, left, n_terms - k, to, k * width + at, width, n_terms - k, lanes)
        to = behind(to, n_terms * width)


@njit(**OPTIONS)
def _blocks(C, ldc, P, row, term, Q, q_term, q_column, n_rows, n_terms, n_columns, alpha, beta, room):
    """A product block by block, of operands packed in the room."""
    width, rows = 2 * lanes_behind(C), behind(room, TERMS * COLUMNS)
    n_blocks = (n_terms + TERMS - 1) // TERMS
    for block in range(n_blocks):  # as even as it goes
        first = n_terms * block // n_blocks
        n = n_terms * (block + 1) // n_blocks - first
        for j in range(0, n_columns, COLUMNS):
            n_right = min(COLUMNS, n_columns - j)
            _pack_columns(behind(Q, first * q_term + j * q_column), q_term, q_column, n, n_right, room)
            for i in range(0, n_rows, ROWS):
                n_down = min(ROWS, n_rows - i)
                _pack_rows(behind(P, i * row + first * term), row, term, n_down, n, rows)
                c = behind(C, i * ldc + j)
                _strips(c, ldc, rows, 1, 0, n, room, width, n * width, n_down, n, n_right, alpha, beta)
        beta = alpha * 0 + 1  # of its type


def _product(C, ldc, P, row, term, Q, q_term, q_column, n_rows, n_terms, n_columns, alpha, beta, room):
    most = MOST_UNPACKED if term == 1 else MOST_TURNED
    if n_terms == 0 or (q_column == 1 and n_rows * n_terms * n_columns <= most):
        along = 2 * lanes_behind(C)
        _strips(C, ldc, P, row, term, row, Q, q_term, along, n_rows, n_terms, n_columns, alpha, beta)
    else:
        _blocks(C, ldc, P, row, term, Q, q_term, q_column, n_rows, n_terms, n_columns, alpha, beta, room)


@cache
def product_address(dtype: str) -> int:
    """Where the machine code of products of numbers of that type is, for ``call_product``.

    It is called by address so that it is compiled once, and not again with each function that multiplies.
    """
    kind, size = number_type(np.dtype(dtype).type), types.intp
    array = types.CPointer(kind)
    strides = array, size, size
    signature = types.void(array, size, *strides, *strides, size, size, size, kind, kind, array)
    with kept(f"product-{dtype}"):
        return int(cfunc(signature, cache=True, **OPTIONS)(_product).address)

"""The compiled epoch: gather, forward, backward and update, batch after batch, in one function for every network.

Weights are kept turned around while they are trained, a row for each input: so the same tile makes all products. What
threads write and others read has to travel from core to core, and that costs more than many a product. So the work is
cut into parts: where the weights are more than the batch, each part has neurons of its own, with their weights, for all
samples, and only activations and errors travel; other layers, and the outputs, are cut by samples. No line of the cache
is written by two parts: what belongs to one stands by itself, or in rows that begin with a line. How many threads share
the parts changes no bit of any number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from workings.engine.compiled.calls import arrive, call_backward, call_end, call_forward, call_gemm, call_step
from workings.engine.compiled.kept import kept
from workings.engine.compiled.tile import OPTIONS, product
from workings.engine.compiled.vectors import BYTES

MOST_FOR_TILES = 8_000_000
"""Multiplications of a product that still fits the cache; from there on BLAS, which arranges its operands first."""

BLOCK = 16
"""Rows and columns that are turned around at a time: as many lines as the nearest cache keeps for sure."""


def share(n: Any, part: Any, n_parts: Any, unit: Any) -> Any:
    """Where the share of a part begins and ends, in whole units."""
    n_units = (n + unit - 1) // unit
    return min(n, n_units * part // n_parts * unit), min(n, n_units * (part + 1) // n_parts * unit)


_share = njit(**OPTIONS)(share)


@njit(**OPTIONS)
def _rectangle(is_by_neuron, n_rows, n, part, n_parts, lanes):
    """What a part has of a layer: first and last sample, first and last neuron."""
    if is_by_neuron:
        first, last = _share(n, part, n_parts, lanes)
        return 0, n_rows, first, last
    first, last = _share(n_rows, part, n_parts, 1)
    return first, last, 0, n


@njit(**OPTIONS)
def _meet(counter, goal, n_threads):
    """Wait for all other threads; gives the next goal."""
    if n_threads > 1:
        goal += n_threads
        arrive(counter, goal)
    return goal


@njit(**OPTIONS)
def _is_small(n_multiplications, n_parts):
    """Whether a part of a product is one for tiles."""
    return n_multiplications <= MOST_FOR_TILES * n_parts


@njit(**OPTIONS)
def _forward(sizes, places, by_neuron, loops, gemm, flat, work, inputs, layer, n_rows, part, n_parts):
    """A part of a layer's z and a."""
    one, lanes = flat.dtype.type(1), BYTES // flat.itemsize
    n_in, n_out = sizes[layer - 1], sizes[layer]
    first, last, left, right = _rectangle(by_neuron[layer], n_rows, n_out, part, n_parts, lanes)
    n_samples, n = last - first, right - left
    w, ldw = places[layer, 0] + left, n_out
    if layer == 1:
        w, ldw = places[layer, 0] + n_in * left, n
    below, ldx, ldz = places[layer - 1, 2] if layer > 1 else inputs, places[layer - 1, 5], places[layer, 5]
    x, z, a = below + first * ldx, places[layer, 3] + first * ldz + left, places[layer, 2] + first * ldz + left
    bias = flat[places[layer, 1] + left : places[layer, 1] + right]
    for i in range(n_samples):
        row = work[z + i * ldz : z + i * ldz + n]
        for j in range(n):
            row[j] = bias[j]
    if _is_small(n_rows * n_in * n_out, n_parts):
        product(work, z, ldz, work, x, ldx, 1, flat, w, ldw, n_samples, n_in, n, one, one)
    elif n_samples and n:
        call_gemm(gemm, False, False, n, n_samples, n_in, one, flat, w, ldw, work, x, ldx, one, work, z, ldz)
    if n == ldz:
        call_forward(loops[layer, 0], work, z, work, a, n_samples, n)
    else:
        for i in range(n_samples):
            call_forward(loops[layer, 0], work, z + i * ldz, work, a + i * ldz, 1, n)


@njit(**OPTIONS)
def _end(sizes, places, loops, work, n_rows, scale, part, n_parts):
    """The cost of a part of the samples, and dC/dz of the outputs in the place of their z."""
    top = sizes.size - 1
    n_out = sizes[top]
    first, last = _share(n_rows, part, n_parts, 1)
    at = first * n_out
    y, z, a = places[0, 3] + at, places[top, 3] + at, places[top, 2] + at
    return call_end(loops[top, 1], work, y, work, z, work, a, last - first, n_out, scale)


@njit(**OPTIONS)
def _backward(sizes, places, by_neuron, loops, gemm, flat, turned, work, layer, n_rows, full, part, n_parts):
    """A part of a layer's dC/dz, from that of the layer above, in the place of its z."""
    one, zero, lanes = flat.dtype.type(1), flat.dtype.type(0), BYTES // flat.itemsize
    n, n_above = sizes[layer], sizes[layer + 1]
    first, last, left, right = _rectangle(by_neuron[layer], n_rows, n, part, n_parts, lanes)
    n_samples, n_own = last - first, right - left
    ld, ldd = places[layer, 5], places[layer + 1, 5]
    w, delta = places[layer + 1, 0] + left * n_above, places[layer + 1, 3] + first * ldd
    # samples of two parts must not meet, and the part with those before may still be at a wider layer
    d = places[0, 0] + left + first * (ld if by_neuron[layer] else places[0, 4])
    if _is_small(full * n * n_above, n_parts):
        t = places[layer + 1, 4] + n_above * left
        product(work, d, ld, work, delta, ldd, 1, turned, t, n_own, n_samples, n_above, n_own, one, zero)
    elif n_samples and n_own:
        call_gemm(
            gemm, True, False, n_own, n_samples, n_above, one, flat, w, n_above, work, delta, ldd, zero, work, d, ld
        )
    z, a = places[layer, 3] + first * ld + left, places[layer, 2] + first * ld + left
    if n_own == ld:
        call_backward(loops[layer, 1], work, z, work, a, work, d, n_samples, n)
    else:
        for i in range(n_samples):
            call_backward(loops[layer, 1], work, z + i * ld, work, a + i * ld, work, d + i * ld, 1, n_own)


@njit(**OPTIONS)
def _update(
    sizes, places, by_neuron, gemm, flat, turned, work, inputs, n_rows, full, step, gradient, state, factors, update,
    l2, trains_biases, part, n_parts,
):  # fmt: skip
    """A part of the update; gives the sum of squares of those W before.

    Of the first layer it has what leads to its neurons, of each other layer what leads from its neurons. Where no
    optimizer's loop is given, the product itself makes ``W = W - rate dJ/dW``; else it makes the gradient.
    """
    one, zero, lanes = flat.dtype.type(1), flat.dtype.type(0), BYTES // flat.itemsize
    rate, to = factors[update, 0], flat
    alpha, beta = -rate, one - rate * l2
    if step != 0:
        alpha, beta, to = one, zero, gradient
    squares, n_all, at_factors = 0.0, flat.size, update * factors.shape[1]
    for layer in range(1, sizes.size):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        leads_to = layer == 1 and by_neuron[1]
        first, last = _share(n_in, part, n_parts, lanes if by_neuron[layer - 1] else 1)
        left, right = 0, n_out
        if leads_to:
            first, last = 0, n_in
            left, right = _share(n_out, part, n_parts, lanes)
        n_from, n = last - first, right - left
        w, size = places[layer, 0] + first * n + n_in * left, n_from * n
        below, ldx, ldd = places[layer - 1, 2] if layer > 1 else inputs, places[layer - 1, 5], places[layer, 5]
        a, delta = below + first, places[layer, 3] + left
        if l2 != 0:
            for weight in flat[w : w + size]:
                squares += weight * weight
        if _is_small(n_rows * n_in * n_out, n_parts):
            product(to, w, n, work, a, 1, ldx, work, delta, ldd, n_from, n_rows, n, alpha, beta)
        elif size:
            call_gemm(gemm, False, True, n, n_from, n_rows, alpha, work, delta, ldd, work, a, ldx, beta, to, w, n)
        if step != 0:
            call_step(step, flat, w, gradient, w, state, w, n_all, factors, at_factors, size, l2)
        if trains_biases and (leads_to or part == layer % n_parts):
            b = places[layer, 1] + left
            _sum_rows(to, b, n, work, delta, ldd, n_rows, alpha, step == 0)
            if step != 0:
                call_step(step, flat, b, gradient, b, state, b, n_all, factors, at_factors, n, zero)
        if layer > 1 and _is_small(full * n_in * n_out, n_parts):
            if by_neuron[layer - 1]:
                _turn(turned, places[layer, 4] + n_out * first, n_from, flat, w, n_from, n_out)
            else:
                _turn(turned, places[layer, 4] + first, n_in, flat, w, n_from, n_out)
    return squares


@njit(**OPTIONS)
def _turn(turned, t, ldt, flat, w, n_from, n_out):
    """Rows of W, which become columns: block by block, so that no line is fetched twice."""
    for top in range(0, n_from, BLOCK):
        for left in range(0, n_out, BLOCK):
            for k in range(top, min(top + BLOCK, n_from)):
                for j in range(left, min(left + BLOCK, n_out)):
                    turned[t + j * ldt + k] = flat[w + k * n_out + j]


@njit(**OPTIONS)
def _sum_rows(to, place, n, work, delta, ldd, n_rows, alpha, is_added):
    """Alpha times the sum over the samples, added to what is there or in its place."""
    total = to[place : place + n]
    if not is_added:
        total[:] = 0
    for s in range(n_rows):
        row = work[delta + s * ldd : delta + s * ldd + n]
        for j in range(n):
            total[j] += alpha * row[j]


@njit(**OPTIONS)
def _gather(source, rows, work, place, first, last):
    """Rows ``first`` to ``last`` of the batch, which are those of the source, into the workspace."""
    n = source.shape[1]
    for i in range(first, last):
        given, row = source[rows[i]], work[place + i * n : place + (i + 1) * n]
        for k in range(n):
            row[k] = given[k]


with kept():

    @njit(cache=True, **OPTIONS)
    def epoch(
        sizes, places, by_neuron, loops, gemm, flat, turned, work, X, Y, rows, batch_size, divisors, step, gradient,
        state, factors, l2, trains_biases, thread, n_threads, counter, costs, squares, seen,
    ):  # fmt: skip
        """One update after another, for the samples ``rows``, ``batch_size`` at a time; returns how many were made.

        Parameters
        ----------
        sizes : int64 array of shape (n_layers + 1,)
        places : int64 array of shape (n_layers + 1, 6)
            Where things begin. Of each layer: W and b in ``flat``, a and z in ``work``, W in ``turned``; then how far a
            sample of it is from the next. Of the inputs: dC/da, how far the next thread's copy of them is, a and the
            targets in ``work``; then how far a sample of the widest layer is from the next, and one of the inputs.
        by_neuron : bool array of shape (n_layers + 1,)
            Whether a layer is cut by neurons, and not by samples; never the inputs and the outputs.
        loops : int64 array of shape (n_layers + 1, 2)
            The addresses of each layer's loops forward and backward.
        divisors : (float, float)
            What the sum of the samples' losses is divided by, in a full batch and in the last one.
        step : int
            The address of the optimizer's loop; 0 where the product makes the update.
        gradient, state : arrays of shape (n_parameters,) and (n_kept * n_parameters,)
            Empty where they are not needed.
        factors : array of shape (n_updates, n_factors)
            What all parameters share; the learning rate first where there is no loop.
        thread, n_threads : int
            Which of how many; all are given the same otherwise, and there are no more of them than parts.
        costs, squares : float64 arrays of shape (n_parts,)
            What the parts tell each other.
        seen : float64 array of shape (3,)
            To be added to: samples, and C and R times samples.

        Notes
        -----
        Before the update that follows from a cost that is not finite it stops. Where all hidden layers are cut by
        neurons, nobody changes what another may still read until they meet the next time, so nothing else waits.
        """
        goal, n_updates, n_parts, top = 0, 0, costs.size, sizes.size - 1
        is_apart = top > 1 and by_neuron[1:top].all() and l2 == 0
        inputs = places[0, 2] + thread * places[0, 1]
        first, last = _share(n_parts, thread, n_threads, 1)
        own_parts = range(first, last)
        for start in range(0, rows.size, batch_size):
            n_rows = min(batch_size, rows.size - start)
            batch = rows[start : start + n_rows]
            first, last = (
                _share(n_rows, own_parts.start, n_parts, 1)[0],
                _share(n_rows, own_parts.stop - 1, n_parts, 1)[1],
            )
            _gather(Y, batch, work, places[0, 3], first, last)
            if by_neuron[1]:
                first, last = 0, n_rows
            _gather(X, batch, work, inputs, first, last)
            for layer in range(1, top + 1):
                if layer > 1 and (by_neuron[layer - 1] or by_neuron[layer]):
                    goal = _meet(counter, goal, n_threads)
                for part in own_parts:
                    _forward(sizes, places, by_neuron, loops, gemm, flat, work, inputs, layer, n_rows, part, n_parts)
            divisor = divisors[0] if n_rows == batch_size else divisors[1]
            scale = flat.dtype.type(1.0 / divisor)
            for part in own_parts:
                costs[part] = _end(sizes, places, loops, work, n_rows, scale, part, n_parts)
            for layer in range(top - 1, 0, -1):
                if by_neuron[layer] or by_neuron[layer + 1]:
                    goal = _meet(counter, goal, n_threads)
                for part in own_parts:
                    _backward(
                        sizes, places, by_neuron, loops, gemm, flat, turned, work, layer, n_rows, batch_size, part,
                        n_parts,
                    )  # fmt: skip
            if not is_apart:
                goal = _meet(counter, goal, n_threads)
            cost = costs.sum() / divisor
            if not np.isfinite(cost):
                break
            for part in own_parts:
                squares[part] = _update(
                    sizes, places, by_neuron, gemm, flat, turned, work, inputs, n_rows, batch_size, step, gradient,
                    state, factors, n_updates, l2, trains_biases, part, n_parts,
                )  # fmt: skip
            if not is_apart:
                goal = _meet(counter, goal, n_threads)
            n_updates += 1
            if thread == 0:
                seen[0] += n_rows
                seen[1] += n_rows * cost
                seen[2] += n_rows * (0.5 * l2 * squares.sum())
        return n_updates

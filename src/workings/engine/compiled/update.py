"""The update of the compiled epoch: part by part, from the errors of all samples to new weights and biases.

Without clipping each weight is done with at once; a gradient that is clipped has to be there as a whole before.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from workings.engine.compiled.calls import call_product, call_step
from workings.engine.compiled.parts import columns, is_small, meet, own_parameters, room_of
from workings.engine.compiled.rows import sum_rows, turn_rows
from workings.engine.compiled.tile import INLINED, OPTIONS
from workings.engine.compiled.vectors import BYTES


@njit(**INLINED)
def update_parts(
    layers, multiply, flat, turned, work, private, n_rows, full, step, gradient, state, factors, update, penalty,
    bounds, trains_biases, parts, weighed, counter, goal, n_threads,
):  # fmt: skip
    """The update of a thread's parts, and what they weigh; gives the goal of the next meeting.

    The arguments are those of :func:`~workings.engine.compiled.epoch.epoch`.
    """
    n_parts = weighed.shape[1]
    if bounds[0] == 0 and bounds[1] == 0:
        for part in parts:
            weighed[0, part], weighed[1, part] = _update(
                layers, multiply, flat, turned, work, private, n_rows, full, step, gradient, state, factors, update,
                penalty, trains_biases, part, n_parts,
            )  # fmt: skip
        return goal
    for part in parts:
        weighed[0, part], weighed[1, part], weighed[2, part] = _gather_gradient(
            layers, multiply, flat, work, private, n_rows, gradient, penalty, trains_biases, part, n_parts
        )
    goal = meet(counter, goal, n_threads)  # the norm is that of all parts
    norm = np.sqrt(weighed[2].sum())
    for part in parts:
        _clipped_step(
            layers, flat, turned, full, step, gradient, state, factors, update, bounds, norm, trains_biases, part,
            n_parts,
        )  # fmt: skip
    return goal


@njit(**INLINED)
def _errors(layers, layer, private, part, left, n):
    """Where dC/dz of some neurons begins, and how far a sample is from the next; each thread may have its outputs."""
    at, ld = columns(layers, layer, part, left, n)
    return layers[layer].z + at + (private if layer + 1 == layers.size else 0), ld


@njit(**INLINED)
def _multiply(layers, multiply, work, private, layer, n_rows, own, alpha, beta, to, part, n_parts):
    """Of a part's own weights, beta times what is there, and alpha times the slopes of all samples together."""
    first, n_from, left, n, w, _, _ = own
    at, ldx = columns(layers, layer - 1, part, first, n_from)
    a = layers[layer - 1].a + at + (private if layer == 1 else 0)
    delta, ldd = _errors(layers, layer, private, part, left, n)
    room = room_of(layers, part)
    call_product(
        multiply, to, w, n, work, a, 1, ldx, work, delta, ldd, 1, n_from, n_rows, n, alpha, beta, work, room
    )  # fmt: skip


@njit(**INLINED)
def _update(
    layers, multiply, flat, turned, work, private, n_rows, full, step, gradient, state, factors, update, penalty,
    trains_biases, part, n_parts,
):  # fmt: skip
    """A part of the update; gives the sums of |W| and of W^2 of those W before, where they cost something.

    Where no optimizer's loop is given, the product itself makes ``W = W - rate dJ/dW``; else it makes the gradient.
    """
    one, zero, lanes = flat.dtype.type(1), flat.dtype.type(0), BYTES // flat.itemsize
    rate, to = factors[update, 0], flat
    l1, l2 = penalty
    alpha, beta = -rate, one - rate * l2
    if step != 0:
        alpha, beta, to = one, zero, gradient
    absolutes, squares, n_all, at_factors = 0.0, 0.0, flat.size, update * factors.shape[1]
    for layer in range(1, layers.size):
        own = own_parameters(layers, layer, part, n_parts, lanes)
        _, n_from, left, n, w, b, has_biases = own
        size = n_from * n
        if l2 != 0:
            for weight in flat[w : w + size]:
                squares += weight * weight
        _multiply(layers, multiply, work, private, layer, n_rows, own, alpha, beta, to, part, n_parts)
        if l1 != 0:
            absolutes += _add_signs(gradient, flat, w, size, l1)
        if step != 0:
            call_step(step, flat, w, gradient, w, state, w, n_all, factors, at_factors, size, l2)
        if trains_biases and has_biases:
            delta, ldd = _errors(layers, layer, private, part, left, n)
            sum_rows(to, b, n, work, delta, ldd, n_rows, alpha, step == 0)
            if step != 0:
                call_step(step, flat, b, gradient, b, state, b, n_all, factors, at_factors, n, zero)
        _turn_own(layers, flat, turned, layer, full, own, n_parts)
    return absolutes, squares


@njit(**INLINED)
def _gather_gradient(layers, multiply, flat, work, private, n_rows, gradient, penalty, trains_biases, part, n_parts):
    """A part of dJ/dW and dJ/db; gives the sums of |W|, of W^2 and of the squares of that part."""
    one, zero, lanes = flat.dtype.type(1), flat.dtype.type(0), BYTES // flat.itemsize
    l1, l2 = penalty
    absolutes, squares, length = 0.0, 0.0, 0.0
    for layer in range(1, layers.size):
        own = own_parameters(layers, layer, part, n_parts, lanes)
        _, n_from, left, n, w, b, has_biases = own
        size = n_from * n
        _multiply(layers, multiply, work, private, layer, n_rows, own, one, zero, gradient, part, n_parts)
        if l1 != 0:
            absolutes += _add_signs(gradient, flat, w, size, l1)
        for i in range(w, w + size):
            if l2 != 0:
                gradient[i] += l2 * flat[i]
                squares += flat[i] * flat[i]
            length += np.float64(gradient[i]) ** 2
        if trains_biases and has_biases:
            delta, ldd = _errors(layers, layer, private, part, left, n)
            sum_rows(gradient, b, n, work, delta, ldd, n_rows, one, False)
            for i in range(b, b + n):
                length += np.float64(gradient[i]) ** 2
    return absolutes, squares, length


@njit(**INLINED)
def _clipped_step(
    layers, flat, turned, full, step, gradient, state, factors, update, bounds, norm, trains_biases, part, n_parts
):
    """A part of the update, of the gradient that is there, clipped by one of the bounds: the one above 0."""
    zero, scale, bound, lanes = flat.dtype.type(0), flat.dtype.type(1), bounds[1], BYTES // flat.itemsize
    if bounds[0] != 0 and not norm <= bounds[0]:
        scale = flat.dtype.type(bounds[0] / norm)
    n_all, at_factors = flat.size, update * factors.shape[1]
    for layer in range(1, layers.size):
        own = own_parameters(layers, layer, part, n_parts, lanes)
        _, n_from, _, n, w, b, has_biases = own
        _clip(gradient, w, n_from * n, scale, bound)
        call_step(step, flat, w, gradient, w, state, w, n_all, factors, at_factors, n_from * n, zero)
        if trains_biases and has_biases:
            _clip(gradient, b, n, scale, bound)
            call_step(step, flat, b, gradient, b, state, b, n_all, factors, at_factors, n, zero)
        _turn_own(layers, flat, turned, layer, full, own, n_parts)


@njit(**OPTIONS)
def _clip(gradient, place, n, scale, bound):
    for i in range(place, place + n):
        g = scale * gradient[i]
        if bound != 0:
            g = bound if g > bound else (-bound if g < -bound else g)
        gradient[i] = g


@njit(**OPTIONS)
def _add_signs(gradient, flat, place, n, l1):
    """Add l1 sign(w) to the gradient of some weights; gives the sum of |w|."""
    total = 0.0
    for i in range(place, place + n):
        w = flat[i]
        if w > 0:
            gradient[i] += l1
        elif w < 0:
            gradient[i] -= l1
        total += abs(w)
    return total


@njit(**INLINED)
def _turn_own(layers, flat, turned, layer, full, own, n_parts):
    """A part's own weights as they are, into the copy that is turned around, where the way back uses it."""
    first, n_from, _, _, w, _, _ = own
    n_in, n_out = layers[layer - 1].n, layers[layer].n
    if layer > 1 and is_small(full * n_in * n_out, n_parts):
        if layers[layer - 1].by_neuron:
            turn_rows(turned, layers[layer].turned + n_out * first, n_from, flat, w, n_from, n_out)
        else:
            turn_rows(turned, layers[layer].turned + first, n_in, flat, w, n_from, n_out)

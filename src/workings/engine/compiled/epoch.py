"""The compiled epoch: gather, forward, backward and update, batch after batch, in one function for every network.

Weights are kept turned around while they are trained, a row for each input: so the same tile makes all products. Every
thread takes its share of the samples forward and back; when all have arrived, its share of the weights.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from workings.engine.compiled.calls import arrive, call_backward, call_end, call_forward, call_gemm, call_step
from workings.engine.compiled.kept import kept
from workings.engine.compiled.tile import OPTIONS, product
from workings.network.dropout import UNUSED_BITS, drawn

_drawn = njit(**OPTIONS)(drawn)

MOST_FOR_TILES = 8_000_000
"""Multiplications of a product that still fits the cache; from there on BLAS, which arranges its operands first."""


@njit(**OPTIONS)
def _share(n, thread, n_threads):
    """Where the share of a thread begins and ends."""
    return n * thread // n_threads, n * (thread + 1) // n_threads


@njit(**OPTIONS)
def _forward(sizes, places, loops, gemm, flat, work, dropout, update, first, last):
    """Samples ``first`` to ``last`` of the batch through all layers."""
    one = flat.dtype.type(1)
    n_samples = last - first
    for layer in range(1, sizes.size):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        w, b, below, z = places[layer, 0], places[layer, 1], places[layer - 1, 2], places[layer, 3]
        bias = flat[b : b + n_out]
        for i in range(first, last):
            row = work[z + i * n_out : z + (i + 1) * n_out]
            for j in range(n_out):
                row[j] = bias[j]
        x, to = below + first * n_in, z + first * n_out
        if n_samples * n_in * n_out <= MOST_FOR_TILES:
            product(work, to, n_out, work, x, n_in, 1, flat, w, n_out, n_samples, n_in, n_out, one, one)
        else:
            call_gemm(
                gemm, False, False, n_out, n_samples, n_in, one, flat, w, n_out, work, x, n_in, one, work, to, n_out
            )
        thresholds, scales, undropped, keys = dropout
        f = undropped[layer] + first * n_out  # the place of a where nothing is left out
        call_forward(loops[layer, 0], work, to, work, f, n_samples, n_out)
        if thresholds[layer] != 0:
            a, key = places[layer, 2] + first * n_out, keys[update, layer]
            _drop(work, f, a, first * n_out, n_samples * n_out, key, thresholds[layer], scales[layer])


@njit(**OPTIONS)
def _drop(work, source, target, before, n, key, threshold, scale):
    """Some numbers of a layer where they are kept, times the scale, and else 0; so many of the batch came before."""
    for i in range(n):
        is_kept = (_drawn(key, np.uint64(before + i)) >> UNUSED_BITS) >= threshold
        work[target + i] = work[source + i] * scale if is_kept else work.dtype.type(0)


@njit(**OPTIONS)
def _backward(sizes, places, loops, gemm, flat, turned, work, dropout, update, first, last, weights, scale):
    """The cost of samples ``first`` to ``last``, of these weights, and dC/dz of every layer in the place of its z."""
    one, zero = flat.dtype.type(1), flat.dtype.type(0)
    top = sizes.size - 1
    n_samples, n_out = last - first, sizes[top]
    at = first * n_out
    y, z, a = places[0, 3] + at, places[top, 3] + at, places[top, 2] + at
    if weights.size == 0:
        cost = call_end(loops[top, 1], work, y, work, z, work, a, n_samples, n_out, scale)
    else:
        cost = 0.0
        for i in range(n_samples):
            s, at = weights[i], i * n_out
            own = flat.dtype.type(s * scale)
            cost += s * call_end(loops[top, 1], work, y + at, work, z + at, work, a + at, 1, n_out, own)
    for layer in range(top - 1, 0, -1):
        n, n_above = sizes[layer], sizes[layer + 1]
        w, delta = places[layer + 1, 0], places[layer + 1, 3] + first * n_above
        z, d = places[layer, 3] + first * n, places[0, 0] + first * places[0, 4]
        if n_samples * n * n_above <= MOST_FOR_TILES:
            t = places[layer + 1, 4]
            product(work, d, n, work, delta, n_above, 1, turned, t, n, n_samples, n_above, n, one, zero)
        else:
            call_gemm(
                gemm, True, False, n, n_samples, n_above, one, flat, w, n_above, work, delta, n_above, zero, work, d, n
            )
        thresholds, scales, undropped, keys = dropout
        if thresholds[layer] != 0:
            _drop(work, d, d, first * n, n_samples * n, keys[update, layer], thresholds[layer], scales[layer])
        f = undropped[layer] + first * n
        call_backward(loops[layer, 1], work, z, work, f, work, d, n_samples, n)
    return cost


@njit(**OPTIONS)
def _update(
    sizes, places, gemm, flat, turned, work, n_rows, step, gradient, state, factors, update, penalty, trains_biases,
    thread, n_threads,
):  # fmt: skip
    """A thread's share of the update; gives the sums of |W| and of W^2 of its W before, where they cost something.

    Where no optimizer's loop is given, the product itself makes ``W = W - rate dJ/dW``; else it makes the gradient.
    """
    one, zero = flat.dtype.type(1), flat.dtype.type(0)
    rate, to = factors[update, 0], flat
    l1, l2 = penalty
    alpha, beta = -rate, one - rate * l2
    if step != 0:
        alpha, beta, to = one, zero, gradient
    absolutes, squares, n_all = 0.0, 0.0, flat.size
    for layer in range(1, sizes.size):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        first, last = _share(n_in, thread, n_threads)
        n = last - first
        w, a, delta = places[layer, 0] + first * n_out, places[layer - 1, 2] + first, places[layer, 3]
        if l2 != 0:
            for weight in flat[w : w + n * n_out]:
                squares += weight * weight
        if n_rows * n * n_out <= MOST_FOR_TILES:
            product(to, w, n_out, work, a, 1, n_in, work, delta, n_out, n, n_rows, n_out, alpha, beta)
        elif n:
            call_gemm(gemm, False, True, n_out, n, n_rows, alpha, work, delta, n_out, work, a, n_in, beta, to, w, n_out)
        if l1 != 0:
            absolutes += _add_signs(gradient, flat, w, n * n_out, l1)
        if step != 0:
            call_step(step, flat, w, gradient, w, state, w, n_all, factors, update * factors.shape[1], n * n_out, l2)
        if trains_biases and thread == layer % n_threads:
            b = places[layer, 1]
            _sum_rows(to, b, n_out, work, delta, n_rows, alpha, step == 0)
            if step != 0:
                call_step(step, flat, b, gradient, b, state, b, n_all, factors, update * factors.shape[1], n_out, zero)
        if layer > 1:
            _turn(flat, places[layer, 0], turned, places[layer, 4], n_in, n_out, first, last)
    return absolutes, squares


@njit(**OPTIONS)
def _gather_gradient(
    sizes, places, gemm, flat, work, n_rows, gradient, penalty, trains_biases, thread, n_threads
):  # fmt: skip
    """A thread's share of dJ/dW and dJ/db; gives the sums of |W|, of W^2 and of the squares of that share."""
    one, zero = flat.dtype.type(1), flat.dtype.type(0)
    l1, l2 = penalty
    absolutes, squares, length = 0.0, 0.0, 0.0
    for layer in range(1, sizes.size):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        first, last = _share(n_in, thread, n_threads)
        n = last - first
        w, a, delta = places[layer, 0] + first * n_out, places[layer - 1, 2] + first, places[layer, 3]
        if n_rows * n * n_out <= MOST_FOR_TILES:
            product(gradient, w, n_out, work, a, 1, n_in, work, delta, n_out, n, n_rows, n_out, one, zero)
        elif n:
            call_gemm(
                gemm, False, True, n_out, n, n_rows, one, work, delta, n_out, work, a, n_in, zero, gradient, w, n_out
            )
        if l1 != 0:
            absolutes += _add_signs(gradient, flat, w, n * n_out, l1)
        for i in range(w, w + n * n_out):
            if l2 != 0:
                gradient[i] += l2 * flat[i]
                squares += flat[i] * flat[i]
            length += np.float64(gradient[i]) ** 2
        if trains_biases and thread == layer % n_threads:
            b = places[layer, 1]
            _sum_rows(gradient, b, n_out, work, delta, n_rows, one, False)
            for i in range(b, b + n_out):
                length += np.float64(gradient[i]) ** 2
    return absolutes, squares, length


@njit(**OPTIONS)
def _clipped_step(
    sizes, places, flat, turned, step, gradient, state, factors, update, bounds, norm, trains_biases, thread, n_threads
):  # fmt: skip
    """A thread's share of the update, of the gradient that is there, clipped by one of the bounds: the one above 0."""
    zero, scale, bound = flat.dtype.type(0), flat.dtype.type(1), bounds[1]
    if bounds[0] != 0 and not norm <= bounds[0]:
        scale = flat.dtype.type(bounds[0] / norm)
    for layer in range(1, sizes.size):
        n_in, n_out = sizes[layer - 1], sizes[layer]
        first, last = _share(n_in, thread, n_threads)
        w, n = places[layer, 0] + first * n_out, (last - first) * n_out
        _clip(gradient, w, n, scale, bound)
        call_step(step, flat, w, gradient, w, state, w, flat.size, factors, update * factors.shape[1], n, zero)
        if trains_biases and thread == layer % n_threads:
            b = places[layer, 1]
            _clip(gradient, b, n_out, scale, bound)
            call_step(step, flat, b, gradient, b, state, b, flat.size, factors, update * factors.shape[1], n_out, zero)
        if layer > 1:
            _turn(flat, places[layer, 0], turned, places[layer, 4], n_in, n_out, first, last)


@njit(**OPTIONS)
def _clip(gradient, place, n, scale, bound):
    for i in range(place, place + n):
        g = scale * gradient[i]
        if bound != 0:
            g = bound if g > bound else (-bound if g < -bound else g)
        gradient[i] = g


@njit(**OPTIONS)
def _turn(flat, w, turned, t, n_in, n_out, first, last):
    """The weights of inputs ``first`` to ``last`` as they are, into the copy that is turned around."""
    for k in range(first, last):
        for j in range(n_out):
            turned[t + j * n_in + k] = flat[w + k * n_out + j]


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


@njit(**OPTIONS)
def _sum_rows(to, place, n, work, delta, n_rows, alpha, is_added):
    """Alpha times the sum over the samples, added to what is there or in its place."""
    total = to[place : place + n]
    if not is_added:
        total[:] = 0
    for s in range(n_rows):
        row = work[delta + s * n : delta + (s + 1) * n]
        for j in range(n):
            total[j] += alpha * row[j]


@njit(**OPTIONS)
def _gather(X, Y, rows, start, work, x, y, first, last):
    """Samples ``first`` to ``last`` of the batch into the workspace."""
    for source, place in ((X, x), (Y, y)):
        n = source.shape[1]
        for i in range(first, last):
            given, row = source[rows[start + i]], work[place + i * n : place + (i + 1) * n]
            for k in range(n):
                row[k] = given[k]


with kept():

    @njit(cache=True, **OPTIONS)
    def epoch(
        sizes, places, loops, gemm, flat, turned, work, X, Y, rows, batch_size, weights, shares, step, gradient,
        state, factors, penalty, bounds, dropout, trains_biases, thread, n_threads, counter, costs, weighed, seen,
    ):  # fmt: skip
        """One update after another, for the samples ``rows``, ``batch_size`` at a time; returns how many were made.

        Parameters
        ----------
        sizes : int64 array of shape (n_layers + 1,)
        places : int64 array of shape (n_layers + 1, 5)
            Where things begin. Of each layer: W and b in ``flat``, a and z in ``work``, W in ``turned``. Of the inputs:
            dC/da, nothing, a and the targets in ``work``, and the size of the widest layer.
        loops : int64 array of shape (n_layers + 1, 2)
            The addresses of each layer's loops forward and backward.
        weights : float64 array of shape (n_rows,)
            How much each of the samples counts; empty where all count the same.
        shares : float64 array of shape (n_updates, 2)
            The sum of the weights in each batch, or its number of samples; and what sums over it are divided by.
        step : int
            The address of the optimizer's loop; 0 where the product makes the update.
        gradient, state : arrays of shape (n_parameters,) and (n_kept * n_parameters,)
            Empty where they are not needed.
        factors : array of shape (n_updates, n_factors)
            What all parameters share; the learning rate first where there is no loop.
        penalty : (l1, l2)
            Where l1 is not 0, the optimizer must have a loop.
        bounds : (norm, value)
            What the gradient is clipped by; 0 where it is not, and at most one of them more: then there must be a loop.
        dropout : three arrays of shape (n_layers + 1,), and one of shape (n_updates, n_layers + 1)
            Of each layer the threshold, 0 where nothing is left out; what those kept are multiplied by; and where in
            ``work`` activations stand before. Then the keys of each update.
        costs, weighed : float64 arrays of shape (n_threads,) and (3, n_threads)
            What threads tell each other.
        seen : float64 array of shape (3,)
            To be added to: samples, and C and R times samples.

        Notes
        -----
        Before the update that follows from a cost that is not finite it stops.
        """
        goal, n_updates = 0, 0
        for start in range(0, rows.size, batch_size):
            n_rows = min(batch_size, rows.size - start)
            first, last = _share(n_rows, thread, n_threads)
            _gather(X, Y, rows, start, work, places[0, 2], places[0, 3], first, last)
            _forward(sizes, places, loops, gemm, flat, work, dropout, n_updates, first, last)
            weight, divisor = shares[n_updates]
            scale, own = flat.dtype.type(1.0 / divisor), weights[start + first : start + last]
            costs[thread] = _backward(
                sizes, places, loops, gemm, flat, turned, work, dropout, n_updates, first, last, own, scale
            )
            if n_threads > 1:
                goal += n_threads
                arrive(counter, goal)
            cost = costs.sum() / divisor
            if not np.isfinite(cost):
                break
            if bounds[0] == 0 and bounds[1] == 0:
                weighed[0, thread], weighed[1, thread] = _update(
                    sizes, places, gemm, flat, turned, work, n_rows, step, gradient, state, factors, n_updates, penalty,
                    trains_biases, thread, n_threads,
                )  # fmt: skip
            else:
                weighed[0, thread], weighed[1, thread], weighed[2, thread] = _gather_gradient(
                    sizes, places, gemm, flat, work, n_rows, gradient, penalty, trains_biases, thread, n_threads
                )
                if n_threads > 1:  # the norm is that of all shares
                    goal += n_threads
                    arrive(counter, goal)
                _clipped_step(
                    sizes, places, flat, turned, step, gradient, state, factors, n_updates, bounds,
                    np.sqrt(weighed[2].sum()), trains_biases, thread, n_threads,
                )  # fmt: skip
            if n_threads > 1:
                goal += n_threads
                arrive(counter, goal)
            n_updates += 1
            if thread == 0:
                seen[0] += weight
                seen[1] += weight * cost
                seen[2] += weight * (penalty[0] * weighed[0].sum() + 0.5 * penalty[1] * weighed[1].sum())
        return n_updates

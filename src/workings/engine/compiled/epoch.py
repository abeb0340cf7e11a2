"""The compiled epoch: gather, forward, backward and update, batch after batch, in one function for every network.

Weights are kept turned around while they are trained, a row for each input: so the same tile makes all products. What
threads write and others read has to travel from core to core, and that costs more than many a product. So the work is
cut into parts, by samples or by neurons. By neurons, each part has some of every hidden layer, with the weights that
lead to those of the first layer and from all of them: then no weight travels, only what the neurons of a part
contribute to the weighted inputs of the next layer, and the errors of hidden layers but the first; what is made of the
outputs every thread makes for itself. No line of the cache is written by two parts: what belongs to one stands by
itself, or in rows that begin with a line. How many threads share the parts changes no bit of any number.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit

from workings.engine.compiled.calls import call_backward, call_end, call_forward, call_product
from workings.engine.compiled.kept import kept
from workings.engine.compiled.parts import columns, compiled_share, is_small, meet, rectangle, room_of
from workings.engine.compiled.rows import add_up, fill, gather
from workings.engine.compiled.tile import INLINED, OPTIONS
from workings.engine.compiled.update import update_parts
from workings.engine.compiled.vectors import BYTES
from workings.network.dropout import UNUSED_BITS, drawn

_drawn = njit(**OPTIONS)(drawn)


@njit(**INLINED)
def _forward(layers, multiply, flat, work, private, layer, n_rows, dropout, update, part, n_parts):
    """A part of a layer's z and a, from the whole layer below."""
    one, lanes = flat.dtype.type(1), BYTES // flat.itemsize
    n_in, n_out = layers[layer - 1].n, layers[layer].n
    first, last, left, right = rectangle(layers[layer].by_neuron, n_rows, n_out, part, n_parts, lanes)
    n_samples, n = last - first, right - left
    below, ldx = layers[layer - 1].a + (private if layer == 1 else 0), layers[layer - 1].ld
    at, ldz = columns(layers, layer, part, left, n)
    at += first * ldz
    x, z, w = below + first * ldx, layers[layer].z + at, layers[layer].W + n_in * left
    fill(work, z, ldz, n_samples, flat, layers[layer].b + left, ldz)
    room = room_of(layers, part)
    call_product(
        multiply, work, z, ldz, work, x, ldx, 1, flat, w, ldz, 1, n_samples, n_in, ldz, one, one, work, room
    )  # fmt: skip
    before = first * n_out + left
    _activate(layers, work, layer, at, ldz, n_samples, n, before, n_out, dropout, update)


@njit(**INLINED)
def _contribute(layers, multiply, flat, work, layer, n_rows, sums, part, n_parts):
    """What a part's neurons contribute to all z of the next layer; one of the parts puts in the biases."""
    one, zero, lanes = flat.dtype.type(1), flat.dtype.type(0), BYTES // flat.itemsize
    n_in, n = layers[layer - 1].n, layers[layer].n
    first, last = compiled_share(n_in, part, n_parts, lanes)
    at, ldx = columns(layers, layer - 1, part, first, last - first)
    x, w, ld = layers[layer - 1].a + at, layers[layer].W + first * n, layers[layer].ld
    has_biases = part == layer % n_parts
    if has_biases:
        fill(work, sums, ld, n_rows, flat, layers[layer].b, n)
    beta, room = one if has_biases else zero, room_of(layers, part)
    call_product(
        multiply, work, sums, ld, work, x, ldx, 1, flat, w, n, 1, n_rows, last - first, n, one, beta, work, room
    )  # fmt: skip


@njit(**INLINED)
def _add_up(layers, work, private, layer, n_rows, sums, size, dropout, update, part, n_parts):
    """A part's own z and a of a layer, of what all parts have contributed; all of them, where it is the outputs."""
    n, ld, lanes = layers[layer].n, layers[layer].ld, BYTES // work.itemsize
    left, right, offset = 0, n, private
    if layers[layer].by_neuron:
        left, right = compiled_share(n, part, n_parts, lanes)
        offset = 0
    add_up(work, layers[layer].z + offset + left, sums + left, size, n_parts, ld, n_rows, right - left)
    _activate(layers, work, layer, left + offset, ld, n_rows, right - left, left, n, dropout, update)


@njit(**INLINED)
def _activate(layers, work, layer, at, ldz, n_samples, n, before, n_out, dropout, update):
    """From z to a: of some samples some neurons; what is before and what belongs to each sample as in :func:`_drop`.

    Outputs stay z, because what is made of them next begins with them.
    """
    if layer + 1 == layers.size:
        return
    z, f = layers[layer].z + at, layers[layer].f + at
    if n == ldz or layer == 1:  # of the first layer nobody minds what stands behind the neurons
        call_forward(layers[layer].forward, work, z, work, f, n_samples, ldz)
    else:
        for i in range(n_samples):
            call_forward(layers[layer].forward, work, z + i * ldz, work, f + i * ldz, 1, n)
    thresholds, scales, keys = dropout
    if thresholds[layer] != 0:
        a = layers[layer].a + at
        _drop(work, f, a, ldz, n_samples, n, before, n_out, keys[update, layer], thresholds[layer], scales[layer])


@njit(**INLINED)
def _forward_all(
    layers, multiply, flat, work, private, n_rows, full, dropout, update, parts, n_parts, counter, goal, n_threads
):
    """A thread's parts of the z and a of all layers; gives the goal of the next meeting."""
    top = layers.size - 1
    for layer in range(1, top + 1):
        if layer == 1 or not layers[layer - 1].by_neuron:
            for part in parts:
                _forward(layers, multiply, flat, work, private, layer, n_rows, dropout, update, part, n_parts)
            continue
        size = full * layers[layer].ld
        sums = layers[layer].sums + (update % 2 * n_parts * size if top == 2 else 0)
        for part in parts:
            _contribute(layers, multiply, flat, work, layer, n_rows, sums + part * size, part, n_parts)
        goal = meet(counter, goal, n_threads)
        for part in range(parts.start, parts.stop if layer < top else parts.start + 1):
            _add_up(layers, work, private, layer, n_rows, sums, size, dropout, update, part, n_parts)
    return goal


@njit(**INLINED)
def _drop(work, source, target, ld, n_samples, n, before, n_out, key, threshold, scale):
    """A part of a layer's numbers where they are kept, times the scale, and else 0.

    So many come before the first of them, and so many belong to each sample, however they stand and are cut.
    """
    for i in range(n_samples):
        for j in range(n):
            is_kept = (_drawn(key, np.uint64(before + i * n_out + j)) >> UNUSED_BITS) >= threshold
            work[target + i * ld + j] = work[source + i * ld + j] * scale if is_kept else work.dtype.type(0)


@njit(**INLINED)
def _end(layers, work, private, n_rows, weights, scale, part, n_parts):
    """The cost of a part of the samples, of these weights, and dC/dz of the outputs in the place of their z."""
    top = layers.size - 1
    n_out = layers[top].n
    first, last = compiled_share(n_rows, part, n_parts, 1)
    at = first * n_out + private
    y, z, a = layers[0].y + at, layers[top].z + at, layers[top].a + at
    if weights.size == 0:
        return call_end(layers[top].end, work, y, work, z, work, a, last - first, n_out, scale)
    cost = 0.0
    for i in range(last - first):
        s, at = weights[first + i], i * n_out
        own = work.dtype.type(s * scale)
        cost += s * call_end(layers[top].end, work, y + at, work, z + at, work, a + at, 1, n_out, own)
    return cost


@njit(**INLINED)
def _backward(layers, multiply, flat, turned, work, private, layer, n_rows, full, dropout, update, part, n_parts):
    """A part of a layer's dC/dz, from that of the layer above, in the place of its z."""
    one, zero, lanes = flat.dtype.type(1), flat.dtype.type(0), BYTES // flat.itemsize
    n, n_above = layers[layer].n, layers[layer + 1].n
    first, last, left, right = rectangle(layers[layer].by_neuron, n_rows, n, part, n_parts, lanes)
    n_samples, n_own = last - first, right - left
    at, ld = columns(layers, layer, part, left, n_own)
    ldd = layers[layer + 1].ld
    w, delta = layers[layer + 1].W + left * n_above, layers[layer + 1].z + first * ldd
    delta += private if layer + 2 == layers.size else 0
    # samples of two parts must not meet, and the part with those before may still be at a wider layer
    d = layers[0].d + at + first * layers[0].widest
    room = room_of(layers, part)
    if is_small(full * n * n_above, n_parts):
        t = layers[layer + 1].turned + n_above * left
        call_product(
            multiply, work, d, ld, work, delta, ldd, 1, turned, t, n_own, 1, n_samples, n_above, n_own, one, zero, work,
            room,
        )  # fmt: skip
    else:
        call_product(
            multiply, work, d, ld, work, delta, ldd, 1, flat, w, 1, n_above, n_samples, n_above, n_own, one, zero, work,
            room,
        )  # fmt: skip
    thresholds, scales, keys = dropout
    if thresholds[layer] != 0:
        before = first * n + left
        _drop(work, d, d, ld, n_samples, n_own, before, n, keys[update, layer], thresholds[layer], scales[layer])
    z, f = layers[layer].z + first * ld + at, layers[layer].f + first * ld + at
    if n_own == ld or layer == 1:
        call_backward(layers[layer].backward, work, z, work, f, work, d, n_samples, ld)
        for i in range(n_samples):
            for j in range(n_own, ld):
                work[z + i * ld + j] = zero  # what stands behind the neurons has weights too, and they stay 0
    else:
        for i in range(n_samples):
            call_backward(layers[layer].backward, work, z + i * ld, work, f + i * ld, work, d + i * ld, 1, n_own)


def epoch(
    layers, multiply, flat, turned, work, X, Y, rows, batch_size, weights, shares, step, gradient, state, factors,
    penalty, bounds, dropout, trains_biases, thread, n_threads, counter, costs, weighed, seen,
):  # fmt: skip
    """One update after another, for the samples ``rows``, ``batch_size`` at a time; returns how many were made.

    Parameters
    ----------
    layers : array of shape (n_layers + 1,)
        What :data:`~workings.engine.compiled.parts.LAYER` says, inputs first.
    multiply : int
        The address of the products.
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
    dropout : two arrays of shape (n_layers + 1,) and one of shape (n_updates, n_layers + 1)
        Of each layer the threshold, 0 where nothing is left out, and what those kept are multiplied by; then the
        keys of each update, which nobody looks at where no layer has a threshold.
    thread, n_threads : int
        Which of how many; all are given the same otherwise, and there are no more of them than parts.
    costs, weighed : float64 arrays of shape (n_parts,) and (3, n_parts)
        What the parts tell each other.
    seen : float64 array of shape (3,)
        To be added to: samples, and C and R times samples.

    Notes
    -----
    Before the update that follows from a cost that is not finite it stops. By neurons, nobody changes what another
    may still read until they meet the next time, so nothing else waits; where they meet only once in an update,
    contributions to the outputs have two places, one for every other update.
    """
    zero = np.int64(0)  # 0 as such has a type of its own, for which most functions would be compiled once more
    goal = n_updates = zero
    n_parts, top, whole = costs.size, layers.size - 1, 0.0
    is_plain = penalty[0] == 0 and penalty[1] == 0 and bounds[0] == 0 and bounds[1] == 0
    is_by_neuron = layers[1].by_neuron
    is_apart = is_by_neuron and is_plain
    private = thread * layers[0].private
    first, last = compiled_share(n_parts, thread, n_threads, 1)
    own_parts = range(first, last)
    for start in range(0, rows.size, batch_size):
        n_rows = min(batch_size, rows.size - start)
        batch = rows[start : start + n_rows]
        first, last = 0, n_rows
        if not is_by_neuron:
            first = compiled_share(n_rows, own_parts.start, n_parts, 1)[0]
            last = compiled_share(n_rows, own_parts.stop - 1, n_parts, 1)[1]
        gather(Y, batch, work, layers[0].y + private, first, last)
        gather(X, batch, work, layers[0].a + private, first, last)
        goal = _forward_all(
            layers, multiply, flat, work, private, n_rows, batch_size, dropout, n_updates, own_parts, n_parts,
            counter, goal, n_threads,
        )  # fmt: skip
        weight, divisor = shares[n_updates]
        scale, s = flat.dtype.type(1.0 / divisor), weights[start : start + n_rows]
        if is_by_neuron:
            whole = _end(layers, work, private, n_rows, s, scale, zero, zero + 1)
        else:
            for part in own_parts:
                costs[part] = _end(layers, work, private, n_rows, s, scale, part, n_parts)
        for layer in range(top - 1, 0, -1):
            if is_by_neuron and layer + 1 < top:
                goal = meet(counter, goal, n_threads)
            for part in own_parts:
                _backward(
                    layers, multiply, flat, turned, work, private, layer, n_rows, batch_size, dropout, n_updates,
                    part, n_parts,
                )  # fmt: skip
        if not is_apart:
            goal = meet(counter, goal, n_threads)
        cost = (whole if is_by_neuron else costs.sum()) / divisor
        if not np.isfinite(cost):
            break
        goal = update_parts(
            layers, multiply, flat, turned, work, private, n_rows, batch_size, step, gradient, state, factors,
            n_updates, penalty, bounds, trains_biases, own_parts, weighed, counter, goal, n_threads,
        )  # fmt: skip
        if not is_apart:
            goal = meet(counter, goal, n_threads)
        n_updates += 1
        if thread == 0:
            seen[0] += weight
            seen[1] += weight * cost
            seen[2] += weight * (penalty[0] * weighed[0].sum() + 0.5 * penalty[1] * weighed[1].sum())
    return n_updates


@cache
def compiled_epoch(dtype: str) -> Callable[..., int]:
    """The epoch for numbers of that type, in machine code from its first call on."""
    with kept(f"epoch-{dtype}"):
        compiled: Callable[..., int] = njit(cache=True, **OPTIONS)(epoch)
    return compiled

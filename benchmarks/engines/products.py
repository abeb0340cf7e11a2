"""The products of the updates of a case and nothing else: what a training cannot do without."""

import os

import numpy as np
from threadpoolctl import threadpool_limits


def only_products(case, X, weights, multiply):
    """What ``begin`` of an engine gives, from ``multiply(A, B, C)``, which makes C = A B of arrays given row by row."""
    threadpool_limits(len(os.sched_getaffinity(0)))  # as many as we take for products of this size
    B = case.batch_size
    turned = [np.ascontiguousarray(W.T) for W, _ in weights]
    A = [np.ones((B, n), case.dtype) for n in case.sizes]
    deltas = [np.ones((B, n), case.dtype) for n in case.sizes]
    gradients = [np.empty_like(W) for W in turned]

    def one_pass():
        for update in range(case.n_updates):
            at = update * B % case.n_samples
            below = [X[at : at + B], *A[1:]]
            for layer, W in enumerate(turned):
                multiply(below[layer], W, A[layer + 1])
            for layer in reversed(range(len(turned))):
                if layer > 0:
                    multiply(deltas[layer + 1], turned[layer].T, deltas[layer])
                multiply(below[layer].T, deltas[layer + 1], gradients[layer])

    return one_pass, lambda: []

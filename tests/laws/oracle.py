"""The objective once more, written on z for the ``autograd`` package: nothing of ``workings`` differentiates it.

Each formula keeps its digits where an output is nearly at its limit, and so does its derivative as autograd takes it:
what differs from it is not the oracle's own rounding. (autograd differentiates expm1 as ``ans + 1``, hence no expm1.)
"""

import autograd.numpy as np
from autograd import grad
from autograd.scipy.special import erfc

SELU_LIMIT = 1.7580993408473768


def gradients(network, X, Y):
    """dJ/dW and dJ/db of each layer: a list of pairs of arrays."""
    parameters = [(W.copy(), b.copy()) for W, b in zip(network.parameters.W, network.parameters.b, strict=True)]
    return grad(lambda parameters: objective(network, parameters, X, Y))(parameters)


def objective(network, parameters, X, Y):
    a = X
    for layer, (W, b) in zip(network.layers, parameters, strict=True):
        z = np.dot(a, W.T) + b
        a = ACTIVATIONS[layer.activation.name](z)
    output, loss = network.layers[-1].activation.name, network.loss.name
    total = np.sum(LOSSES[loss](output, Y, z))
    penalty = network.l2 / 2 * sum(np.sum(W**2) for W, _ in parameters)
    return (total / len(X) if network.reduction == "mean" else total) + penalty


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def elu(z):
    half = np.tanh(np.minimum(z, 0.0) / 2.0)  # e^z - 1 = 2t/(1 - t) with t = tanh(z/2)
    return np.where(z > 0, z, 2.0 * half / (1.0 - half))


def odds(z):
    """Of each entry j of a row, the sum of exp(z_k - z_j) over all others: softmax is 1/(1 + this)."""
    others = 1.0 - np.eye(z.shape[-1])
    return np.sum(np.exp(z[:, None, :] - z[:, :, None]) * others, axis=2)


ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": elu,
    "selu": lambda z: np.where(z > 0, 1.0507009873554805 * z, SELU_LIMIT * elu(np.minimum(z, 0.0))),
    "silu": lambda z: z * sigmoid(z),
    "gelu": lambda z: z * erfc(-z / np.sqrt(2.0)) / 2.0,
    "exponential": np.exp,
    "softplus": lambda z: np.logaddexp(0.0, z),
    "softsign": lambda z: z / (1.0 + np.abs(z)),
    "hard_sigmoid": lambda z: np.minimum(np.maximum(z / 6.0 + 0.5, 0.0), 1.0),
    "softmax": lambda z: 1.0 / (1.0 + odds(z)),
}


def difference(output, y, z):
    """The target less the activation, by way of the limit that the activation is near."""
    near = {
        "sigmoid": lambda: (z > 0, (y - 1.0) + sigmoid(-z)),
        "tanh": lambda: (
            np.abs(z) > 0.5,
            np.where(z > 0, (y - 1.0) + 2.0 * sigmoid(-2.0 * z), (y + 1.0) - 2.0 * sigmoid(2.0 * z)),
        ),
        "elu": lambda: (z < -0.5, (y + 1.0) - np.exp(np.minimum(z, 0.0))),
        "selu": lambda: (z < -0.5, (y + SELU_LIMIT) - SELU_LIMIT * np.exp(np.minimum(z, 0.0))),
        "softsign": lambda: (
            np.abs(z) > 1.0,
            np.where(z > 0, (y - 1.0) + 1.0 / (1.0 + np.abs(z)), (y + 1.0) - 1.0 / (1.0 + np.abs(z))),
        ),
        "softmax": lambda: (odds(z) < 1.0, (y - 1.0) + odds(z) / (1.0 + odds(z))),
    }.get(output)
    plain = y - ACTIVATIONS[output](z)
    return plain if near is None else np.where(near()[0], near()[1], plain)


def binary_cross_entropy(output, y, z):
    of_one = {"sigmoid": lambda: np.logaddexp(0.0, -z), "softmax": lambda: np.log1p(odds(z))}[output]()
    of_zero = {"sigmoid": lambda: np.logaddexp(0.0, z), "softmax": lambda: np.log1p(1.0 / odds(z))}[output]()
    return y * of_one + (1.0 - y) * of_zero


def cross_entropy(output, y, z):
    return y * {"sigmoid": lambda: np.logaddexp(0.0, -z), "softmax": lambda: np.log1p(odds(z))}[output]()


DIFFERENCES = {"poisson": lambda y, a: 1.0 + y / a}
"""What dC/da is a difference of, where it loses digits near its optimum, in the oracle as well."""


def huber(off):
    return np.where(off <= 1.0, off**2 / 2.0, off - 0.5)


def log_of_output(output, z):
    return {
        "sigmoid": lambda: -np.logaddexp(0.0, -z),
        "exponential": lambda: z,
        "softplus": lambda: np.log(np.logaddexp(0.0, z)),
        "softmax": lambda: -np.log1p(odds(z)),
    }[output]()


LOSSES = {
    "squared_error": lambda output, y, z: difference(output, y, z) ** 2,
    "half_squared_error": lambda output, y, z: difference(output, y, z) ** 2 / 2.0,
    "mean_squared_error": lambda output, y, z: difference(output, y, z) ** 2 / y.shape[1],
    "binary_cross_entropy": binary_cross_entropy,
    "cross_entropy": cross_entropy,
    "absolute_error": lambda output, y, z: np.abs(difference(output, y, z)),
    "huber": lambda output, y, z: huber(np.abs(difference(output, y, z))),
    "poisson": lambda output, y, z: ACTIVATIONS[output](z) - y * log_of_output(output, z),
    "hinge": lambda output, y, z: np.maximum(0.0, y * difference(output, y, z)),  # 1 - y a, because y^2 is 1
}

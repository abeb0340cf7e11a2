"""JAX: the whole pass one compiled function, a scan over the batches."""

import jax
import jax.numpy as jnp

F = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid}


def begin(case, X, Y, weights):
    jax.config.update("jax_enable_x64", case.dtype == "float64")
    f, rate = F[case.activation], case.learning_rate

    def loss(parameters, x, y):
        *hidden, (W, b) = parameters
        a = x
        for W_below, b_below in hidden:
            a = f(a @ W_below.T + b_below)
        z = a @ W.T + b
        if case.loss == "half_squared_error":
            return 0.5 * jnp.sum((F[case.output](z) - y) ** 2) / len(x)
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), axis=1))

    def sgd(carried, rows):
        parameters, X, Y = carried
        gradient = jax.grad(loss)(parameters, X[rows], Y[rows])
        return (jax.tree.map(lambda p, g: p - rate * g, parameters, gradient), X, Y), None

    def adam(carried, rows):
        (parameters, m, v, t), X, Y = carried
        g = jax.grad(loss)(parameters, X[rows], Y[rows])
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        t = t + 1
        scale, root = 1 / (1 - 0.9**t), 1 / (1 - 0.999**t)
        parameters = jax.tree.map(
            lambda p, m, v: p - rate * (scale * m) / (jnp.sqrt(root * v) + 1e-8), parameters, m, v
        )
        return ((parameters, m, v, t), X, Y), None

    step = {"sgd": sgd, "adam": adam}[case.optimizer]

    @jax.jit
    def whole(state, X, Y, rows):
        (state, _, _), _ = jax.lax.scan(step, (state, X, Y), rows)
        return state

    parameters = [tuple(map(jnp.asarray, pair)) for pair in weights]
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = [parameters if case.optimizer == "sgd" else (parameters, zeros, zeros, jnp.zeros(()))]
    X, Y = jnp.asarray(X), jnp.asarray(Y)
    rows = case.rows().reshape(case.n_updates, case.batch_size)

    def one_pass():
        state[0] = jax.block_until_ready(whole(state[0], X, Y, rows))

    def now():
        return state[0] if case.optimizer == "sgd" else state[0][0]

    return one_pass, now

"""scikit-learn's MLP: ``partial_fit`` a pass, its own loop over the batches."""

import warnings

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor


def begin(case, X, Y, weights):
    warnings.simplefilter("ignore")
    is_tiny = case.n_samples == 1
    settings = {
        "hidden_layer_sizes": case.sizes[1:-1],
        "activation": {"sigmoid": "logistic"}.get(case.activation, case.activation),
        "solver": case.optimizer,
        "batch_size": case.batch_size,
        "learning_rate_init": case.learning_rate,
        "alpha": 0.0,
        "momentum": 0.0,
        "shuffle": False,
        "random_state": 0,
    }
    model = (MLPRegressor if is_tiny else MLPClassifier)(**settings)
    targets = Y if is_tiny else Y.argmax(1)
    if is_tiny:
        model.partial_fit(X, Y)
        model.out_activation_ = "logistic"  # it offers none but the identity; its time is the same
    else:
        model.partial_fit(X[: case.batch_size], targets[: case.batch_size], classes=np.arange(case.sizes[-1]))
    model.coefs_ = [np.ascontiguousarray(W.T) for W, _ in weights]
    model.intercepts_ = [b.copy() for _, b in weights]
    del model._optimizer
    n_passes = case.n_updates if is_tiny else 1

    def one_pass():
        for _ in range(n_passes):
            model.partial_fit(X, targets)

    def now():
        return [(W.T, b) for W, b in zip(model.coefs_, model.intercepts_, strict=True)]

    return one_pass, now

"""PyTorch as most people use it: eager, an optimizer, a loop over the batches."""

import torch


def begin(case, X, Y, weights):
    F = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid}
    layers = []
    for i, (W, b) in enumerate(weights):
        linear = torch.nn.Linear(W.shape[1], W.shape[0])
        linear.weight.data, linear.bias.data = torch.tensor(W), torch.tensor(b)
        layers += [linear, *([F[case.activation]()] if i + 1 < len(weights) else [])]
    if case.loss == "half_squared_error":
        layers.append(F[case.output]())
    model = torch.nn.Sequential(*layers)
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[case.optimizer](
        model.parameters(), lr=case.learning_rate
    )
    X, Y = torch.tensor(X), torch.tensor(Y)
    classes = Y.argmax(1)

    def loss(outputs, rows):
        if case.loss == "half_squared_error":
            return 0.5 * ((outputs - Y[rows]) ** 2).sum() / len(outputs)
        return torch.nn.functional.cross_entropy(outputs, classes[rows])

    def one_pass():
        for update in range(case.n_updates):
            at = update * case.batch_size % case.n_samples
            rows = slice(at, at + case.batch_size)
            optimizer.zero_grad()
            loss(model(X[rows]), rows).backward()
            optimizer.step()

    def now():
        linears = [layer for layer in layers if isinstance(layer, torch.nn.Linear)]
        return [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in linears]

    return one_pass, now

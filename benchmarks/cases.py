"""What is measured: networks of every size, each trained for whole passes over the same data from the same weights."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Case:
    """A network, its data, and how it is trained.

    ``least`` is by how many times each peer's time is meant to be longer than ours, at least.
    """

    name: str
    sizes: tuple[int, ...]
    batch_size: int
    n_updates: int  # in one timed pass
    activation: str
    output: str
    loss: str
    optimizer: str
    learning_rate: float
    dtype: str
    least: dict[str, float]

    @property
    def n_samples(self) -> int:
        return self.batch_size * self.n_updates if self.batch_size > 1 else 1

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """X and Y, a row a sample; of the tiny network its one example."""
        if self.n_samples == 1:
            return np.array([[0.05, 0.10]], self.dtype), np.array([[0.01, 0.99]], self.dtype)
        generator = np.random.default_rng(0)
        X = generator.standard_normal((self.n_samples, self.sizes[0])).astype(self.dtype)
        classes = generator.integers(0, self.sizes[-1], self.n_samples)
        return X, np.eye(self.sizes[-1], dtype=self.dtype)[classes]

    def weights(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """W of shape (n_out, n_in) and b of each layer, before the first update."""
        generator = np.random.default_rng(1)
        made = []
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            W = generator.standard_normal((n_out, n_in)) * np.sqrt(2.0 / (n_in + n_out))
            made.append((W.astype(self.dtype), np.zeros(n_out, self.dtype)))
        return made


def _classifier(name: str, *sizes: int, batch: int, updates: int, least: tuple[float, float, float], **changes) -> Case:
    settings = {"activation": "relu", "output": "softmax", "loss": "cross_entropy", "optimizer": "sgd"}
    settings |= {"learning_rate": 0.1, "dtype": "float32", **changes}
    return Case(
        name, sizes, batch, updates, least=dict(zip(("jax", "sklearn", "torch"), least, strict=True)), **settings
    )


CASES = {
    case.name: case
    for case in (
        Case(
            "2-2-2", (2, 2, 2), 1, 10_000, "sigmoid", "sigmoid", "half_squared_error", "sgd", 0.5, "float64",
            {"jax": 1.5, "sklearn": 5_000, "torch": 2_000, "c": 1 / 1.15},
        ),
        _classifier("20-16-3", 20, 16, 3, batch=16, updates=1_000, least=(4, 50, 100)),
        _classifier("784-30-10", 784, 30, 10, batch=10, updates=1_000, least=(2.5, 10, 15), activation="sigmoid"),
        _classifier("64-100-10", 64, 100, 10, batch=200, updates=200, least=(1.5, 4, 4)),
        _classifier(
            "64-100-10 adam", 64, 100, 10, batch=200, updates=200, least=(1.5, 4, 4), optimizer="adam",
            learning_rate=0.001,
        ),
        _classifier("784-128-10", 784, 128, 10, batch=32, updates=500, least=(1.3, 3, 3)),
        _classifier("784-256-128-10", 784, 256, 128, 10, batch=128, updates=100, least=(1.2, 2, 2)),
        _classifier("784-1024-1024-10", 784, 1024, 1024, 10, batch=1024, updates=8, least=(1.05, 1.4, 1.2)),
    )
}  # fmt: skip

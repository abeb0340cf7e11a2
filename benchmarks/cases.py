"""What is measured: networks of every size, each trained for whole passes over the same data from the same weights."""

import json
from dataclasses import asdict, dataclass, field, replace

import numpy as np


@dataclass(frozen=True)
class Case:
    """A network, its data, and how it is trained.

    ``least`` is by how many times each peer's time is meant to be longer than ours, at least.
    """

    name: str
    sizes: tuple[int, ...]
    batch_size: int
    n_samples: int
    n_updates: int  # in one timed pass
    activation: str
    output: str
    loss: str
    optimizer: str
    learning_rate: float
    dtype: str
    least: dict[str, float] = field(default_factory=dict)

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """X and Y, a row a sample, made without taking more memory than they keep; of the tiny network its example."""
        if self.n_samples == 1:
            return np.array([[0.05, 0.10]], self.dtype), np.array([[0.01, 0.99]], self.dtype)
        generator = np.random.default_rng(0)
        X = generator.standard_normal((self.n_samples, self.sizes[0]), self.dtype)
        classes = generator.integers(0, self.sizes[-1], self.n_samples, np.uint16)
        Y = np.empty((self.n_samples, self.sizes[-1]), self.dtype)
        np.equal(classes[:, None], np.arange(self.sizes[-1], dtype=np.uint16), out=Y)
        return X, Y

    def rows(self) -> np.ndarray:
        """The samples of a pass, update by update."""
        return np.arange(self.batch_size * self.n_updates) % self.n_samples

    def weights(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """W of shape (n_out, n_in) and b of each layer, before the first update."""
        generator = np.random.default_rng(1)
        made = []
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            W = generator.standard_normal((n_out, n_in)) * np.sqrt(2.0 / (n_in + n_out))
            made.append((W.astype(self.dtype), np.zeros(n_out, self.dtype)))
        return made

    def products(self) -> list[tuple[int, int, bool]]:
        """Of each layer its inputs, its neurons, and whether errors go on from it to a layer below."""
        pairs = zip(self.sizes, self.sizes[1:], strict=False)
        return [(n_in, n_out, layer > 0) for layer, (n_in, n_out) in enumerate(pairs)]

    def multiplications(self) -> int:
        """Of the products of an update: forward, to the gradients, and back to all layers but the inputs."""
        return sum((2 + goes_on) * self.batch_size * n_in * n_out for n_in, n_out, goes_on in self.products())

    def told(self) -> str:
        """Everything about it, for another process."""
        return json.dumps(asdict(self))


def told_case(text: str) -> Case:
    """The case that :meth:`Case.told` told."""
    fields = json.loads(text)
    return Case(**fields | {"sizes": tuple(fields["sizes"])})


def classifier(name: str, *sizes: int, batch: int, updates: int, **changes) -> Case:
    """A network for classes that sees each of its samples once a pass, unless something else is said."""
    settings = {"activation": "relu", "output": "softmax", "loss": "cross_entropy", "optimizer": "sgd"}
    settings |= {"learning_rate": 0.1, "dtype": "float32", "n_samples": batch * updates, **changes}
    return Case(name, sizes, batch, n_updates=updates, **settings)


def _against(jax: float, sklearn: float, torch: float) -> dict[str, float]:
    return {"jax": jax, "sklearn": sklearn, "torch": torch}


WIDE = classifier("784-1024-1024-10", 784, 1024, 1024, 10, batch=1024, updates=8, least=_against(1.05, 1.4, 1.2))
_DIGITS = classifier("64-100-10", 64, 100, 10, batch=200, updates=200, least=_against(1.5, 4, 4))

CASES = {
    case.name: case
    for case in (
        Case(
            "2-2-2", (2, 2, 2), 1, 1, 10_000, "sigmoid", "sigmoid", "half_squared_error", "sgd", 0.5, "float64",
            {"jax": 1.5, "sklearn": 5_000, "torch": 2_000, "c": 1 / 1.15},
        ),
        classifier("20-16-3", 20, 16, 3, batch=16, updates=1_000, least=_against(4, 50, 100)),
        classifier(
            "784-30-10", 784, 30, 10, batch=10, updates=1_000, least=_against(2.5, 10, 15), activation="sigmoid"
        ),
        _DIGITS,
        replace(_DIGITS, name="64-100-10 adam", optimizer="adam", learning_rate=0.001),
        classifier("784-128-10", 784, 128, 10, batch=32, updates=500, least=_against(1.3, 3, 3)),
        classifier("784-256-128-10", 784, 256, 128, 10, batch=128, updates=100, least=_against(1.2, 2, 2)),
        WIDE,
    )
}  # fmt: skip

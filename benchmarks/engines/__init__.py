"""What is timed: a module each, with ``begin(case, X, Y, weights)``, which gives two functions: a pass; the weights."""

NAMES = {"workings": "workings", "jax": "JAX", "sklearn": "scikit-learn", "torch": "PyTorch", "c": "C"}
"""What they are called in print."""

"""Texts of network files for the tests, and what is done with them."""

import pytest

from workings.errors import InputError
from workings.network.network_file import load_text

ROWS = """
title = "2-3-1"
inputs = [2.0, 9.0]
targets = [0.92]
learning_rate = 0.5
loss = "half_squared_error"

[[layers]]
activation = "sigmoid"
weights = [[0.15, 0.23], [0.5, 0.8], [0.05, -0.05]]
biases = [0.5, 0.6, 0.7]

[[layers]]
activation = "sigmoid"
weights = [[0.9, -0.5, 0.08]]
biases = [0.2]
"""

BATCH = """
inputs = [[0.5, -1.0], [-0.5, 2.0], [1.0, 1.0]]
targets = [[0.1], [0.2], [0.3]]
learning_rate = 0.5
loss = "half_squared_error"

[[layers]]
activation = "identity"
weights = [[0.4, -0.2]]
biases = [0.1]
"""

FIRST_WEIGHTS = "[[0.15, 0.23], [0.5, 0.8], [0.05, -0.05]]"
BATCH_INPUTS = "[[0.5, -1.0], [-0.5, 2.0], [1.0, 1.0]]"
BATCH_TARGETS = "[[0.1], [0.2], [0.3]]"


def changed(text: str, *replacements: tuple[str, str]) -> str:
    for old, new in replacements:
        assert old in text, f"{old!r} does not stand in the file, so this test tests nothing"
        text = text.replace(old, new, 1)
    return text


def refusal(text: str | bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(InputError) as caught:
        load_text(text, "net.toml")
    sentence = str(caught.value)
    assert sentence.startswith("net.toml")
    assert "\n" not in sentence
    return sentence

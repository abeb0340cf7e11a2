"""Parameters that a document states at once: a table with a row for each neuron, or a matrix for each layer.

Which activations the layers have is found by trying: the pair that gives most of the numbers the document has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np

from workings.marking.claims import Claim
from workings.marking.comparing import decimals, last_place
from workings.marking.custom import told
from workings.marking.document import Document
from workings.marking.relations import Piece
from workings.network import reference
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Array, Example, Layer, Network, Parameters

_HIDDEN = ("sigmoid", "tanh", "relu")
FEWEST_DECIMALS = 2  # of a number that says something of an activation
_OUTPUT = ("identity", "sigmoid", "tanh", "softmax")


@dataclass(frozen=True, slots=True)
class Stated:
    """The parameters of all layers, in order."""

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    def fits(self, n_inputs: int, n_outputs: int) -> bool:
        """Whether each layer takes what the one below gives."""
        sizes = [n_inputs, *(len(W) for W in self.weights)]
        return sizes[-1] == n_outputs and all(W.shape[1] == n for W, n in zip(self.weights, sizes, strict=False))


def stated(document: Document, claims: Sequence[Claim], n_inputs: int, n_outputs: int) -> Stated | None:
    """The parameters that a document states, if they make a network; None otherwise."""
    tables = _of_tables(document, n_inputs)
    tried = [Stated(tables.weights[:n], tables.biases[:n]) for n in range(len(tables.weights), 0, -1)]
    tried.append(_of_matrices(claims))  # after the last layer a table may hold something else, a matrix of weights not
    return next((found for found in tried if found.weights and found.fits(n_inputs, n_outputs)), None)


def _of_matrices(claims: Sequence[Claim]) -> Stated:
    """A matrix with the letter of weights for each layer; without biases."""
    weights: dict[str, Array] = {}
    for claim in claims:
        name = claim.subject
        if name is None or not claim.is_given or claim.results is None or name in weights:
            continue
        if "W" in told(name):
            weights[name] = np.array(claim.results, dtype=float)
    found = tuple(weights.values())
    return Stated(found, tuple(np.zeros(len(W)) for W in found))


def _of_tables(document: Document, n_inputs: int) -> Stated:
    """The rows of numbers, a layer for each run of rows; one number more than there are inputs is the bias."""
    weights, biases, n_in = [], [], n_inputs
    for rows in _runs(document):
        W = np.array(rows)
        if W.shape[1] not in {n_in, n_in + 1}:
            break
        weights.append(W[:, :n_in])
        biases.append(W[:, n_in] if W.shape[1] > n_in else np.zeros(len(W)))
        n_in = len(W)
    return Stated(tuple(weights), tuple(biases))


def _runs(document: Document) -> Iterator[list[list[float]]]:
    """Rows of tables that hold a label and numbers, as long as they are of one length and follow each other."""
    rows: list[list[float]] = []
    for cells in _rows(document.pieces):
        numbers = [_number(cell) for cell in cells[1:]]
        is_row = bool(numbers) and all(number is not None for number in numbers)
        if rows and (not is_row or len(numbers) != len(rows[0])):
            yield rows
            rows = []
        if is_row:
            rows.append([float(number) for number in numbers if number is not None])
    if rows:
        yield rows


def _rows(pieces: Sequence[Piece]) -> Iterator[list[list[Piece]]]:
    cells: list[list[Piece]] = []
    for piece in pieces:
        if piece.is_end("cell"):
            cells.append([])
        elif piece.token.kind == "stop":
            yield cells
            cells = []
        elif cells:
            cells[-1].append(piece)
    yield cells


def _number(cell: Sequence[Piece]) -> Decimal | None:
    texts = [piece.token.text for piece in cell]
    kinds = [piece.token.kind for piece in cell]
    if kinds == ["number"]:
        return Decimal(texts[0])
    return -Decimal(texts[1]) if kinds == ["symbol", "number"] and texts[0] == "-" else None


def network_of(parameters: Stated, example: Example, claims: Sequence[Claim], l2: float) -> Network:
    """The network with these parameters whose activations give most of the document's numbers."""
    telling = [n for claim in claims for n in claim.numbers if decimals(n) >= FEWEST_DECIMALS]
    best: tuple[int, Network] | None = None
    for hidden, output in product(_HIDDEN, _OUTPUT):
        names = [hidden] * (len(parameters.weights) - 1) + [output]
        layers = tuple(
            Layer(W.shape[1], len(W), ACTIVATIONS[name]) for W, name in zip(parameters.weights, names, strict=True)
        )
        loss = LOSSES["cross_entropy" if ACTIVATIONS[output].scope == "layer" else "half_squared_error"]
        network = Network(layers, Parameters.of(parameters.weights, parameters.biases), loss, example=example, l2=l2)
        Z, A = reference.forward(network, example.inputs)
        values = np.concatenate([array.ravel() for array in (*Z[1:], *A[1:])])
        met = sum(bool(np.any(np.abs(values - float(n)) <= 1.01 * float(last_place(n)))) for n in telling)
        if best is None or met > best[0]:
            best = met, network
    assert best is not None  # there is something to try
    return best[1]

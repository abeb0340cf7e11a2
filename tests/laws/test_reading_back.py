"""The equations read backwards: a formula as it is printed, read and bound to its notation, is the equation itself."""

from dataclasses import replace

import pytest

from workings.algebra.expression import Reference, substitute
from workings.algebra.read import read
from workings.algebra.write.latex import write_latex
from workings.algebra.write.text import write_text
from workings.derivation.order import scalars
from workings.derivation.trace import Trace
from workings.network.network import Network
from workings.network.network_file import examples, load
from workings.network.notation import Notation
from workings.network.notations import NOTATIONS
from workings.network.optimizers import OPTIMIZERS
from workings.presentation.naming import quantity_named


@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("medium", ["text", "latex"])
def test_a_printed_formula_is_read_back_as_the_equation(name: str, notation: str, medium: str) -> None:
    network = replace(load(name), train_biases=True)  # no symbol stands for two biases
    assert_printed_formulas_are_read_back(network, NOTATIONS[notation], medium)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("medium", ["text", "latex"])
def test_so_are_those_of_optimizers(optimizer: str, notation: str, medium: str) -> None:
    network = replace(load("two-two-two"), train_biases=True)
    assert network.example is not None
    network = replace(network, example=replace(network.example, optimizer=OPTIMIZERS[optimizer]))
    assert_printed_formulas_are_read_back(network, NOTATIONS[notation], medium)


def assert_printed_formulas_are_read_back(network: Network, names: Notation, medium: str) -> None:
    trace = Trace(network)
    for quantity in scalars(network):
        formula = trace.equation(quantity).formula
        if formula is None:
            continue
        if medium == "text":
            written = write_text(formula, name=lambda key: names.text(key, network))  # type: ignore[arg-type]
        else:
            written = write_latex(formula, name=lambda key: names.latex(key, network))  # type: ignore[arg-type]
        bound = substitute(read(written), lambda part: Reference(quantity_named(str(part.key), network, names)))
        assert bound == formula, f"{quantity}: {written}"

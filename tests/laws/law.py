"""What must hold for every network, as assertions whose messages say what to look at."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import numpy as np
from networks import described

from workings.algebra.evaluate import DECIMAL, evaluate
from workings.algebra.expression import references
from workings.algebra.write.text import write_text
from workings.derivation.order import scalars
from workings.derivation.trace import Trace
from workings.network import reference
from workings.network.dropout import scales_of
from workings.network.quantity import Quantity

RELATIVE = 1e-12
EPSILON = np.finfo(np.float64).eps
ROUNDED = 4 * EPSILON  # what a number that goes into a formula may be off by, being the result of a few operations
STEP = 1e-5
OF_THE_NORM = 1e-6  # what a central difference with this step reaches in float64


def assert_every_scalar_satisfies_its_equation(trace):
    """The formula, evaluated with the numbers of the trace, gives the number of the trace."""
    number = cache(trace.value)
    for quantity in scalars(trace.network):
        formula = trace.equation(quantity).formula
        if formula is None:
            continue
        value, expected = number(quantity), evaluate(formula, number)
        if abs(value - expected) <= RELATIVE * abs(expected):
            continue
        expected, leeway = by_decimals(formula, trace)
        assert abs(value - expected) <= RELATIVE * abs(expected) + leeway, explain_difference(trace, quantity, expected)


def by_decimals(formula, trace):
    """The formula's value without rounding, and how far it moves with its inputs' own rounding.

    Where a textbook form cancels, as a(1 - a) does for a near 1, this is the 4 eps/(1 - a) that it cannot know.
    """
    numbers = {ref.key: Decimal(trace[ref.key]) for ref in references(formula)}
    exact = evaluate(formula, numbers.__getitem__, DECIMAL)
    moved = (
        evaluate(formula, {**numbers, key: number * Decimal(1 + ROUNDED)}.__getitem__, DECIMAL)
        for key, number in numbers.items()
    )
    return float(exact), float(sum(abs(value - exact) for value in moved))


def assert_every_whole_satisfies_its_equation(trace):
    """The same for each whole vector and matrix, and the whole holds the numbers of its entries."""
    functions = {layer.activation.symbol: of_column(layer.activation.value) for layer in trace.network.layers}
    wholes = dict.fromkeys(replace(quantity, index=()) for quantity in scalars(trace.network) if quantity.index)
    number = cache(trace.value)
    for quantity in wholes:
        formula = trace.equation(quantity).formula
        if formula is None:
            continue
        value, expected = number(quantity), np.asarray(evaluate(formula, number, functions=functions))
        assert np.shape(value) == np.shape(expected), explain_difference(trace, quantity, expected)
        allowed = RELATIVE * np.abs(expected)
        if not np.all(np.abs(value - expected) <= allowed):
            allowed = allowed + leeway_of_whole(formula, trace, functions)
        assert np.all(np.abs(value - expected) <= allowed), explain_difference(trace, quantity, expected)
        for index in np.ndindex(np.shape(value)):
            assert value[index] == trace[replace(quantity, index=index)]


def of_column(value):
    """An activation as a function of a column: expressions hold vectors upright, records take a sample a row."""
    return lambda column: value(column.T).T


def leeway_of_whole(formula, trace, functions):
    """As in by_decimals, for matrices: each entry moved by a hundred-millionth, and the effect scaled down."""
    numbers = {ref.key: np.array(trace[ref.key], dtype=float) for ref in references(formula)}
    exact, leeway, step = evaluate(formula, numbers.__getitem__, functions=functions), 0.0, 1e-8
    for key, array in numbers.items():
        for index in np.ndindex(array.shape):
            changed = array.copy()
            changed[index] *= 1 + step
            value = evaluate(formula, {**numbers, key: changed}.__getitem__, functions=functions)
            leeway = leeway + np.abs(value - exact) * (ROUNDED / step)
    return leeway


def explain_difference(trace, quantity, expected):
    """What somebody needs to find the mistake."""
    equation = trace.equation(quantity)
    inputs = {ref.key: trace[ref.key] for ref in references(equation.formula)}
    return "\n".join(
        [
            f"{quantity} does not satisfy its equation {equation.rule.code}, {equation.rule.name}:",
            f"  formula          {quantity} = {write_text(equation.formula)}",
            *(f"  {key!s:>16} = {value!r}" for key, value in inputs.items()),
            f"  equation says    {expected!r}",
            f"  reference says   {trace[quantity]!r}",
            f"  network          {described(trace.network)}",
        ]
    )


def assert_gradients_are_slopes_of_the_objective(network):
    """Each gradient is the slope of the reported J, to a millionth of the norm of its array.

    Where samples or paths cancel, as those of an error that only has a sign do, the rounding of J is all that is left.
    """
    example, trace = network.example, Trace(network)
    slopes = np.array([slope_of_objective(network, example, i) for i in range(network.parameters.flat.size)])
    rounding = ROUNDED * max(1.0, abs(trace[Quantity("J")])) / STEP
    packed = replace(network, parameters=replace(network.parameters, flat=slopes)).parameters
    for number in range(1, network.depth + 1):
        for kind, seen in (("W", packed.W[number - 1]), ("b", packed.b[number - 1])):
            said = getattr(trace.numbers.gradient, kind)[number - 1]
            assert np.abs(said - seen).max() <= OF_THE_NORM * np.linalg.norm(seen) + rounding, (
                f"dC/d{kind}[{number}] is not the slope of the objective:\n  backpropagation says {said.tolist()}\n"
                f"  differences say      {seen.tolist()}\n  network              {described(network)}"
            )


def slope_of_objective(network, example, i, h=STEP):
    values, scales = [], scales_of(network, len(example.inputs), 1)
    for step in (h, -h):
        flat = network.parameters.flat.copy()
        flat[i] += step
        values.append(
            reference.objective(
                network.with_parameters(flat), example.inputs, example.targets, example.sample_weights, scales
            )
        )
    return (values[0] - values[1]) / (2 * h)

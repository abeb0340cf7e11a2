"""The notations there are: one record each, and one registry."""

from __future__ import annotations

from dataclasses import replace

from workings.network.notation import Notation, Template

_COMMON = {
    "s": Template("s"),
    "eta": Template("eta"),
    "eta_0": Template("eta", "0"),
    "t": Template("t"),
    "n": Template("n"),
    "factor": Template("gamma"),
    "every": Template("T", "s"),
    "cuts": Template("k"),
    "over": Template("T"),
    "power": Template("p"),
    "warmup": Template("T", "w"),
    "l1": Template("lambda", "1"),
    "l2": Template("lambda"),
    "G": Template("G"),
    "clip_norm": Template("c", "norm"),
    "clip_value": Template("c", "value"),
    "momentum": Template("mu"),
    "beta1": Template("beta", "1"),
    "beta2": Template("beta", "2"),
    "rho": Template("rho"),
    "epsilon": Template("epsilon"),
    "weight_decay": Template("lambda", "w"),
    "R": Template("R"),
    "J": Template("J"),
}
_OF_OPTIMIZERS = {"g": "g", "m": "m", "v": "v", "m_hat": "mhat", "v_hat": "vhat"}


def _optimizer_symbols(weight: str, bias: str, sup: str = "") -> dict[str, Template]:
    """What optimizers work out, told by the weight or the bias that it belongs to."""
    of_weights = {kind: Template(base, weight, sup) for kind, base in _OF_OPTIMIZERS.items()}
    of_biases = {f"{kind}b": Template(base, bias, sup) for kind, base in _OF_OPTIMIZERS.items()}
    return of_weights | of_biases


_WHOLE = {"W": Template("W"), **{f"{kind}b": Template(base, "b") for kind, base in _OF_OPTIMIZERS.items()}}

TEXTBOOK = Notation(
    name="textbook",
    summary="z^1_2, a^1_2, w^2_13, b^1_2, delta^1_2, C; matrices z^1, W^2, delta^1",
    symbols={
        "x": Template("x", "{j}"),
        "y": Template("y", "{j}"),
        "z": Template("z", "{j}", "{l}"),
        "a": Template("a", "{j}", "{l}"),
        "f": Template("f", "{j}", "{l}"),
        "mask": Template("mask", "{j}", "{l}"),
        "p": Template("p", "", "{l}"),
        "W": Template("w", "{jk}", "{l}"),
        "b": Template("b", "{j}", "{l}"),
        "delta": Template("delta", "{j}", "{l}"),
        "C": Template("C"),
        "C[k]": Template("C", "{j}"),
        **_COMMON,
        **_optimizer_symbols("{jk}", "b{j}", "{l}"),
    },
    whole=_WHOLE,
    layer_sup="{l}",
    new="+",
)

NUMBERED = Notation(
    name="numbered",
    summary="x0, w5, b2, z3, O3, y0, Cost, dCost/dw6, new_w0",
    symbols={
        "x": Template("x", "{j}"),
        "y": Template("y", "{j}"),
        "z": Template("z", "{neuron}"),
        "a": Template("O", "{neuron}"),
        "f": Template("f", "{neuron}"),
        "mask": Template("mask", "{neuron}"),
        "p": Template("p", "", "({l})"),
        "W": Template("w", "{weight}"),
        "b": Template("b", "{neuron}"),
        "C": Template("Cost"),
        "C[k]": Template("Cost", "O{neuron}"),
        **_COMMON,
        **_optimizer_symbols("w{weight}", "b{neuron}"),
    },
    whole=_WHOLE,
    layer_sup="({l})",
    new="new",
    index_base=0,
)

NET_OUT = Notation(
    name="net-out",
    summary="i1, w5, b1, net_h1, out_h1, target_o1, E_o1, E_total, dE_total/dw5, w5+",
    symbols={
        "x": Template("i", "{j}"),
        "y": Template("target", "{unit}"),
        "z": Template("net", "{unit}"),
        "a": Template("out", "{unit}"),
        "f": Template("f", "{unit}"),
        "mask": Template("mask", "{unit}"),
        "p": Template("p", "", "({l})"),
        "W": Template("w", "{weight}"),
        "b": Template("b", "{unit}"),
        "b[l]": Template("b", "{l}"),
        "C": Template("E", "total"),
        "C[k]": Template("E", "{unit}"),
        **_COMMON,
        **_optimizer_symbols("w{weight}", "b{unit}"),
    },
    whole=_WHOLE,
    layer_sup="({l})",
    new="+",
)

TEXTBOOK_FROM_1 = replace(
    TEXTBOOK,
    name="textbook-from-1",
    summary="as textbook, but the input counts as layer 1: z^2_2, w^3_13, delta^2_2",
    layer_base=1,
)

NOTATIONS: dict[str, Notation] = {record.name: record for record in (TEXTBOOK, NUMBERED, NET_OUT, TEXTBOOK_FROM_1)}

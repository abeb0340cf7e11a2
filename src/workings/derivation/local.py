"""The differentiations behind the local slopes: which formula is differentiated by what."""

from __future__ import annotations

from dataclasses import replace

from workings.algebra.differentiate import RuleApplication, derivation
from workings.algebra.expression import Expr, Reference, add
from workings.derivation.equations import SCALARS, kept, located, ref
from workings.network.network import Network
from workings.network.quantity import Quantity


def differentiated(network: Network, q: Quantity) -> tuple[Expr, Reference] | None:
    """The formula that a local slope is the derivative of, and the variable; None for what is no local slope.

    Local slopes are single numbers: the cost by an output, an activation by its weighted input, a weighted input by a
    weight or by an activation.
    """
    if q.is_whole:
        return None
    if q.kind == "dC/da" and q.layer == network.depth and q.output is None:
        n = network.sizes[-1]
        shares = tuple(
            network.loss.formula(ref("y", None, (k,), q.sample), ref("a", q.layer, (k,), q.sample), n) for k in range(n)
        )
        return add(shares), ref("a", q.layer, q.index, q.sample)
    if q.kind == "da/dz":
        j, k = q.index[0], q.index[-1]
        formula = SCALARS["f"](network, replace(q, kind="f", index=(j,))).formula
        if formula is not None and network.layer(q.layer or 0).dropout:
            formula = formula * kept(q.layer or 0, j, q.sample)
        return (formula, ref("z", q.layer, (k,), q.sample)) if formula is not None else None
    if q.kind in ("dz/dW", "dz/da"):
        layer, (j, k) = located(q)
        formula = SCALARS["z"](network, replace(q, kind="z", index=(j,))).formula
        variable = ref("W", layer, (j, k)) if q.kind == "dz/dW" else ref("a", layer - 1, (k,), q.sample)
        return (formula, variable) if formula is not None else None
    return None


def worked(network: Network, q: Quantity) -> tuple[RuleApplication, ...]:
    """The differentiation of a local slope, one rule at a time; empty for what is no local slope."""
    found = differentiated(network, q)
    return derivation(*found) if found else ()

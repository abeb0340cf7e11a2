"""The equations of a network as people work them out by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workings.algebra.expression import Expr, Reference, add, references
from workings.derivation.equations import SCALARS, error_in_full
from workings.derivation.order import samples
from workings.derivation.trace import dated
from workings.network.network import Network
from workings.network.quantity import KINDS, Quantity


@dataclass(frozen=True, slots=True)
class ByHand:
    """How the numbers of a network are worked out.

    Attributes
    ----------
    network : Network
        With an example.
    of_batch : bool
        Whether errors of one sample are slopes of the cost of the whole batch, not of that sample's loss: the mean is
        taken at once and the gradients are sums.
    """

    network: Network
    of_batch: bool

    def formula(self, q: Quantity) -> Expr | None:
        """The equation of a quantity, about numbers of its update; None for what is given."""
        u = q.update or 1
        if q.kind in {"W", "b"} and u > 1:
            return Reference(Quantity(f"{q.kind}+", q.layer, q.index, update=u - 1))
        if (now := KINDS[q.kind].remembered) is not None and u > 1:
            return Reference(Quantity(now, q.layer, q.index, update=u - 1))
        if (
            q.kind == "da/dz"
            and len(q.index) == 1
            and self.network.layers[(q.layer or 1) - 1].activation.scope == "layer"
        ):
            return None  # such a slope has two indices
        formula = self._by_neurons(q) or SCALARS[q.kind](self.network, replace(q, update=None)).formula
        if formula is not None and self.of_batch:
            formula = self._of_batch(formula, q)
        return None if formula is None else dated(formula, u)

    def _by_neurons(self, q: Quantity) -> Expr | None:
        """Slopes that come through the neurons above, and an output's share of its own error, which is all of it.

        By hand nobody keeps the outputs' losses apart up to the end, and who does has the same numbers.
        """
        if q.kind not in {"dC/da", "delta"} or self.network.layers[-1].activation.scope != "neuron":
            return None
        if q.layer == self.network.depth and q.output is not None and q.index == (q.output,):
            return Reference(replace(q, output=None, update=None))
        if q.kind == "delta" or q.layer == self.network.depth or q.output is not None:
            return None
        assert q.layer is not None  # errors are those of a layer
        layer, (j,) = q.layer + 1, q.index
        above = range(self.network.sizes[layer])
        return add(
            tuple(
                Reference(Quantity("delta", layer, (k,), q.sample)) * Reference(Quantity("W", layer, (k, j)))
                for k in above
            )
        )

    def _of_batch(self, formula: Expr, q: Quantity) -> Expr:
        """The same where the mean over the samples is taken at the outputs already."""
        all_samples = samples(self.network)
        is_summed = q.sample is None and q.kind in {"dC/dW", "dC/db"}
        begins = q.sample is not None and q.layer == self.network.depth and q.kind in {"dC/da", "delta"}
        if is_summed:
            return add(tuple(Reference(replace(q, sample=i, update=None)) for i in all_samples))
        if begins and (q.kind == "dC/da" or not any(_is_slope(part) for part in references(formula))):
            return formula / len(all_samples)
        return formula

    def other_form(self, q: Quantity) -> Expr | None:
        """Where the equations know a short cut, the chain rule in full; where paths meet, each output's share."""
        place = replace(q, update=None)
        if q.kind == "delta" and q.layer == self.network.depth:
            found = error_in_full(self.network, place).formula
        elif q.kind == "dC/da" and q.layer != self.network.depth and q.output is None:
            found = SCALARS[q.kind](self.network, place).formula
        else:
            return None
        return None if found is None else dated(found, q.update or 1)


def _is_slope(part: Reference) -> bool:
    return isinstance(part.key, Quantity) and part.key.kind == "dC/da"

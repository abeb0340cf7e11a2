"""The slips people make, one record each: what it does to an equation, its code, and a sentence that teaches.

A slip is a rewrite of the true equation. Where the value of a rewritten equation is what the writer has, with the same
operands, the slip explains the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from workings.algebra.expression import (
    Add,
    Divide,
    Expr,
    Multiply,
    Negate,
    Number,
    Reference,
    Subtract,
    add,
    children,
    multiply,
    references,
    substitute,
    with_children,
)
from workings.marking.binding.ledger import UPDATED, Ledger
from workings.marking.binding.ways import quantities_of
from workings.marking.findings import Finding
from workings.network.quantity import Quantity

Rewrite = Callable[[Ledger, Quantity, Expr], Iterator[Expr]]


@dataclass(frozen=True, slots=True)
class Slip:
    """One kind of slip.

    Attributes
    ----------
    code : str
        The stable name of the kind.
    cost : float
        How far-fetched it is: the cheaper of two explanations comes first.
    sentence : str
        What went wrong and what to watch for.
    rewrites : callable, optional
        All equations that come of it; None where only digits tell.
    did : str
        The same of those who made it: "3 left out the bias".
    """

    code: str
    cost: float
    sentence: str
    rewrites: Rewrite | None = None
    did: str = ""


def everywhere(form: Expr, change: Callable[[Expr], Iterator[Expr]]) -> Iterator[Expr]:
    """The expression with a change made in one place, for each place and each change."""
    yield from change(form)
    parts = tuple(children(form))
    for i, part in enumerate(parts):
        for changed in everywhere(part, change):
            yield with_children(form, (*parts[:i], changed, *parts[i + 1 :]))


def each_reference(form: Expr, change: Callable[[Quantity], Iterator[Quantity]]) -> Iterator[Expr]:
    """Another quantity in the place of each, and of all of its kind together."""
    found = quantities_of(form)
    for q in found:
        for other in change(q):
            yield _replaced(form, {q: other})
    first = {q: next(change(q), q) for q in found}
    changed = {q: other for q, other in first.items() if q != other}
    if len(changed) > 1:
        yield _replaced(form, changed)


def _replaced(form: Expr, others: dict[Quantity, Quantity]) -> Expr:
    return substitute(form, lambda part: Reference(others.get(part.key, part.key)))  # type: ignore[call-overload]


# --- the rewrites


def signs(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """A sign lost or flipped: of the whole, of a term, of one operand."""
    yield Negate(form)
    names = [part.key for part in references(form)]
    for key in quantities_of(form):
        if names.count(key) > 1:  # put in more than once, each time with the wrong sign
            yield substitute(form, lambda part, key=key: Negate(part) if part.key == key else part)  # type: ignore[misc]

    def change(part: Expr) -> Iterator[Expr]:
        match part:
            case Subtract(left, right):
                yield Add((left, right))
            case Add(terms) if len(terms) < 20:
                for i in range(1, len(terms)):
                    yield Add((*terms[:i], Negate(terms[i]), *terms[i + 1 :]))
            case Reference():
                yield Negate(part)
            case Negate(operand):
                yield operand

    yield from everywhere(form, change)


def added(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """The update added instead of subtracted."""
    if q.kind in UPDATED and isinstance(form, Subtract):
        yield Add((form.left, form.right))


def factors(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """A factor 2, 1/2 or 1/n that is missing, stands there twice, or 1/2 in the place of 2."""
    if q.kind in UPDATED:
        return
    example = ledger.trace.example
    numbers = {2, 4, len(example.inputs), ledger.network.sizes[-1]} - {1}
    for n in sorted(numbers):
        yield form * n
        yield form / n


def without_slope(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """The factor f'(z) left out."""
    yield from everywhere(form, lambda part: _without(part, partial(_is_slope, ledger)))


def _is_slope(ledger: Ledger, factor: Expr) -> bool:
    """Whether a factor is f'(z), by name or written out."""
    match factor:
        case Reference(Quantity("da/dz")):
            return True
    found = {part.key for part in references(factor)}
    layers = {key.layer for key in found if isinstance(key, Quantity) and key.kind in {"a", "z"}}
    if len(found) > 2 or len(layers) != 1:
        return False
    return any(
        factor == ledger.formula(replace(key, kind="da/dz", update=key.update))
        for key in found
        if isinstance(key, Quantity) and key.kind in {"a", "z"}
    )


def _without(part: Expr, is_meant: Callable[[Expr], bool]) -> Iterator[Expr]:
    if isinstance(part, Multiply):
        for i, factor in enumerate(part.factors):
            if is_meant(factor):
                yield multiply(part.factors[:i] + part.factors[i + 1 :])


def slope_at_z(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """a(1 - a) worked out with z in the place of a."""
    layers = {part.key.layer for part in references(form) if isinstance(part.key, Quantity) and part.key.kind == "a"}
    for layer in sorted(layers, key=str):
        yield substitute(form, partial(_at_z, layer=layer))

    def change(part: Expr) -> Iterator[Expr]:
        if isinstance(part, Multiply):
            for i, factor in enumerate(part.factors):
                if _is_slope(ledger, factor):
                    at_z = substitute(factor, _at_z)
                    yield Multiply((*part.factors[:i], at_z, *part.factors[i + 1 :]))

    yield from everywhere(form, change)


def _at_z(part: Reference, layer: int | None = None) -> Expr:
    """The weighted input in the place of an activation, of one layer or of any."""
    key = part.key
    if isinstance(key, Quantity) and key.kind == "a" and layer in (None, key.layer):
        return Reference(replace(key, kind="z"))
    return part


def updated_weights(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """Weights as they are after the update."""
    if q.kind in UPDATED:
        return

    def after(key: Quantity) -> Iterator[Quantity]:
        if key.kind in {"W", "b"}:
            yield replace(key, kind=f"{key.kind}+")

    yield from each_reference(form, after)


def stale(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """Numbers of the round before."""

    def before(key: Quantity) -> Iterator[Quantity]:
        if (key.update or 1) > 1 and key.kind not in {"x", "y", "eta"}:
            yield replace(key, update=(key.update or 1) - 1)

    yield from each_reference(form, before)


def transposed(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """W where its transpose belongs, or the other way round."""
    sizes = ledger.network.sizes

    def turned(key: Quantity) -> Iterator[Quantity]:
        if key.kind == "W" and len(key.index) == 2 and key.layer is not None:
            j, k = key.index
            if j != k and k < sizes[key.layer] and j < sizes[key.layer - 1]:
                yield replace(key, index=(k, j))

    yield from each_reference(form, turned)


def without_term(kinds: frozenset[str], of: Callable[[Expr], bool]) -> Rewrite:
    """Rewrites that drop one term of a sum, in the equations of some kinds."""

    def rewrites(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
        if q.kind not in kinds:
            return

        def change(part: Expr) -> Iterator[Expr]:
            if isinstance(part, Add) and len(part.terms) < 20:
                for i, term in enumerate(part.terms):
                    if of(term):
                        yield add((*part.terms[:i], *part.terms[i + 1 :]))
                if len(part.terms) > 2 and all(map(of, part.terms)):
                    yield from part.terms

        yield from everywhere(form, change)

    return rewrites


def _is_bias(term: Expr) -> bool:
    return isinstance(term, Reference) and isinstance(term.key, Quantity) and term.key.kind == "b"


def _is_path(term: Expr) -> bool:
    return not _is_bias(term)


def _is_decay(term: Expr) -> bool:
    return any(isinstance(part.key, Quantity) and part.key.kind in {"l1", "l2"} for part in references(term))


RATES = ("0.001", "0.01", "0.02", "0.05", "0.1", "0.2", "0.25", "0.3", "0.5", "0.8", "0.9")


def rates(ledger: Ledger, q: Quantity, form: Expr) -> Iterator[Expr]:
    """The learning rate missing, twice there, or another of those that are customary."""

    def change(part: Expr) -> Iterator[Expr]:
        if isinstance(part, Multiply):
            for i, factor in enumerate(part.factors):
                if factor == eta:
                    yield multiply(part.factors[:i] + part.factors[i + 1 :])
                    for rate in RATES:
                        yield multiply((*part.factors[:i], Number(rate), *part.factors[i + 1 :]))
                    yield Multiply((eta, *part.factors))
                    yield Multiply((Divide(Number("1"), eta), Divide(Number("1"), eta), *part.factors))

    eta = Reference(Quantity("eta", update=q.update))
    yield from everywhere(form, change)


_FAMILIES = (
    frozenset({"dC/da", "delta", "da/dz"}),
    frozenset({"z", "a", "x", "y"}),
    frozenset({"W", "b"}),
    frozenset({"dC/dW", "dC/db", "delta"}),
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Rewrites that put another quantity in the place of one, each time another out of many.

    Attributes
    ----------
    others : callable
        What may stand in the place of a quantity, itself included: always in the same order.
    """

    others: Callable[[Ledger, Quantity], Sequence[Quantity]]

    def __call__(self, ledger: Ledger, _q: Quantity, form: Expr) -> Iterator[Expr]:
        """All equations that come of it."""
        for key in quantities_of(form):
            yield from (exchanged(form, key, other) for other in self.others(ledger, key) if other != key)


def exchanged(form: Expr, key: Quantity, other: Quantity) -> Expr:
    """The equation with another quantity in the place of one."""
    return _replaced(form, {key: other})


def _other_inputs(ledger: Ledger, key: Quantity) -> Sequence[Quantity]:
    return _family(ledger, key, frozenset({"x"}))


def _of_a_family(ledger: Ledger, key: Quantity) -> Sequence[Quantity]:
    if key.kind == "x":
        return ()
    return [other for family in _FAMILIES if key.kind in family for other in _family(ledger, key, family)]


def _family(ledger: Ledger, key: Quantity, kinds: frozenset[str]) -> Sequence[Quantity]:
    if key.kind not in kinds:
        return ()
    return ledger.equations.singles(key.update or 1).of_kinds[kinds]


SLIPS: dict[str, Slip] = {
    slip.code: slip
    for slip in (
        Slip("rounding", 0.2, "This is rounded wrongly: look at the first digit that is left out.", None,
             "rounded wrongly"),
        Slip("truncation", 0.2, "The digits are cut off here, where they are rounded elsewhere.", None),
        Slip("decimal_shift", 0.8, "The decimal point stands in the wrong place.", None, "moved the decimal point"),
        Slip("digit", 1.0, "A digit is mistyped, swapped, dropped or doubled.", None, "mistyped a digit"),
        Slip("arithmetic", 2.5, "The numbers put in are right, but this is not what they give.", None, "miscalculated"),
        Slip("formula_typo", 1.0, "The numbers are right, but the formula in symbols is not theirs.", None),
        Slip("mislabelled", 1.0, "The right thing under a wrong name.", None),
        Slip("plus_instead_of_minus", 0.5, "Descent goes against the gradient: the update is subtracted.", added,
             "added instead of subtracting"),
        Slip("learning_rate", 0.7, "The learning rate is missing here, or is not the one that was set.", rates,
             "missed or changed the learning rate"),
        Slip("missing_bias", 0.6, "The bias is left out of the weighted input.",
             without_term(frozenset({"z"}), _is_bias), "left out the bias"),
        Slip("missing_activation_derivative", 0.6,
             "The factor f'(z) is missing: the error passes through the activation, so its slope belongs there.",
             without_slope, "left out the factor f'(z)"),
        Slip("activation_derivative_of_z_not_a", 0.7,
             "The slope a(1 - a) is worked out with the weighted input z in the place of the activation a.",
             slope_at_z, "took the slope a(1 - a) of z"),
        Slip("missing_path", 0.7,
             "A neuron acts on every neuron above it: the sum must go over all of these paths.",
             without_term(frozenset({"dC/da", "delta", "dC/dW", "dC/db", "C"}), _is_path), "left out a path"),
        Slip("missing_weight_decay", 0.8, "The weight decay is left out of this gradient.",
             without_term(frozenset({"dC/dW"}), _is_decay), "left out the weight decay"),
        Slip("missing_term", 1.5, "A term of the weighted sum is left out.",
             without_term(frozenset({"z"}), _is_path), "left out a term"),
        Slip("updated_weight_used", 0.8,
             "An already updated weight is used: all gradients are taken before any weight changes.", updated_weights,
             "used an already updated weight"),
        Slip("stale_value", 0.8, "A number of an earlier round stands where the new one belongs.", stale,
             "took a number of an earlier round"),
        Slip("transposed_weights", 0.9, "The weights are used the wrong way round: W in the place of its transpose.",
             transposed, "used the weights the wrong way round"),
        Slip("wrong_input", 0.9, "Another input is put in.", Exchange(_other_inputs), "put in another input"),
        Slip("factor", 1.0, "A factor 2, 1/2 or 1/n is missing, or stands there twice.", factors,
             "missed a factor 2, 1/2 or 1/n, or had it twice"),
        Slip("sign", 0.9, "A sign is lost or flipped.", signs, "lost or flipped a sign"),
        Slip("wrong_quantity", 1.1, "The number of another neuron, weight or step is put in.",
             Exchange(_of_a_family), "put in the number of another quantity"),
    )
}  # fmt: skip


def explanation(finding: Finding) -> str:
    """What a finding teaches, and what it found in numbers."""
    return f"{SLIPS[finding.kind].sentence} {finding.detail}".strip()

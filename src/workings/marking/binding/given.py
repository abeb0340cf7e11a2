"""Claims that only repeat a number of the file: which one a name means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workings.marking.binding.custom import of_letter
from workings.marking.binding.fitting import shape_of
from workings.marking.binding.ledger import Ledger
from workings.marking.binding.names import Names
from workings.marking.reading.claims import Claim
from workings.network.quantity import Quantity


def given(claim: Claim, ledger: Ledger, names: Names) -> Quantity | None:
    """The number of the file that a claim repeats, if its value, its letter and its place leave no doubt."""
    if claim.subject is None or not claim.is_given or ("←" in claim.chain.relations and ledger.claimed):
        return None  # what a name becomes once something is worked out is new
    found = alike(claim, ledger)
    if (known := names.get(claim.subject)) is not None:
        is_new = any(replace(known, kind=f"{known.kind}+", update=q.update) in ledger.claimed for q in found)
        return None if is_new else next((q for q in found if q.dated(None) == known), None)
    if not found or not (found[0].is_whole or of_letter(claim.subject, found[0]) > 0):
        return None
    return found[0] if len(found) == 1 else _next_of(found, ledger, names)


def alike(claim: Claim, ledger: Ledger) -> list[Quantity]:
    """The numbers of the file with the value of a claim whose letter suits best."""
    candidates = ledger.equations.candidates(1, shape_of(claim))
    if candidates is None:
        return []
    quantities, numbers = ledger.equations.in_file[candidates]
    off = np.abs(numbers - [float(number) for number in claim.numbers])
    is_repeated = (off <= 1e-12 * np.abs(numbers)).all(axis=1)
    found = [quantities[i] for i in np.flatnonzero(is_repeated)]
    scores = [of_letter(claim.subject or "", q) for q in found]
    return [q for score, q in zip(scores, found, strict=True) if score == max(scores)]


def _next_of(alike: list[Quantity], ledger: Ledger, names: Names) -> Quantity | None:
    """Of equal numbers the one whose turn it is, where names are given in the order of the network."""
    named = set(names.values())
    free = [q for q in alike if not q.is_whole and q.dated(None) not in named]
    if len(free) < 2:
        return free[0] if free else None
    in_order = ledger.quantities(1)
    for q in free:
        same = [other for other in in_order if other.kind == q.kind]
        last = max((at for at, other in enumerate(same) if other.dated(None) in named), default=-1)
        if same.index(q) == last + 1:
            return q
    return None

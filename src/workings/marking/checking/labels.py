"""Headings that name one thing where the step is about another: "Step 9: finding dC/dw3   dC/dw0 = ..."."""

from __future__ import annotations

import re

from workings.algebra.expression import Reference
from workings.algebra.read_beginning import read_beginning
from workings.marking.bind import Bound
from workings.marking.binding.custom import derivative, stem_and_tag
from workings.marking.document import Document
from workings.marking.findings import Finding

_ANNOUNCING = re.compile(r"(?:find|comput|calculat|deriv|determin|gett?|evaluat)(?:e|ing)?", re.I)
_LONGEST_NAME = 12  # tokens


def mislabelled(document: Document, bound: Bound) -> Finding | None:
    """The heading of a claim, if it names another quantity of the same sort."""
    subject, first = bound.claim.subject, bound.claim.chain.sides[0].first
    if subject is None:
        return None
    before = [piece.token for piece in document.pieces[max(first - _LONGEST_NAME, 0) : first]]
    announcing = [at for at, token in enumerate(before) if _ANNOUNCING.fullmatch(token.text)]
    if not announcing or not (name := before[announcing[-1] + 1 :]):
        return None
    found = read_beginning(name, latex=False)
    if found is None or found[1] != len(name) or not isinstance(found[0], Reference):
        return None
    named = str(found[0].key)
    if named == subject or not _are_alike(named, subject):
        return None
    return Finding(
        "mislabelled", ("mislabelled", "formula_typo"), before[announcing[-1]].start, name[-1].end,
        str(bound.quantity or subject), named, subject, symbolic=True, confidence=0.8,
        detail=f"The heading names {named}, the step is about {subject}.",
    )  # fmt: skip


def _are_alike(one: str, other: str) -> bool:
    """Whether two names are of the same sort, so that one may stand where the other belongs."""
    if (derivative(one) is None) != (derivative(other) is None):
        return False
    return derivative(one) is not None or stem_and_tag(one)[0] == stem_and_tag(other)[0]

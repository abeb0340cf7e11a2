"""What a marker has to say of one place in a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["slip", "remark"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One slip, or one remark.

    Attributes
    ----------
    kind : str
        The code of the likeliest slip.
    candidates : tuple of str
        Up to three codes, the likeliest first.
    start, end : int
        The wrong link: from which character of the document to which.
    quantity : str
        Its address, or the name it has in the document.
    claimed, expected : str
        What stands there, and what should.
    symbolic : bool
        Whether only symbols are wrong.
    severity : {"slip", "remark"}
    confidence : float
        From 0 to 1.
    detail : str
        What was found in numbers, after the sentence of the slip.
    """

    kind: str
    candidates: tuple[str, ...]
    start: int
    end: int
    quantity: str
    claimed: str
    expected: str
    symbolic: bool = False
    severity: Severity = "slip"
    confidence: float = 0.9
    detail: str = ""

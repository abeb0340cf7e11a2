"""A script's numbers held against the true ones, from the inputs on.

What a number is for is told by its value: one that equals a quantity is that quantity. A slip is a quantity that stands
nowhere right, where one of the script's arrays is what a slip makes of it in every entry, and nothing that is made of
it is right either: an array on whose account nothing is wrong was a step in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from workings.marking.binding.custom import of_letter, stem_and_tag, told
from workings.marking.binding.ledger import Ledger
from workings.marking.check import MOST_CANDIDATES
from workings.marking.checking.explaining import all_made
from workings.marking.code.sandbox import Record
from workings.marking.code.targets import BACKWARD, DOWNHILL, OF_WEIGHTS, Target, layouts, target, targets
from workings.marking.slips import SLIPS
from workings.network.network import Array
from workings.network.quantity import Quantity

CLOSE, CLOSE_SINGLE = 1e-9, 1e-5
"""Of the largest entry: the same sums in another order differ by less, and a slip by more."""

BROAD = frozenset({"wrong_input", "wrong_quantity"})
"""Slips that could be a great many things: asked of only where no other explains, and the name says what it is."""

LARGEST_SHARE = 0.4
"""Of a layer's starting weights that may be mistyped, before they are taken for the script's own."""


@dataclass(frozen=True, eq=False)
class Wrong:
    """A number of a script that is not what it should be."""

    record: Record
    target: Target
    written: Array
    expected: Array
    codes: tuple[str, ...]
    is_explained: bool = True


@dataclass
class Comparison:
    """One way to read a script.

    Attributes
    ----------
    ledger : Ledger
    records : sequence of Record
        Of the first round.
    sign : float
        -1 where the script's errors and gradients point downhill and are added.
    gathers : bool
        Whether it goes through a batch sample by sample before it changes a weight.
    right : dict
        The record of each target that was found.
    wrong : list of Wrong
    own : list of Record
        Starting weights that are the script's own.
    climbs : bool
        Whether the script adds something to its weights.
    """

    ledger: Ledger
    records: Sequence[Record]
    sign: float = 1.0
    gathers: bool = False
    right: dict[Target, Record] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    own: list[Record] = field(default_factory=list)
    climbs: bool = False
    _turned: dict[int | None, set[bool]] = field(default_factory=dict)
    _given: set[int] = field(default_factory=set)
    _parameters: set[str] = field(default_factory=set)
    _closures: dict[Quantity, frozenset[Quantity]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.take_given()
        self.end_round()

    def fit(self) -> int:
        """How many targets are right at first sight."""
        return sum(self.equal(each) is not None for each in self.planned())

    def run(self) -> Comparison:
        """Go through all targets in order."""
        planned = list(self.planned())
        for i, each in enumerate(planned):
            if (found := self.equal(each)) is not None:
                self.right[each] = found
            elif not any(self.depends(later, each) and self.equal(later) for later in planned[i + 1 :]):
                wrong = self.slipped(each) or self.misnamed(each)
                if wrong is not None:
                    self.wrong.append(wrong)
                    self.claim(each, wrong.written)
        return self

    def planned(self) -> Iterator[Target]:
        """The targets: whole arrays, or number by number where the script has no array of that shape."""
        for each in targets(self.ledger, gathers=self.gathers):
            has_arrays = any(True for record in self.records for _ in layouts(record.value, each.shape))
            yield from (each,) if has_arrays or len(each.singles) == 1 else each.apart()

    # --- what the script starts from

    def take_given(self) -> None:
        """Inputs, targets and starting weights: which arrays they are, and where they differ."""
        kinds: list[tuple[str, int | None]] = [("x", None), ("y", None)]
        kinds += [(kind, layer) for layer in range(1, self.ledger.network.depth + 1) for kind in ("W", "b")]
        for kind, layer in kinds:
            each = target(self.ledger, kind, layer)
            expected = self.expected(each)
            found = [
                (record, turned)
                for record in self.records
                for value, turned in layouts(record.value, each.shape)
                if len(each.singles) > 1 and self.is_close(record, value, expected)
            ]
            self._given.update(record.at for record, _turned in found)
            if kind in {"W", "b"}:
                self._parameters.update(record.name for record, _turned in found)
            if found and kind == "W":
                self._turned[layer] = {turned for record, turned in found if record.at == found[0][0].at}
            elif not found and kind in {"W", "b"} and len(each.singles) > 1:
                self.take_own(each, expected)

    def take_own(self, each: Target, expected: Array) -> None:
        """Starting weights under the name of weights that are not the file's: mistyped ones, or the script's own."""
        for record in self.records:
            if record.at in self._given or not _is_called(record.name, each.quantity):
                continue
            for value, turned in layouts(record.value, each.shape):
                off = np.abs(value - expected) > CLOSE * np.max(np.abs(expected), initial=1.0)
                self._given.add(record.at)
                self._parameters.add(record.name)
                if each.quantity.kind == "W":
                    self._turned[each.quantity.layer] = {turned}
                self.claim(each, value)
                if np.mean(off) <= LARGEST_SHARE:
                    self.wrong.append(Wrong(record, each, value, expected, ("digit",)))
                else:
                    self.own.append(record)
                return

    def end_round(self) -> None:
        """Keep what belongs to the first update: a line of the forward pass run again after it begins the next."""
        changed = [
            record
            for record in self.records
            if record.name in self._parameters and record.at not in self._given and not record.site.passes_on
        ]
        if not changed:
            return
        update, self.climbs = changed[0].at, changed[0].site.adds
        forward = {
            record.site
            for layer in range(1, self.ledger.network.depth + 1)
            for kind in ("z", "a")
            if (record := self.equal(target(self.ledger, kind, layer))) is not None and record.at < update
        }
        ends = [record.at for record in self.records if record.at > update and record.site in forward]
        if ends:
            self.records = [record for record in self.records if record.at < ends[0]]

    # --- which array a quantity is

    def equal(self, each: Target) -> Record | None:
        """The first array that equals a quantity."""
        expected = self.expected(each)
        if not np.all(np.isfinite(expected)):
            return None
        for record in self.records:
            if record.at in self._given:
                continue
            if any(self.is_close(record, value, expected) for value in self.fitting(record, each)):
                return record
        return None

    def fitting(self, record: Record, each: Target) -> Iterator[Array]:
        """An array in the shape of a target, turned as this script turns its weights, with the sign it should have."""
        q = each.quantity
        sign = self.sign if q.kind in DOWNHILL else 1.0
        allowed = self._turned.get(q.layer) if q.kind in OF_WEIGHTS else None
        for value, turned in layouts(record.value, each.shape):
            if allowed is None or turned in allowed or len(allowed) > 1:
                yield sign * value

    def is_close(self, record: Record, value: Array, expected: Array) -> bool:
        """Whether two arrays are the same but for the rounding of float64, or of float32."""
        slack = CLOSE_SINGLE if record.is_single else CLOSE
        return bool(np.all(np.abs(value - expected) <= slack * max(1e-3, float(np.max(np.abs(expected))))))

    def expected(self, each: Target) -> Array:
        """What follows from what the script has so far."""
        return np.array([self.ledger.expected(single) for single in each.singles]).reshape(each.shape)

    def claim(self, each: Target, value: Array) -> None:
        """Go on with what the script has."""
        for single, number in zip(each.singles, value.ravel(), strict=True):
            self.ledger.claim(single, float(number))
            if single.kind == "delta" and single.layer == self.ledger.network.depth:  # hidden errors come by shares
                self.ledger.claim(replace(single, output=single.index[0]), float(number))

    # --- what went wrong

    def slipped(self, each: Target) -> Wrong | None:
        """The array that a slip explains, entry by entry, the likeliest first."""
        codes = [code for code, slip in SLIPS.items() if slip.rewrites is not None]
        narrow = [code for code in codes if code not in BROAD]
        found = self.explained(each, narrow) or self.explained(each, [code for code in codes if code in BROAD])
        if not found:
            return None
        found.sort(key=lambda each: (each[0], -each[1].at))  # of equal ones the last: there something was left out
        _cost, record, value, _code = found[0]
        likely = list(dict.fromkeys(code for _cost, other, _value, code in found if other is record))
        return Wrong(record, each, value, self.expected(each), tuple(likely[:MOST_CANDIDATES]))

    def explained(self, each: Target, codes: Sequence[str]) -> list[tuple[float, Record, Array, str]]:
        """The arrays that one of these slips gives, each with how far-fetched that is."""
        made: dict[tuple[str, Quantity], Array] = {}
        found = []
        for record in self.candidates(each):
            for value in self.fitting(record, each):
                for code in codes:
                    if code in BROAD and each.quantity.kind not in told(_bare(record.name)):
                        continue
                    if self.is_made(code, each, record, value, made):
                        cost = SLIPS[code].cost - 0.5 * of_letter(_bare(record.name), each.quantity)
                        cost += 0.2 * record.site.passes_on + 0.5 * self.is_before(record, each)
                        found.append((cost, record, value, code))
        return found

    def is_before(self, record: Record, each: Target) -> bool:
        """Whether an array is the right slope by the activation, from which an error is still to be made."""
        if each.quantity.kind != "delta":
            return False
        slope = target(self.ledger, "dC/da", each.quantity.layer)
        expected = self.expected(slope)
        return any(self.is_close(record, value, expected) for value in self.fitting(record, slope))

    def is_made(
        self, code: str, each: Target, record: Record, value: Array, made: dict[tuple[str, Quantity], Array]
    ) -> bool:
        """Whether a slip gives every entry of an array its value."""
        slack = (CLOSE_SINGLE if record.is_single else CLOSE) * max(1e-3, float(np.max(np.abs(value))))
        for single, number in zip(each.singles, value.ravel(), strict=True):
            if (code, single) not in made:
                rewrites = SLIPS[code].rewrites
                assert rewrites is not None  # asked of slips that have some
                made[code, single] = np.concatenate(
                    [
                        numbers
                        for way in self.ledger.ways(single)
                        for numbers, _rewritten in all_made(rewrites, self.ledger, single, way)
                    ]
                    or [np.array([])]
                )
            if not np.any(np.abs(made[code, single] - number) <= slack):
                return False
        return True

    def misnamed(self, each: Target) -> Wrong | None:
        """The array that has the name of a quantity and its shape, but another value that no slip explains."""
        q = each.quantity
        for record in self.candidates(each):
            tag = re.sub(r"\D", "", stem_and_tag(_bare(record.name))[1])
            if q.kind in told(_bare(record.name)) and q.kind in {*BACKWARD, "z"} and tag == str(q.layer):
                for value in self.fitting(record, each):
                    return Wrong(record, each, value, self.expected(each), ("wrong_quantity",), is_explained=False)
        return None

    def candidates(self, each: Target) -> Iterator[Record]:
        """The arrays that are nothing else and come after what the quantity is made of; zeros are where sums begin."""
        found = {**self.right, **{wrong.target: wrong.record for wrong in self.wrong}}
        taken = {record.at for record in found.values()} | self._given
        after = max((record.at for other, record in found.items() if self.depends(each, other)), default=-1)
        later = (record for record in self.records if record.at > after and record.at not in taken)
        return (record for record in later if np.any(record.value))

    def depends(self, later: Target, earlier: Target) -> bool:
        """Whether one is made of the other, over however many steps."""
        return not self.closure(later.singles[0]).isdisjoint(earlier.singles)

    def closure(self, q: Quantity) -> frozenset[Quantity]:
        """Everything that a quantity is made of."""
        if q not in self._closures:
            direct = set(self.ledger.equations.sources(q))
            direct |= {replace(key, update=1) for key in direct}
            self._closures[q] = frozenset(direct).union(*(self.closure(key) for key in direct))
        return self._closures[q]


def _bare(name: str) -> str:
    """``W1`` for ``self.W1`` and for ``params['W1']``."""
    words = re.findall(r"[A-Za-z_]\w*", name)
    return words[-1] if words and not re.fullmatch(r".*\[\w\]", name) else (words[-2] if len(words) > 1 else name)


def _is_called(name: str, q: Quantity) -> bool:
    """Whether a name is one of starting weights, or biases, of this layer."""
    bare = _bare(name)
    stem, tag = stem_and_tag(bare)
    number = re.sub(r"\D", "", tag or bare)
    return q.kind in told(stem) and (not number or number == str(q.layer))

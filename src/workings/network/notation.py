"""Notations: how the text in front of the reader names a quantity, and back.

A notation is data: a template for each kind of quantity, and the numbers it starts counting at. Reading a name is
writing it backwards, from the same templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from workings.errors import AddressError
from workings.network.counting import Sizes, neuron_of_number, number_of_neuron, number_of_weight, weight_of_number
from workings.network.network import Layer, Network
from workings.network.quantity import KINDS, Quantity, check_length
from workings.network.symbol import AnySymbol, Ratio, Slopes, Symbol, plain, read_slopes, read_symbol


@dataclass(frozen=True, slots=True)
class Template:
    """A symbol with places to fill in.

    The places: ``{l}`` layer, ``{j}`` neuron within its layer, ``{jk}`` both indices of a weight, ``{unit}`` h2 or
    o1, ``{neuron}`` and ``{weight}`` numbers that run through all layers.
    """

    base: str
    sub: str = ""
    sup: str = ""


@dataclass(frozen=True, slots=True)
class Notation:
    """A way of naming quantities.

    Attributes
    ----------
    name : str
        What files and options call it.
    summary : str
        What it looks like, in one line.
    symbols : mapping of kind to Template
        ``"C[k]"`` is an output's share of the cost, ``"b[l]"`` the one bias printed for a whole layer. A derivative
        without a template is written as the ratio of its two symbols.
    whole : mapping of kind to Template
        Names of whole vectors and matrices where they differ from ``symbols``; the rest get the layer on top.
    layer_sup : str
        How a whole vector or matrix shows its layer.
    new : {"+", "new"}
        How the value after an update is marked.
    index_base, layer_base : int
        The number of the first neuron; the number of the input layer.
    """

    name: str
    summary: str
    symbols: Mapping[str, Template]
    whole: Mapping[str, Template]
    layer_sup: str
    new: str
    index_base: int = 1
    layer_base: int = 0

    def symbol(self, quantity: Quantity, network: Network) -> AnySymbol:
        """The symbol of a quantity of this network."""
        kind = KINDS[quantity.kind]
        sample = None if quantity.sample is None else quantity.sample + 1
        if kind.updated:
            parameter = self.symbol(replace(quantity, kind=kind.updated), network)
            assert isinstance(parameter, Symbol)  # parameters have no derivative's symbol
            return replace(parameter, new=self.new)
        if kind.remembered:
            after = self.symbol(replace(quantity, kind=kind.remembered), network)
            assert isinstance(after, Symbol)
            return replace(after, new="old")
        if kind.name == "b" and not quantity.is_whole and self._prints_one_bias(quantity, network):
            template = self.symbols["b[l]"]
            return Symbol(template.base, template.sub.format(**self._places(quantity, network.sizes)))
        if kind.derivative is None or (kind.name in self.symbols and quantity.output is None):
            return replace(self._plain_symbol(quantity, network), sample=sample)
        if kind.name == "da/dz" and quantity.is_whole and _is_slope_alone(network.layer(_layer(quantity))):
            z = replace(self._plain_symbol(replace(quantity, kind="z"), network), sample=sample)
            return Slopes(network.layer(_layer(quantity)).activation.symbol, z)
        top, bottom = _top_and_bottom(quantity)
        if quantity.kind == "dC/dW" and quantity.sample is None and network.has_penalty:
            top = Quantity("J")  # the gradient with which weights that cost something are updated
        return Ratio(self._plain_symbol(top, network), self._plain_symbol(bottom, network), sample)

    def text(self, quantity: Quantity, network: Network) -> str:
        """The symbol in plain text."""
        return self.symbol(quantity, network).text

    def latex(self, quantity: Quantity, network: Network) -> str:
        """The symbol in LaTeX."""
        return self.symbol(quantity, network).latex

    def parse(self, text: str, sizes: Sizes) -> Quantity:
        """The quantity that a name means in a network of these sizes; a layer's one bias is the whole vector.

        Raises
        ------
        AddressError
            When this notation has no such name; shows a few names it has.
        """
        check_length(text)
        bare = plain(text)
        top, slash, bottom = bare.partition("/")
        if slash:
            quantity = self._derivative(top, bottom, sizes)
        else:
            slopes = read_slopes(bare)
            quantity = self._slopes(slopes[1], sizes) if slopes else self._named(bare, sizes)
        if quantity is None:
            raise AddressError(f"{text!r} is no name in the {self.name} notation ({self.summary})")
        return quantity

    def names_one_bias(self, text: str) -> bool:
        """Whether a name is that of the one bias printed for a whole layer: b1 is, the vector b^(1) is not."""
        symbol, template = read_symbol(plain(text)), self.symbols.get("b[l]")
        if symbol is None or template is None or symbol.base != template.base or symbol.sup:
            return False
        return bool(re.fullmatch(_as_regex(template.sub), symbol.sub))

    def _prints_one_bias(self, quantity: Quantity, network: Network) -> bool:
        return "b[l]" in self.symbols and has_one_bias(network, _layer(quantity))

    def _plain_symbol(self, quantity: Quantity, network: Network) -> Symbol:
        sizes = network.sizes
        if quantity.kind == "a" and quantity.layer == 0:
            quantity = replace(quantity, kind="x", layer=None)
        if quantity.is_whole:
            template = self.whole.get(quantity.kind) or Template(self.symbols[quantity.kind].base)
            layer = "" if quantity.layer is None else self.layer_sup.format(l=quantity.layer + self.layer_base)
            return Symbol(template.base, template.sub, layer)
        key = "C[k]" if quantity.kind == "C" and quantity.output is not None else quantity.kind
        template = self.symbols[key]
        places = self._places(quantity, sizes)
        return Symbol(template.base, template.sub.format(**places), template.sup.format(**places))

    def _places(self, quantity: Quantity, sizes: Sizes) -> dict[str, str]:
        """What to fill into a template for this quantity."""
        if quantity.kind in ("C", "y"):
            j = quantity.output if quantity.kind == "C" else quantity.index[0]
            return {} if j is None else self._neuron_places(len(sizes) - 1, j, sizes)
        if quantity.kind == "x":
            return {"j": str(quantity.index[0] + self.index_base)}
        if quantity.layer is None:
            return {}
        if not quantity.index:
            return {"l": str(quantity.layer + self.layer_base)}
        places = self._neuron_places(quantity.layer, quantity.index[0], sizes)
        if len(quantity.index) == 2:
            j, k = quantity.index
            written = str(j + self.index_base), str(k + self.index_base)
            places["jk"] = ("" if max(sizes) < 10 else ",").join(written)
            places["weight"] = str(number_of_weight(quantity.layer, (j, k), sizes) + self.index_base)
        return places

    def _neuron_places(self, layer: int, j: int, sizes: Sizes) -> dict[str, str]:
        of_layer, of_all = j + self.index_base, number_of_neuron(layer, j, sizes) + self.index_base
        is_output = layer == len(sizes) - 1
        return {
            "l": str(layer + self.layer_base),
            "j": str(of_layer),
            "neuron": str(of_all),
            "unit": f"o{of_layer}" if is_output else f"h{of_all}",
        }

    def _named(self, text: str, sizes: Sizes) -> Quantity | None:
        """The quantity of a name that is no derivative."""
        symbol = read_symbol(text)
        if symbol is None:
            return None
        for key, template in self.symbols.items():
            found = self._match(key, template, symbol, sizes)
            if found is None:
                continue
            if symbol.new:
                marked = found.kind + ("-" if symbol.new == "old" else "+")
                found = replace(found, kind=marked) if marked in KINDS else None
            return found if found is None or symbol.sample is None else replace(found, sample=_sample(symbol))
        return self._whole_named(symbol, sizes)

    def _match(self, key: str, template: Template, symbol: Symbol, sizes: Sizes) -> Quantity | None:
        if symbol.base != template.base:
            return None
        if key in ("C", "s") and symbol.sub in ("", template.sub):  # "E" for "E_total"
            return _without_layer(key, symbol)
        places: dict[str, str] = {}
        for pattern, written in ((template.sub, symbol.sub), (template.sup, symbol.sup)):
            match = re.fullmatch(_as_regex(pattern), written)
            if match is None:
                return None
            places |= match.groupdict()
        return self._located(key, places, sizes)

    def _located(self, key: str, places: Mapping[str, str], sizes: Sizes) -> Quantity | None:
        """The quantity of a kind whose template's places read so; None where the network has no such place."""
        L = len(sizes) - 1
        if "weight" in places:
            weight = weight_of_number(int(places["weight"]) - self.index_base, sizes)
            return weight and Quantity(key, *weight)
        if "jk" in places:
            written = places["jk"]
            indices = tuple(int(i) - self.index_base for i in (written.split(",") if "," in written else written))
            quantity = Quantity(key, int(places["l"]) - self.layer_base, indices)
        elif "unit" in places or "neuron" in places:
            unit = places.get("unit") or places["neuron"]
            number = int(unit.lstrip("ho")) - self.index_base
            layer, j = (L, number) if unit.startswith("o") else neuron_of_number(number, sizes)
            if unit.startswith("h") and layer == L:
                return None
            quantity = Quantity(key, layer, (j,))
        elif "j" in places:
            layer = int(places["l"]) - self.layer_base if "l" in places else L
            quantity = Quantity(key, layer, (int(places["j"]) - self.index_base,))
        elif "l" in places:
            layer = int(places["l"]) - self.layer_base
            return Quantity("b" if key == "b[l]" else key, layer) if 1 <= layer <= L else None
        else:
            return Quantity(key)
        return _settled(quantity, sizes)

    def _whole_named(self, symbol: Symbol, sizes: Sizes) -> Quantity | None:
        for kind in KINDS:
            template, name = self.whole.get(kind) or self.symbols.get(kind), f"{kind}+" if symbol.new else kind
            sub = self.whole[kind].sub if kind in self.whole else ""
            if template is None or (template.base, sub) != (symbol.base, symbol.sub) or name not in KINDS:
                continue
            if not KINDS[kind].layered:
                return _without_layer(kind, symbol) if KINDS[kind].rank else None
            if sub and symbol.sample is not None:  # g^(1)_b: what has an index and (1) above was read as of a sample
                symbol = replace(symbol, sup=f"({symbol.sample})", sample=None)
            match = re.fullmatch(_as_regex(self.layer_sup), symbol.sup)
            if match and 1 <= int(match["l"]) - self.layer_base < len(sizes):
                return Quantity(name, int(match["l"]) - self.layer_base, sample=_sample(symbol))
        return None

    def _slopes(self, argument: str, sizes: Sizes) -> Quantity | None:
        """The slopes at a weighted input: sigma'(z^1), or one of them: sigma'(z^1_2)."""
        z = self._named(argument, sizes)
        return replace(z, kind="da/dz") if z is not None and z.kind == "z" else None

    def _derivative(self, top_text: str, bottom_text: str, sizes: Sizes) -> Quantity | None:
        if not (top_text.startswith("d") and bottom_text.startswith("d")):
            return None
        top, bottom = self._named(top_text[1:], sizes), self._named(bottom_text[1:], sizes)
        if top is None or bottom is None:
            return None
        sample = top.sample if bottom.sample is None else bottom.sample
        if top.sample not in (None, sample):
            return None
        top, bottom = replace(top, sample=None), replace(bottom, sample=None)
        if bottom.kind == "x":
            bottom = replace(bottom, kind="a", layer=0)
        if top.kind == "J":
            top = Quantity("C")
        kind = next((k.name for k in KINDS.values() if k.derivative == (top.kind, bottom.kind)), None)
        has_both = kind == "dz/da" or (kind == "da/dz" and top.index != bottom.index)
        if kind is None or (has_both and len(top.index) != len(bottom.index)):
            return None
        index = top.index + bottom.index if has_both else bottom.index
        quantity = Quantity(kind, top.layer or bottom.layer, index, sample, top.output)
        # Only what would be written so: dz^1_2/dw^1_11 is no quantity.
        return quantity if _top_and_bottom(quantity) == (top, bottom) else None


def _is_slope_alone(layer: Layer) -> bool:
    """Whether da/dz is the slope of the activation and nothing more."""
    return layer.activation.scope == "neuron" and not layer.dropout


def has_one_bias(network: Network, layer: int) -> bool:
    """Whether one bias can be printed for the whole layer: all equal, and not trained."""
    b = network.b(layer)
    return not network.train_biases and bool(np.all(b == b[0]))


def _layer(quantity: Quantity) -> int:
    assert quantity.layer is not None  # only asked of kinds that belong to a layer
    return quantity.layer


def _top_and_bottom(quantity: Quantity) -> tuple[Quantity, Quantity]:
    """What is differentiated, and by what: dz/dW[2][1,3] is z[2][1] by W[2][1,3]."""
    names = KINDS[quantity.kind].derivative
    assert names is not None  # only asked of derivatives
    top = Quantity(names[0], output=quantity.output)
    if names[0] != "C":
        top = Quantity(names[0], quantity.layer, quantity.index[:1])
    bottom = Quantity(names[1], quantity.layer, quantity.index)
    if quantity.kind == "dz/da":
        bottom = Quantity("a", _layer(quantity) - 1, quantity.index[1:])
    elif quantity.kind == "da/dz":
        bottom = Quantity("z", quantity.layer, quantity.index[-1:])
    return top, bottom


def _without_layer(kind: str, symbol: Symbol) -> Quantity | None:
    """What has no layer, so that only a sample can stand above it: C, x@2, C^{(2)}."""
    above = re.fullmatch(r"\(([0-9]+)\)", symbol.sup)
    if above and symbol.sample is None:
        return Quantity(kind, sample=int(above[1]) - 1)
    return None if symbol.sup else Quantity(kind, sample=_sample(symbol))


def _sample(symbol: Symbol) -> int | None:
    return None if symbol.sample is None else symbol.sample - 1


def _as_regex(pattern: str) -> str:
    """A template's text as a pattern that reads it back."""
    pieces = {"unit": "(?P<unit>[ho][0-9]+)", "jk": "(?P<jk>[0-9]{2}|[0-9]+,[0-9]+)"}
    escaped = re.escape(pattern)
    return re.sub(r"\\{(\w+)\\}", lambda place: pieces.get(place[1], f"(?P<{place[1]}>[0-9]+)"), escaped)


def _settled(quantity: Quantity, sizes: Sizes) -> Quantity | None:
    """The quantity with what its kind does not have taken off; None where the network has no such neuron."""
    kind, L = quantity.kind, len(sizes) - 1
    layer = 0 if kind == "x" else _layer(quantity)
    of_the_outputs, of_the_inputs = kind in ("y", "C[k]"), kind in ("x", "a")
    if (
        not (L if of_the_outputs else 0 if of_the_inputs else 1) <= layer <= L
        or not 0 <= quantity.index[0] < sizes[layer]
    ):
        return None
    if len(quantity.index) == 2 and not 0 <= quantity.index[1] < sizes[layer - 1]:
        return None
    if kind == "C[k]":
        return Quantity("C", output=quantity.index[0])
    if layer == 0:
        return Quantity("x", None, quantity.index)  # a^0_1 is the first input
    return quantity if KINDS[kind].layered else replace(quantity, layer=None)

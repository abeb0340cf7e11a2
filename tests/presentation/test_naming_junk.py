"""Whatever is typed as a quantity is understood or refused in a sentence; nothing else happens."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from workings.errors import AddressError
from workings.network.network_file import load
from workings.network.notation import NOTATIONS
from workings.presentation.explain import explain
from workings.presentation.naming import quantity_named

WORDS = """w b z a O x y i net out target E C Cost d / [ ] 1 2 3 9 0 , : @ # + - _ ^ { } h1 o1 total new_ delta J R dC
dz da dC/dW da/dz ∂ δ ٣ ² ' " \\frac \\partial"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\\", "\x00"])
TYPED = st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=12)


@settings(max_examples=400)
@given(TYPED, st.sampled_from(sorted(NOTATIONS)), st.sampled_from(["two-two-two", "tanh-softmax"]))
def test_junk_is_refused_with_a_sentence(typed: str, notation: str, name: str) -> None:
    network = load(name)
    with contextlib.suppress(AddressError):
        quantity = quantity_named(typed, network, NOTATIONS[notation])
        if quantity.update in (None, 1, 2, 3):
            assert str(explain(network, typed, notation=notation))

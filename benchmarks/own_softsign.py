"""An activation as a user writes it, for ``--with own_softsign.py`` or ``activation=OWN_SOFTSIGN``."""

from workings import Activation

OWN_SOFTSIGN = Activation(
    name="own_softsign",
    symbol="s",
    value=lambda z: z / (1 + abs(z)),
    derivative=lambda z, a: 1 / (1 + abs(z)) ** 2,
    formula=lambda z: z / (1 + abs(z)),
    derivative_formula=lambda z, a: 1 / (1 + abs(z)) ** 2,
    range=(-1.0, 1.0),
    because="it nears -1 and 1 slowly, so its slope dies out slowly too",
)

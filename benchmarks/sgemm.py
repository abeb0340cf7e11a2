"""How much of the rate at which a BLAS multiplies is left of it in a whole update, of the widest case.

The rate is that of the same run: a BLAS makes the products of the updates, of the same shapes, on as many threads, in
turns with us. Our share is its time over ours; of the two that NumPy and SciPy bring, judge by the quicker.
"""

from contextlib import ExitStack

from benchmarks.cases import WIDE
from benchmarks.figures import figure, told
from benchmarks.turns import begun, ratios, take_turns

LEAST = 0.9
BLAS = {"numpy": "sgemm_numpy", "scipy": "sgemm_scipy"}


def measured(asked):
    """The time of each BLAS for nothing but the products, over ours for the updates."""
    case = WIDE
    with ExitStack() as stack:
        engines = {"workings": "workings", **BLAS}
        processes = {name: stack.enter_context(begun(engine, case)) for name, engine in engines.items()}
        seconds = take_turns(processes, asked.rounds)
    count = case.multiplications() * case.n_updates
    yield {
        "case": case.name,
        "batch_size": case.batch_size,
        "multiplications_an_update": case.multiplications(),
        "multiplications_a_second": {name: figure([count / each for each in seconds[name]]) for name in seconds},
        "figures": {name: figure(ratios(seconds[name], seconds["workings"]), at_least=LEAST) for name in BLAS},
    }


def line(found):
    rates = {name: rate["median"] / 1e9 for name, rate in found["multiplications_a_second"].items()}
    cells = [
        f"of {rates[name]:,.0f}e9 multiplications a second, sgemm of {name}: {told(share)}"
        for name, share in found["figures"].items()
    ]
    return "   ".join([f"{found['case']:18} our share", *cells])

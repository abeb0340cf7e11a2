"""The time with an activation of one's own, against that with one that is built in.

What it costs that an activation is one's own shows against the same formula built in: that comparison is judged. The
one with the activation that the case has is printed beside it; in it counts also what the formula costs, such as
the division that relu does without.
"""

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import figure, told
from benchmarks.turns import begun, ratios, take_turns, wrong_weights

OWN, SAME = "own_softsign", "softsign"
MOST = 1.1


def measured(asked):
    """For each case the ratios of the time with the activation of one's own to the times with those built in."""
    for case in asked.cases:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            processes = {
                name: stack.enter_context(begun("workings", replace(case, activation=name), folder=Path(folder)))
                for name in (OWN, SAME, case.activation)
            }
            wrong = wrong_weights(case, processes[SAME], {OWN: processes[OWN]})
            seconds = take_turns(processes, asked.rounds)
        figures = {
            SAME: figure(ratios(seconds[OWN], seconds[SAME]), at_most=MOST),
            case.activation: figure(ratios(seconds[OWN], seconds[case.activation])),
        }
        yield {"case": case.name, "figures": figures, "wrong_weights": wrong}


def line(found):
    cells = [f"over {name}: {told(each)}" for name, each in found["figures"].items()]
    return "   ".join([f"{found['case']:18} {OWN}", *cells]) + (" WRONG WEIGHTS" if found["wrong_weights"] else "")

"""Backpropagation held against differences of the objective: is each gradient the slope that it claims to be?

Where the two disagree, what is to blame is looked for in the order in which backpropagation is explained: an
activation or a loss that contradicts itself. Where differences cannot tell, nobody is accused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from workings.derivation.differences import EPSILON, LAST_STEP, SMALL_STEP, central_difference, is_kink, slopes
from workings.derivation.objectives import NeuronObjective
from workings.derivation.record_check import TOLERANCE, Remark, first_fault, telling_apart
from workings.derivation.trace import Trace
from workings.network import reference
from workings.network.network import Array, Network, Parameters
from workings.network.quantity import Quantity

"""The rules of backpropagation: what each step of a derivation rests on, in one sentence, with its source."""

from __future__ import annotations

from dataclasses import dataclass

from workings.network.clipping import PASCANU

RUMELHART = "Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986"
NIELSEN = "Nielsen, Neural Networks and Deep Learning, chapter 2, 2015"
NIELSEN_3 = "Nielsen, Neural Networks and Deep Learning, chapter 3, 2015"
CHAIN_RULE = "the chain rule of calculus: Leibniz, 1676"
CAUCHY = "Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, 1847"
TIBSHIRANI = "Tibshirani, Regression shrinkage and selection via the lasso, 1996"
SRIVASTAVA = (
    "Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout: a simple way to prevent neural networks "
    "from overfitting, 2014"
)
KROGH_HERTZ = "Krogh and Hertz, A simple weight decay can improve generalization, 1992"
ROSENBLATT = (
    "Rosenblatt, The perceptron: a probabilistic model for information storage and organization in the brain, 1958"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a step rests on.

    Attributes
    ----------
    code : str
        Stable, short: ``BP2``.
    name : str
        What the step works out.
    because : str
        One sentence of intuition.
    statement : str
        The rule in general, in the textbook's symbols.
    source : str
        Where it is from.
    """

    code: str
    name: str
    because: str = ""
    statement: str = ""
    source: str = ""


GIVEN = Rule("GIVEN", "given", "it was there before the first step")
F1 = Rule(
    "F1",
    "weighted input",
    "each input counts as much as its weight says, and the bias shifts the sum",
    "z^l = W^l a^(l-1) + b^l",
    ROSENBLATT,
)
F2 = Rule("F2", "activation", "what the neuron answers and passes on", "a^l = sigma(z^l)", RUMELHART)
D1 = Rule(
    "D1",
    "activation with dropout",
    "some neurons are left out of this update, and those that are kept answer louder to make up for them",
    "a^l = f^l ⊙ mask^l / (1 - p^l)",
    SRIVASTAVA,
)
F3 = Rule("F3", "an output's share of the cost", "how far this output is from its target", "C_k = loss(y_k, a^L_k)")
F4 = Rule("F4", "cost", "the shares of all outputs together", "C = sum over k of C_k", RUMELHART)
F4_BATCH = Rule(
    "F4b", "cost of the batch", "the samples' losses together", "C = mean or sum over the samples of C@s", NIELSEN
)
F4_WEIGHTED = Rule(
    "F4w",
    "cost of the batch",
    "the samples' losses together, each as often as its weight says",
    "C = mean or sum over the samples of s C@s, the mean by the sum of all s",
    NIELSEN,
)
F5 = Rule("F5", "penalty", "large weights cost something, so they shrink", "R = l2/2 sum of all W^2", KROGH_HERTZ)
F5_SIZES = Rule(
    "F5s",
    "penalty",
    "every weight pays for its size, so those that are not needed go to 0",
    "R = l1 sum of all |w|, and l2/2 sum of all w^2 where weights decay too",
    TIBSHIRANI,
)
F6 = Rule("F6", "objective", "what training really makes smaller", "J = C + R", KROGH_HERTZ)
B1 = Rule("B1", "slope of the cost by an output", "", "dC/da^L_k, the derivative of the loss", RUMELHART)
B2 = Rule("B2", "slope of the activation", "", "da^l_j/dz^l_j = sigma'(z^l_j)", RUMELHART)
B3 = Rule(
    "B3",
    "slope of the cost by a hidden activation",
    "what a neuron does to the cost is the sum over all paths that lead up from it",
    "dC/da^l_j = sum over k of w^(l+1)_kj delta^(l+1)_k",
    CHAIN_RULE,
)
B4 = Rule(
    "B4",
    "one output's share of a slope",
    "along a path the rates multiply",
    "dC_k/da^l_j = sum over m of w^(l+1)_mj dC_k/dz^(l+1)_m",
    CHAIN_RULE,
)
BP1 = Rule(
    "BP1",
    "error of an output",
    "how fast the cost changes with the output, times how fast the output changes with its weighted input",
    "delta^L = grad_a C ⊙ sigma'(z^L)",
    NIELSEN,
)
BP1_PAIR = Rule("BP1p", "error of an output", "", "delta^L = a^L - y", NIELSEN_3)
BP2 = Rule(
    "BP2",
    "error of a hidden neuron",
    "the errors of the next layer come back through the same weights, damped by the neuron's own slope",
    "delta^l = (W^(l+1))^T delta^(l+1) ⊙ sigma'(z^l)",
    NIELSEN,
)
BP3 = Rule("BP3", "gradient of a bias", "the bias is added to z as it is: dz/db = 1", "dC/db^l_j = delta^l_j", NIELSEN)
BP4 = Rule(
    "BP4",
    "gradient of a weight",
    "a weight matters as much as the signal that runs through it, times the error it runs into",
    "dC/dw^l_jk = delta^l_j a^(l-1)_k",
    NIELSEN,
)
BP4_DECAY = Rule(
    "BP4d",
    "gradient of a weight that decays",
    "the signal times the error, and beside it the penalty, which pulls every weight towards 0",
    "dJ/dw^l_jk = delta^l_j a^(l-1)_k + l2 w^l_jk",
    KROGH_HERTZ,
)
BP4_SIZES = Rule(
    "BP4s",
    "gradient of a weight that pays for its size",
    "the signal times the error, and beside it the slope of the penalty, which pulls every weight towards 0",
    "dJ/dw^l_jk = delta^l_j a^(l-1)_k + dR/dw^l_jk, with l1 sign(w) in dR/dw",
    TIBSHIRANI,
)
L1 = Rule(
    "L1", "slope of z by a weight", "all other terms of z do not depend on it", "dz^l_j/dw^l_jk = a^(l-1)_k", CHAIN_RULE
)
L2 = Rule(
    "L2",
    "slope of z by an input of it",
    "all other terms of z do not depend on it",
    "dz^l_j/da^(l-1)_k = w^l_jk",
    CHAIN_RULE,
)
M1 = Rule(
    "M1",
    "gradient over the batch",
    "the cost is the mean or the sum of the samples', so its slope is that of theirs",
    "dC/dw = mean or sum over the samples of dC@s/dw",
    NIELSEN,
)
M1_WEIGHTED = Rule(
    "M1w",
    "gradient over the batch",
    "the cost counts each sample as often as its weight says, and so does its slope",
    "dC/dw = mean or sum over the samples of s dC@s/dw, the mean by the sum of all s",
    NIELSEN,
)
M1_DECAY = Rule(
    "M1d",
    "gradient of a weight that decays, over the batch",
    "the samples' slopes together, and beside them the penalty, which pulls every weight towards 0",
    "dJ/dw = mean or sum over the samples of dC@s/dw, + l2 w",
    KROGH_HERTZ,
)
M1_SIZES = Rule(
    "M1s",
    "gradient of a weight that pays for its size, over the batch",
    "the samples' slopes together, and beside them the slope of the penalty, which pulls every weight towards 0",
    "dJ/dw = mean or sum over the samples of dC@s/dw, + dR/dw, with l1 sign(w) in dR/dw",
    TIBSHIRANI,
)
G1 = Rule(
    "G1",
    "norm of the gradient",
    "how long the whole gradient is, as a vector of all that is trained",
    "G = root of the sum of all squared gradients",
    PASCANU,
)
G2 = Rule("G2", "clipped gradient", "")
U1 = Rule("U1", "update", "", "new = old - eta * gradient", CAUCHY)
OP = Rule("OP", "optimizer", "")
LR = Rule("LR", "learning rate", "")
U0 = Rule("U0", "not trained", "it keeps its value: the file says that biases are not trained", "new = old")

_ALL = [GIVEN, F1, F2, F3, F4, F4_BATCH, F5, F6, B1, B2, B3, B4, BP1, BP1_PAIR, BP2, BP3, BP4, BP4_DECAY, L1, L2]
_ALL += [M1, M1_DECAY, F4_WEIGHTED, M1_WEIGHTED, F5_SIZES, D1, BP4_SIZES, M1_SIZES, LR, G1, G2, OP, U1, U0]

RULES = {rule.code: rule for rule in _ALL}

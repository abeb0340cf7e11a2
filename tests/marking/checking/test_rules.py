"""Rules in symbols: what is wrong in every arrangement is accused, what is right in some is not."""

import pytest

from workings.marking.mark import mark

WRONG = [
    (r"\delta^l = (W^{(l+1)})^T \delta^{l+1} \odot \sigma(z^l)", "missing_activation_derivative"),
    (r"\delta^L = (a^L - y) \odot \tanh(z^L)", "missing_activation_derivative"),
    (r"\sigma'(z) = a(1 + a)", "sign"),
    (r"\sigma'(z) = \sigma(z)(1 + \sigma(z))", "sign"),
    (r"w \leftarrow w + \eta \frac{\partial C}{\partial w}", "plus_instead_of_minus"),
    (r"\frac{\partial C}{\partial W^{(l)}} = \delta^{l} (a^{(l)})^T", "wrong_quantity"),
]
RIGHT = [
    r"\delta^l = (W^{(l+1)})^T \delta^{l+1} \odot \sigma'(z^l)",
    r"\delta^l = \sigma'(z^l) \odot (W^{(l+1)})^T \delta^{l+1}",
    r"\delta^l = W^{l+1} \delta^{l+1} \odot \sigma'(z^l)",
    r"\delta^L = (a - y) \odot \sigma(z^L) \odot (1 - \sigma(z^L))",
    r"\sigma'(z) = a(1 - a)",
    r"\sigma'(z) = \sigma(z)(1 - \sigma(z))",
    r"w \leftarrow w - \eta \frac{\partial C}{\partial w}",
    r"w \leftarrow w + \eta \delta x",
    r"\frac{\partial C}{\partial W^{(l)}} = \delta^{l} (a^{(l-1)})^T",
    r"\frac{\partial C}{\partial W^{(l)}} = \delta^{l+1} (a^{(l)})^T",
    r"a^l = \sigma(z^l)",
    r"f = g(1 + g)",
]


@pytest.mark.parametrize(("rule", "code"), WRONG)
def test_a_wrong_rule_is_accused(rule, code):
    (finding,) = mark(f"The rule:\n\n$$ {rule} $$\n").findings
    assert finding.symbolic
    assert finding.candidates == ("formula_typo", code)


@pytest.mark.parametrize("rule", RIGHT)
def test_a_right_rule_is_left_alone_however_it_is_arranged(rule):
    assert not mark(f"The rule:\n\n$$ {rule} $$\n").findings

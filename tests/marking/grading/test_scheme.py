"""Marking schemes: what addresses with stars and ranges mean, and what is refused in which words."""

import tomllib

import pytest

import workings as wk
from workings.errors import AddressError, InputError
from workings.marking.binding.ledger import Ledger
from workings.marking.grading.pattern import read_pattern
from workings.marking.grading.scheme import default_scheme, load_scheme, scheme_of

NET = wk.load("two-two-two")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("z[1]", ["z[1][1]", "z[1][2]"]),
        ("z[*]", ["z[1][1]", "z[1][2]", "z[2][1]", "z[2][2]"]),
        ("a[1-2][2]", ["a[1][2]", "a[2][2]"]),
        ("W+[2][*,1]", ["W+[2][1,1]", "W+[2][2,1]"]),
        ("dC/dW:2:1,1-2", ["dC/dW[2][1,1]", "dC/dW[2][1,2]"]),
        ("dC/dz[2][1]", ["delta[2][1]"]),
        ("C", ["C"]),
        ("C[*]", ["C[1]", "C[2]"]),
    ],
)
def test_what_a_pattern_means(text, meant):
    found = read_pattern(text).quantities(Ledger(NET))
    assert [str(q).removesuffix("#1") for q in found] == meant


def test_in_a_batch_each_sample_has_its_own(tmp_path):
    path = tmp_path / "batch.toml"
    path.write_text(
        "inputs = [[1.0], [2.0]]\ntargets = [[0.0], [1.0]]\nlearning_rate = 1.0\nloss = 'squared_error'\n"
        "[[layers]]\nactivation = 'tanh'\nweights = [[0.5]]\nbiases = [0.1]\n",
        encoding="utf-8",
    )
    ledger = Ledger(wk.load(path))
    assert [str(q) for q in read_pattern("z[1]").quantities(ledger)] == ["z[1][1]@1#1", "z[1][1]@2#1"]
    assert [str(q) for q in read_pattern("z[1]@2").quantities(ledger)] == ["z[1][1]@2#1"]
    assert [str(q) for q in read_pattern("dC/dW[1]").quantities(ledger)] == ["dC/dW[1][1,1]#1"]


@pytest.mark.parametrize("text", ["W[1]", "x", "z[3-1]", "z[1]#*", "z[[1]"])
def test_a_pattern_that_means_nothing_is_refused(text):
    with pytest.raises(AddressError):
        read_pattern(text)


ITEM = '[[items]]\nquantities = ["z[1]"]\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "s.toml: items is missing"),
        ("items = 3", "s.toml: items must be a list of items, but is a number"),
        ("items = [3]", "s.toml: items[1] must be a table. Items are written [[items]], with two brackets"),
        (
            ITEM + "acuracy = 1",
            "s.toml: items[1] has a key 'acuracy' that means nothing here. Did you mean 'accuracy'?",
        ),
        (ITEM, "s.toml: items[1] has no marks: give method, accuracy or both, as in accuracy = 1"),
        (ITEM + "method = -1", "s.toml: items[1].method is -1, but must not be negative"),
        (ITEM + "method = 'two'", "s.toml: items[1].method must be a number, but is the text 'two'"),
        (ITEM + "method = 1\ndigits = 99", "s.toml: items[1].digits is 99, but must be from 0 to 15"),
        (ITEM + "method = 1\ncarried = 1", "s.toml: items[1].carried must be true or false, but is a number"),
        ("total = 3\n" + ITEM + "method = 1", "s.toml: total is 3, but the marks of the items add up to 1"),
        ((ITEM + "method = 1\n") * 2, "s.toml: items[2].name is 'z[1]', as that of an item before"),
        (ITEM + "method = 1\ndigits = 1\ntolerance = 0.1", "s.toml: items[1] has both tolerance and digits"),
        (
            '[[items]]\nquantities = ["dC/dw[2]"]\nmethod = 1',
            "s.toml: items[1].quantities[1]: 'dC/dw[2]': there is no quantity 'dC/dw'. Did you mean 'dC/dW'?",
        ),
        (
            '[[items]]\nquantities = ["z[5]"]\nmethod = 1',
            "s.toml: items[1].quantities[1]: z[5]: the layers of this network are numbered 1 to 2",
        ),
        (
            '[[items]]\nquantities = ["R"]\nmethod = 1',
            "s.toml: items[1].quantities[1]: 'R': the marker looks for no penalty on the weights in a document",
        ),
    ],
)
def test_what_is_wrong_with_a_scheme_is_said_with_its_place(text, told):
    with pytest.raises(InputError) as refused:
        scheme_of(tomllib.loads(text), "s.toml", NET)
    assert str(refused.value).startswith(told)


def test_a_scheme_that_cannot_be_read_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="cannot be read: No such file"):
        load_scheme(tmp_path / "nowhere.toml")
    path = tmp_path / "scheme.toml"
    path.write_text("total = ,", encoding="utf-8")
    with pytest.raises(InputError, match=r"scheme.toml:1:9: this is no TOML"):
        load_scheme(path)


def test_without_a_scheme_every_number_of_a_worked_step_is_worth_one_mark():
    scheme = default_scheme(NET)
    assert [(item.name, item.marks) for item in scheme.items] == [
        ("forward pass", 8), ("cost", 1), ("gradients", 8), ("update", 8),
    ]  # fmt: skip  # the biases of this network are not trained

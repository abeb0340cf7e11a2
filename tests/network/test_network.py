"""Networks as plain data."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from workings.errors import InputError
from workings.network.activations import ACTIVATIONS, SIGMOID, TANH
from workings.network.initializers import LECUN
from workings.network.losses import LOSSES
from workings.network.network import Layer, Network, Parameters, lookup
from workings.network.pairs import PAIRS


def network_with(activation: str, loss: str) -> Network:
    return Network(
        (Layer(2, 3, TANH), Layer(3, 2, ACTIVATIONS[activation])),
        Parameters(np.arange(17.0), (2, 3, 2)),
        LOSSES[loss],
    )


# Parameters


def test_the_flat_vector_holds_each_layers_weights_row_by_row_and_then_its_biases():
    parameters = Parameters.of([[[1, 2], [3, 4], [5, 6]], [[10, 11, 12]]], [[7, 8, 9], [13]])
    assert parameters.flat.tolist() == list(range(1, 14))
    assert parameters.flat.dtype == np.float64
    assert parameters.sizes == (2, 3, 1)
    assert [W.tolist() for W in parameters.W] == [[[1, 2], [3, 4], [5, 6]], [[10, 11, 12]]]
    assert [b.tolist() for b in parameters.b] == [[7, 8, 9], [13]]


def test_weights_and_biases_are_views_of_the_flat_vector():
    parameters = Parameters(np.zeros(13), (2, 3, 1))
    parameters.W[1][0, 2] = 5.0
    parameters.b[0][1] = 7.0
    assert np.flatnonzero(parameters.flat).tolist() == [7, 11]
    parameters.flat[:] = 1.0
    assert parameters.W[0].sum() == 6.0


@pytest.mark.parametrize(
    ("weights", "biases", "message"),
    [
        ([[[1.0]]], [], "weights has 1 arrays and biases has 0, but both must have one for each layer"),
        ([], [], "at least one"),
        (
            [np.ones((2, 3))],
            [np.ones(3)],
            r"layer 1 has weights of shape \(2, 3\) and biases of shape \(3,\), but they must have \(n_out, 3\)",
        ),
        (
            [np.ones((2, 3)), np.ones((1, 3))],
            [np.ones(2), np.ones(1)],
            r"layer 2 has weights of shape \(1, 3\) .* must have \(n_out, 2\) and \(n_out,\): a row of weights and",
        ),
        ([np.ones(3)], [np.ones(3)], r"weights of shape \(3,\)"),
        ([1.0], [1.0], r"weights of shape \(\)"),
        ([np.ones((2, 1))], [np.ones((2, 1))], r"biases of shape \(2, 1\)"),
    ],
)
def test_parameters_that_do_not_fit_each_other_do_not_pack(weights, biases, message):
    with pytest.raises(InputError, match=message):
        Parameters.of(weights, biases)


@pytest.mark.parametrize("flat", [np.zeros(100), np.zeros(12), np.zeros((1, 13))])
def test_a_flat_vector_is_as_long_as_its_sizes_ask_for(flat):
    with pytest.raises(InputError, match=r"must have \(13,\): one row of all weights and biases .* \[2, 3, 1\]"):
        Parameters(flat, (2, 3, 1))
    with pytest.raises(InputError, match="the parameters have shape"):
        Network.create([2, 3, 1]).with_parameters(flat)


def test_packing_keeps_the_precision_asked_for():
    assert Parameters.of([[[0.1]]], [[0.2]], np.float32).flat.dtype == np.float32


# Network


def test_layers_count_from_one_and_sizes_begin_with_the_inputs():
    network = network_with("sigmoid", "half_squared_error")
    assert network.sizes == (2, 3, 2)
    assert network.depth == 2
    assert network.layer(1).activation is TANH
    assert network.layer(2) == Layer(3, 2, SIGMOID)
    assert network.W(1).tolist() == [[0, 1], [2, 3], [4, 5]]
    assert network.b(2).tolist() == [15, 16]


def test_a_network_is_frozen_and_other_numbers_make_another_one():
    network = network_with("sigmoid", "half_squared_error")
    with pytest.raises(FrozenInstanceError):
        network.l2 = 1.0
    other = network.with_parameters(np.zeros(17))
    assert network.parameters.flat.any()
    assert not other.W(1).any()
    assert other.layers is network.layers
    assert other.title == network.title


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_an_output_must_stay_in_the_domain_of_the_loss(activation, loss):
    if LOSSES[loss].takes(ACTIVATIONS[activation]):
        assert network_with(activation, loss).loss is LOSSES[loss]
    else:
        with pytest.raises(InputError, match=f"{loss} .* {activation} reaches"):
            network_with(activation, loss)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": (Layer(2, 3, TANH), Layer(4, 1, TANH))}, "layer 2 takes 4 inputs, but must take 3: one from each"),
        ({"layers": ()}, "one layer or more"),
        ({"parameters": Parameters(np.zeros(12), (2, 2, 2))}, r"sizes \[2, 2, 2\], but the layers have \[2, 3, 2\]"),
        ({"parameters": Parameters(np.zeros(17, int), (2, 3, 2))}, "type int64, but must be float32 or float64"),
        ({"reduction": "men"}, r"there is no reduction 'men'. Did you mean 'mean'\?"),
        ({"reduction": None}, "there is no reduction None. Known: mean, sum"),
        ({"l2": -1}, "l2 is -1, but must be 0 or more, and finite: it is a penalty on large weights"),
        ({"l2": np.nan}, "l2 is nan"),
        ({"l2": np.inf}, "l2 is inf"),
        ({"l2": "much"}, "l2 is 'much'"),
        ({"loss": "squared_error"}, "'squared_error' must be a record of type Loss; Network.create takes names too"),
        ({"layers": (Layer(2, 3, "tanh"), Layer(3, 2, TANH))}, "'tanh' must be a record of type Activation"),
    ],
)
def test_parts_that_do_not_fit_are_refused_with_a_sentence(changes, message):
    with pytest.raises(InputError, match=message):
        replace(network_with("tanh", "half_squared_error"), **changes)


def test_only_the_last_layer_must_stay_in_the_domain():
    hidden_out_of_range = (Layer(1, 1, ACTIVATIONS["identity"]), Layer(1, 1, SIGMOID))
    Network(hidden_out_of_range, Parameters(np.zeros(4), (1, 1, 1)), LOSSES["binary_cross_entropy"])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_pair_is_found_where_there_is_one(activation):
    for loss in LOSSES:
        if LOSSES[loss].takes(ACTIVATIONS[activation]):
            assert network_with(activation, loss).pair is PAIRS.get((activation, loss))


def test_somebodys_own_sigmoid_has_no_pair():
    network = network_with("sigmoid", "binary_cross_entropy")
    own = replace(SIGMOID, derivative=lambda z, a: a)
    assert network.pair is not None
    assert replace(network, layers=(network.layers[0], Layer(3, 2, own))).pair is None


# Network.create


def test_a_network_says_in_a_line_what_it_is():
    network = Network.create([4, 8, 3], activation="relu", loss="cross_entropy")
    assert repr(network) == "<Network: 4-8-3, relu, softmax; cross_entropy>"
    assert repr(replace(network, title="flowers")) == "<Network: 'flowers', 4-8-3, relu, softmax; cross_entropy>"


def test_create_draws_the_same_weights_from_the_same_seed():
    one, same, other = (Network.create([4, 3, 2], seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.parameters.flat, same.parameters.flat)
    assert not np.array_equal(one.W(1), other.W(1))
    assert not any(b.any() for b in one.parameters.b)
    assert one.W(1).any()


@pytest.mark.parametrize("loss", LOSSES)
def test_the_output_activation_follows_the_loss(loss):
    network = Network.create([2, 3, 2], activation="tanh", loss=loss)
    assert [layer.activation.name for layer in network.layers] == ["tanh", LOSSES[loss].output]


def test_create_takes_what_it_is_told():
    network = Network.create(
        [2, 2],
        output_activation="tanh",
        initializer="zeros",
        dtype=np.float32,
        l2=0.5,
        reduction="sum",
    )
    assert network.layers == (Layer(2, 2, TANH),)
    assert network.parameters.flat.dtype == np.float32
    assert not network.parameters.flat.any()
    assert (network.l2, network.reduction, network.example) == (0.5, "sum", None)


def test_create_takes_records_of_one_s_own():
    swish = replace(TANH, name="swish")
    loss = replace(LOSSES["squared_error"], name="mine")
    network = Network.create([2, 3, 1], activation=swish, output_activation=swish, loss=loss, initializer=LECUN)
    assert [layer.activation for layer in network.layers] == [swish, swish]
    assert network.loss is loss
    assert np.array_equal(Network.create([2, 3], activation=TANH, seed=0).W(1), Network.create([2, 3], seed=0).W(1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": TANH}, "loss must be a name or a record of type Loss, but is of type Activation"),
        ({"activation": 5}, "activation must be a name or a record of type Activation, but is of type int"),
        ({"output_activation": LOSSES["squared_error"]}, "output activation must be a name or a record"),
        ({"l2": -1}, "l2 is -1"),
        ({"reduction": "men"}, "Did you mean 'mean'"),
        ({"dtype": "float16"}, "float16, but must be float32 or float64"),
    ],
)
def test_create_refuses_what_is_neither_a_name_nor_the_right_record(options, message):
    with pytest.raises(InputError, match=message):
        Network.create([2, 1], **options)


@pytest.mark.parametrize("sizes", [[], [2], [2, 0], [-1, 2], [2, 1.5], [2.0, 1], "21"])
def test_sizes_must_be_two_or_more_whole_numbers(sizes):
    with pytest.raises(InputError, match="sizes must be two or more whole numbers"):
        Network.create(sizes)


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        ({"activation": "sigmod"}, "sigmoid"),
        ({"output_activation": "Tanh"}, "tanh"),
        ({"loss": "cross-entropy"}, "cross_entropy"),
        ({"initializer": "gloro"}, "glorot"),
    ],
)
def test_a_misspelt_name_brings_the_right_one(options, meant):
    with pytest.raises(InputError, match=f"Did you mean '{meant}'"):
        Network.create([2, 1], **options)


def test_lookup_names_what_there_is():
    assert lookup({"one": 1}, "one", "number") == 1
    with pytest.raises(InputError, match=r"there is no number 'zwei'\. Known: one"):
        lookup({"one": 1}, "zwei", "number")


@pytest.mark.parametrize("sizes", [5, None, "2-2-1", [True, 2]])
def test_sizes_that_are_none_are_told(sizes):
    with pytest.raises(InputError, match="sizes must be two or more whole numbers of at least 1, inputs first; got "):
        Network.create(sizes)


def test_a_network_beyond_all_memory_is_told():
    with pytest.raises(InputError, match="no memory holds so many weights"):
        Network.create([10, 10**20, 2])


@pytest.mark.parametrize("seed", [-1, 1.5, "a"])
def test_a_seed_that_is_none_is_told(seed):
    with pytest.raises(InputError, match=rf"seed is {seed!r}, but must be a whole number of at least 0"):
        Network.create([2, 1], seed=seed)


def test_a_seed_may_be_as_large_as_numpy_takes():
    assert Network.create([2, 2, 1], seed=2**70 + 3, dropout=0.5).dropout_seed == 3

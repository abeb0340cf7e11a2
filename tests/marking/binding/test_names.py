"""What is known about a name, from what other names mean."""

from workings.marking.binding.names import Names
from workings.network.quantity import Quantity

W, Z = Quantity("W", 1, (0, 1)), Quantity("z", 1, (0,))


def test_a_known_name_means_its_quantity_and_a_parameter_its_new_value_too():
    names = Names({"z_1": Z, "w_1": W})
    assert names.known("z_1").meant == (Z,)
    assert names.known("w_1").meant == (W, Quantity("W+", 1, (0, 1)))
    assert names.known("new_w_1").meant == (Quantity("W+", 1, (0, 1)),)


def test_names_alike_are_found_by_what_they_begin_with_and_by_their_index():
    names = Names({"z_1": Z})
    names["z_2"] = Quantity("z", 1, (1,))
    new = names.known("z_3")
    assert new.meant is None
    assert new.alike.kinds == {"z"}
    assert new.alike.are_many
    assert names.known("q_2").alike.neurons == {(1, (1,))}


def test_names_that_end_alike_are_of_one_neuron_only_where_that_holds_for_their_like():
    names = Names({"s_2": Quantity("z", 2, (0,)), "o_1": Quantity("a", 3, (0,))})
    assert names.known("s_1").alike.neurons == {(3, (0,))}
    names["o_2"] = Quantity("a", 3, (1,))
    assert not names.known("s_1").alike.neurons


def test_a_letter_tells_the_layer_where_all_of_its_names_are_of_one():
    names = Names({"v_1": Quantity("W", 2, (0, 0)), "v_2": Quantity("W", 2, (0, 1))})
    assert names.known("v_3").alike.layer == 2
    names["v_4"] = W
    assert names.known("v_3").alike.layer is None


def test_the_latest_meaning_of_a_name_counts():
    names = Names({"z_1": Z})
    names["z_1"] = Quantity("a", 1, (0,))
    assert names.known("z_2").alike.kinds == {"a"}
    del names["z_1"]
    assert names.known("z_2") == Names().known("z_2")


def test_the_halves_of_a_derivative_are_known_each():
    known = Names({"E": Quantity("C"), "w_1": W}).known("dE/dw_1")
    assert (known.meant, known.above, known.below) == (None, "C", W)

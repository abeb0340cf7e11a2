import pytest

from workings.engine.lookalikes import plainly


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("$161,170", "161170"),
        ("-$5.50", "-5.50"),
        ("1,508", "1508"),
        ("1 234 567.5", "1234567.5"),
        ("1'000", "1000"),
        ("1_000", "1000"),
        ("1.234,56 €", "1234.56"),
        ("1,5", "1.5"),
        ("77%", "0.77"),
        ("0.5 %", "0.005"),
        ("abc", None),
        ("1,50,00", None),
        ("$", None),
        ("12 kg", None),
        ("", None),
    ],
)
def test_a_number_is_written_plain(cell, plain):
    assert plainly(cell) == plain


def test_a_decimal_comma_stays_one_where_it_may_be_there():
    assert plainly("1.234,56 €", decimal_comma=True) == "1234,56"
    assert plainly("77,5%", decimal_comma=True) == "0,775"
    assert plainly("1.234", decimal_comma=True) == "1234"

import pytest

from workings.engine.lookalikes import is_date, plainly


@pytest.mark.parametrize(
    "cell",
    [
        "2024-01-31",
        "2024-1-5T10:00:00Z",
        "2024-01",
        "2024/02/03",
        "31.01.2024",
        "1/31/24",
        "31 January 2024",
        "3-Mar-19",
        "Jan 31, 2024",
        "March 2020",
        "2024-01-31 10:00:12.5+02:00",
        "1/31/2024 5:06 PM",
    ],
)
def test_dates(cell):
    assert is_date(cell)


@pytest.mark.parametrize(
    "cell", ["", "2024", "1990-95", "may", "1.2.3", "10.0.0.1", "13:20", "1/2", "12-34-5678", "2024-01-31 or later"]
)
def test_what_is_no_date(cell):
    assert not is_date(cell)


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

from decimal import Decimal

import pytest

from workings.marking.checking.digits import digit_slips, is_edited


@pytest.mark.parametrize(
    ("value", "written", "code"),
    [
        ("0.09744", "0.0974", None),
        ("0.65681", "0.6569", "rounding"),
        ("0.435957", "0.4359", "truncation"),
        ("-0.0213", "0.0213", "sign"),
        ("0.000030772", "0.00030772", "decimal_shift"),
        ("0.0802442", "0.0802542", "digit"),
        ("0.5287", "0.5827", "digit"),
        ("35", "30", "arithmetic"),
        ("0.7182", "0.3141", "arithmetic"),
    ],
)
def test_what_happened_to_the_digits_is_named(value, written, code):
    slips = digit_slips(Decimal(value), Decimal(written), "half-up")
    assert (slips[0] if slips else None) == code


def test_who_cuts_off_everywhere_is_not_told_so():
    assert digit_slips(Decimal("0.435957"), Decimal("0.4359"), "truncate") == []


@pytest.mark.parametrize(
    ("right", "written", "edited"),
    [("0.123", "0.173", True), ("0.123", "0.132", True), ("0.123", "0.1123", True), ("0.1234", "0.124", True),
     ("0.123", "0.456", False), ("0.5", "-0.5", False)],
)  # fmt: skip
def test_an_edit_is_one_digit(right, written, edited):
    assert is_edited(Decimal(right), Decimal(written)) is edited

"""Amounts compare with numbers by their value, and stay the text that they came as."""

from decimal import Decimal

import pytest

from outreach.domain.journeys.amount import Amount, amount_of


@pytest.mark.parametrize("fifty", [50, 50.0, Decimal(50), Amount("50.00"), Amount("50")])
def test_an_amount_compares_with_numbers_by_value(fifty: object) -> None:
    assert Amount("50.00") == fifty
    assert Amount("9.99") < fifty
    assert fifty > Amount("9.99")
    assert Amount("100.00") >= fifty
    assert fifty <= Amount("100.00")
    assert fifty in [Amount("1"), Amount("50.00")]


def test_a_fraction_is_meant_as_it_is_written() -> None:
    assert Amount("59.90") == 59.9
    assert Amount("59.90") <= 59.9
    assert not Amount("59.90") < 59.9


def test_an_amount_is_still_its_text() -> None:
    assert Amount("59.90") == "59.90"
    assert Amount("59.90") != "59.9"
    assert f"{Amount('59.90')}" == "59.90"
    assert {"59.90": 1}[Amount("59.90")] == 1
    assert Amount("5") != "free"
    assert Amount("1") != True  # noqa: E712 - a yes is no amount


@pytest.mark.parametrize("nothing", [None, True, "", "1e3", "1,000", "NaN", float("inf"), [], {}, " 5"])
def test_what_is_no_decimal_is_no_amount(nothing: object) -> None:
    assert amount_of(nothing) is None


@pytest.mark.parametrize(("came", "text"), [(59.9, "59.90"), (59.95, "59.95"), (60, "60"), (60.0, "60.00")])
def test_a_json_number_is_written_as_money_is(came: float, text: str) -> None:
    assert str(amount_of(came)) == text

"""The cap: how much marketing mail one customer gets from all campaigns together, and in which order."""

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours, minutes


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


def test_the_higher_priority_goes_first_and_the_other_waits_a_day(shop: Shop) -> None:
    """A lesson from a full evening competes with the next step of onboarding in the morning."""
    began = shop.waits_for_the_clock(10)
    shop.signs_up("c-capped")
    shop.waits(hours(2))
    shop.order("delivered", "c-capped", "o-1", lines=["espresso"], at=began - hours(12))
    shop.waits(days(4))
    assert shop.got("c-capped") == [
        ("welcome", began),
        ("first-steps", began + days(1)),  # onboarding, priority 50
        (
            "espresso-1-first-shot",
            began + days(2) + minutes(6),
        ),  # tutorial, priority 40
    ]


def test_a_full_week_holds_what_is_due_until_it_has_room(shop: Shop) -> None:
    began = shop.waits_for_the_clock(10)
    shop.signs_up("c-week")
    shop.waits(days(4))
    shop.order("delivered", "c-week", "o-2", lines=["oven"])
    shop.waits(days(5))
    # Three messages fill the week: the lesson of day 5 is sent when the welcome is a week old.
    assert shop.got("c-week") == [
        ("welcome", began),
        ("first-steps", began + days(1)),
        ("need-a-hand", began + days(4)),
        ("oven-1-first-bake", began + days(7) + minutes(6)),
    ]


def test_the_cap_does_not_hold_a_mail_the_customer_waits_for(shop: Shop) -> None:
    shop.signs_up("c-both")
    shop.order("placed", "c-both", "o-3", promised_at=shop.now + days(5))
    shop.waits(minutes(1))
    shop.order("delayed", "c-both", "o-3", promised_at=shop.now + days(9), reason="snow")
    assert [message for message, _ in shop.got("c-both")] == ["welcome", "delayed"]

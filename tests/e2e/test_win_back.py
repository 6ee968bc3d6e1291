"""Win-back: three messages after a quiet time, sent by the daily sweep."""

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours
from outreach.domain.journeys.enrollment import Enrollment
from outreach_tools.demo.stored_runs import stored_runs


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


def runs_of(shop: Shop, customer_id: str) -> list[Enrollment]:
    table = shop.cloud.outputs["TableName"]
    runs = stored_runs(shop.cloud.client("dynamodb"), table)
    mine = [run for run in runs if (run.id.customer_id, run.id.campaign) == (customer_id, "win-back")]
    return sorted(mine, key=lambda run: run.run)


def orders(shop: Shop, customer_id: str, order_id: str) -> None:
    """An order that gives delay notification nothing to say."""
    shop.order("placed", customer_id, order_id)
    shop.order("shipped", customer_id, order_id)


def test_a_quiet_customer_gets_three_messages_and_no_more(new_shop: Shop) -> None:
    shop = new_shop
    began = shop.waits_for_the_clock(10)
    shop.hears_of("c-quiet")
    orders(shop, "c-quiet", "o-1")
    shop.waits(days(200))
    assert shop.got("c-quiet") == [
        ("we-miss-you", began + days(90)),
        ("an-offer", began + days(104)),
        ("last-call", began + days(134)),
    ]
    for machine in ("SweepStateMachine", "WakeStateMachine"):
        assert {run.status for run in shop.cloud.executions(machine)} == {"SUCCEEDED"}


def test_a_message_that_comes_due_at_night_goes_in_the_morning(new_shop: Shop) -> None:
    shop = new_shop
    shop.waits_for_the_clock(
        14
    )  # 23:00 in Tokyo; the window opens at 09:00, and priority 30 is 7 minutes later
    began = shop.now
    shop.hears_of("c-tokyo", zone="Asia/Tokyo")
    orders(shop, "c-tokyo", "o-1")
    shop.waits(days(92))
    assert shop.got("c-tokyo") == [("we-miss-you", began + days(90) + hours(10) + hours(7 / 60))]


def test_a_new_order_starts_the_clock_again(new_shop: Shop) -> None:
    shop = new_shop
    began = shop.waits_for_the_clock(10)
    shop.hears_of("c-regular")
    orders(shop, "c-regular", "o-1")
    shop.waits(days(60))
    orders(shop, "c-regular", "o-2")
    shop.waits(days(89))
    assert shop.got("c-regular") == []
    shop.waits(days(2))
    assert shop.got("c-regular") == [("we-miss-you", began + days(150))]


def test_an_order_soon_after_a_message_is_the_goal_of_that_message(new_shop: Shop) -> None:
    shop = new_shop
    began = shop.waits_for_the_clock(10)
    shop.hears_of("c-won")
    orders(shop, "c-won", "o-1")
    shop.waits(days(95))
    orders(shop, "c-won", "o-2")
    ordered_at = shop.now
    shop.waits(days(80))
    assert shop.got("c-won") == [("we-miss-you", began + days(90))]
    first, second = runs_of(shop, "c-won")
    assert (first.goal_at, second.goal_at) == (ordered_at, None)


def test_an_order_long_after_the_last_message_is_no_goal(new_shop: Shop) -> None:
    shop = new_shop
    shop.hears_of("c-late")
    orders(shop, "c-late", "o-1")
    shop.waits(days(160))
    orders(shop, "c-late", "o-2")
    assert [run.goal_at for run in runs_of(shop, "c-late")] == [None, None]


def test_about_one_in_ten_is_left_out_and_gets_nothing(new_shop: Shop) -> None:
    shop = new_shop
    customers = [f"c-{number}" for number in range(60)]
    shop.waits_for_the_clock(10)
    for customer_id in customers:
        shop.hears_of(customer_id)
        orders(shop, customer_id, f"o-{customer_id}")
    shop.waits(days(140))
    spared = [each for each in customers if any("holdout" in str(row) for row in shop.stored(each))]
    assert 1 <= len(spared) <= 14
    for customer_id in customers:
        messages = [message for message, _ in shop.got(customer_id)]
        assert messages == ([] if customer_id in spared else ["we-miss-you", "an-offer", "last-call"])

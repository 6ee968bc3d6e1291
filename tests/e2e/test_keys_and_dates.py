"""Which events count for a run, and which day a date is: the same under either driver, on the whole stack."""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from e2e.own_campaigns import project_of
from e2e.shop import RARELY_RECONCILED, START, Shop, days, hours
from local_cloud import LocalCloud

DRIVERS = ("workflow", "sweep")
REVIEW = """\
trigger: order.delivered
key: order.id
reentry: never
exit_on: [order.returned]
steps:
  - wait_for: review.posted
    up_to: 7d
    on_timeout: again
  - send: thanks
  - end
  - label: again
    send: ask-again
"""
REFILL = """\
trigger: order.placed
key: product.line
reentry: restart
exit_on: [order.cancelled]
steps:
  - wait: 25d
  - send: refill
"""
TRIAL = """\
trigger: trial.started
reentry: never
steps:
  - wait: {until: customer.attributes.ends_on}
  - send: it-ends
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    texts = {"review": REVIEW, "refill": REFILL, "trial": TRIAL}
    campaigns = {
        f"{name}-{driver}": f"class: transactional\ndriver: {driver}\n{text}"
        for name, text in texts.items()
        for driver in DRIVERS
    }
    with (
        project_of(campaigns) as project,
        LocalCloud(START, project=project, parameters=RARELY_RECONCILED) as cloud,
    ):
        yield Shop(cloud)


def got(shop: Shop, customer_id: str) -> dict[str, list[str]]:
    """Per driver the messages, in order."""
    mails = shop.inbox(customer_id)
    return {
        driver: [
            mail.headers["X-Outreach-Message"]
            for mail in mails
            if mail.headers["X-Outreach-Campaign"].endswith(driver)
        ]
        for driver in DRIVERS
    }


def in_both(*messages: str) -> dict[str, list[str]]:
    return {driver: list(messages) for driver in DRIVERS}


def test_an_event_of_ones_own_that_is_about_another_order_ends_no_wait(shop: Shop) -> None:
    shop.hears_of("c-review")
    for order_id in ("o-1", "o-2"):
        shop.order("delivered", "c-review", order_id)
    shop.waits(days(1))
    shop.tells("review.posted", "c-review", order={"id": "o-1"})
    shop.waits(days(2))
    assert got(shop, "c-review") == in_both("thanks")

    shop.waits(days(8))

    assert got(shop, "c-review") == in_both("thanks", "ask-again")


def test_an_exit_of_another_order_keeps_no_customer_out(shop: Shop) -> None:
    shop.hears_of("c-late")
    shop.order("returned", "c-late", "o-3")
    shop.order("delivered", "c-late", "o-3", at=shop.now - hours(1))
    shop.order("delivered", "c-late", "o-4", at=shop.now - hours(1))

    shop.waits(days(9))

    assert got(shop, "c-late") == in_both("ask-again")


def test_a_cancelled_order_of_another_line_ends_no_refill_and_one_of_that_line_does(shop: Shop) -> None:
    for customer_id, cancelled in (("c-coffee", "lamp"), ("c-none", "coffee")):
        shop.hears_of(customer_id)
        for line in ("coffee", "lamp"):
            shop.order("placed", customer_id, f"{customer_id}-{line}", lines=[line])
        shop.waits(days(1))
        shop.order("cancelled", customer_id, f"{customer_id}-{cancelled}")

    shop.waits(days(28))

    assert got(shop, "c-coffee") == got(shop, "c-none") == in_both("refill")
    keys = {mail.tags["key"] for mail in shop.inbox("c-coffee")}
    assert keys.isdisjoint(mail.tags["key"] for mail in shop.inbox("c-none"))


def test_a_date_is_a_day_where_the_customer_lives_may_move_and_is_needed(shop: Shop) -> None:
    began = shop.waits_for_the_clock(6)
    on = {after: (began + days(after)).date() for after in (10, 5, 14)}
    first = dict.fromkeys(("c-stays", "c-nearer", "c-away"), f"{on[10]}")
    for customer_id, ends_on in (first | {"c-wrong": "2027-02-29", "c-missing": None}).items():
        shop.hears_of(customer_id, zone="Asia/Tokyo", ends_on=ends_on)
        shop.tells("trial.started", customer_id)
    shop.waits(days(2))
    shop.hears_of("c-nearer", zone="Asia/Tokyo", ends_on=f"{on[5]}")
    shop.hears_of("c-away", zone="Asia/Tokyo", ends_on=f"{on[14]}")

    shop.waits(days(16))

    for customer_id, after in (("c-stays", 10), ("c-nearer", 5), ("c-away", 14)):
        assert got(shop, customer_id) == in_both("it-ends")
        tokyo = {mail.sent_at.astimezone(ZoneInfo("Asia/Tokyo")) for mail in shop.inbox(customer_id)}
        assert {(at.date(), at.hour) for at in tokyo} == {(on[after], 0)}, customer_id
    assert got(shop, "c-wrong") == got(shop, "c-missing") == in_both()
    assert "no_moment" in {line["reason"] for line in advanced(shop)}


def advanced(shop: Shop) -> list[dict[str, str]]:
    """What was logged of runs that ended."""
    lines = (json.loads(line.text) for line in shop.cloud.logs if '"advanced"' in line.text)
    return [line["facts"] for line in lines if "reason" in line["facts"]]

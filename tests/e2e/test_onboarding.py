"""Onboarding, from the sign-up to the last question."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours, minutes

ITS_TURN = minutes(5)
"""Messages due in closed hours, or under a full cap, are sent this long after (priority 50)."""


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


def test_who_does_not_activate_is_nudged_and_asked(shop: Shop) -> None:
    began = shop.waits_for_the_clock(10)
    shop.signs_up("c-nudged")
    shop.waits(days(20))
    assert shop.got("c-nudged") == [
        ("welcome", began),
        ("first-steps", began + days(1)),
        ("need-a-hand", began + days(4)),
        ("how-is-it-going", began + days(10)),
    ]
    assert [run.status for run in shop.journeys("c-nudged", "onboarding")] == ["SUCCEEDED"]


def test_who_activates_gets_the_most_of_it_at_once(shop: Shop) -> None:
    began = shop.waits_for_the_clock(10)
    shop.signs_up("c-active")
    shop.waits(days(2) + hours(3))
    shop.tells("customer.activated", "c-active")
    shop.waits(days(20))
    assert shop.got("c-active") == [
        ("welcome", began),
        ("first-steps", began + days(1)),
        ("make-the-most", began + days(2) + hours(3)),
        ("how-is-it-going", began + days(8) + hours(3)),
    ]


def test_a_customer_who_activated_before_the_wait_is_not_nudged(shop: Shop) -> None:
    began = shop.waits_for_the_clock(10)
    shop.signs_up("c-quick")
    shop.waits(hours(2))
    shop.tells("customer.activated", "c-quick")
    shop.waits(days(20))
    # The day has room for one message only, so the second is sent when the first is a day old.
    assert shop.got("c-quick") == [
        ("welcome", began),
        ("first-steps", began + days(1)),
        ("make-the-most", began + days(2) + ITS_TURN),
        ("how-is-it-going", began + days(8) + ITS_TURN),
    ]


def test_a_complete_profile_is_not_asked_for_first_steps(shop: Shop) -> None:
    began = shop.waits_for_the_clock(10)
    shop.signs_up("c-complete", profile_complete=True)
    shop.waits(days(20))
    assert shop.got("c-complete") == [
        ("welcome", began),
        ("need-a-hand", began + days(4)),
        ("how-is-it-going", began + days(10)),
    ]


@pytest.mark.parametrize(
    "zone", ["Asia/Tokyo", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
)
def test_only_the_welcome_may_come_at_night(shop: Shop, zone: str) -> None:
    customer, local = f"c-{zone.lower().replace('/', '-')}", ZoneInfo(zone)
    shop.waits_until(_next(shop.now, time(23, 30), local))
    began = shop.now
    shop.signs_up(customer, zone=zone)
    shop.waits(days(3))
    morning = _next(began + days(1), time(8), local)
    assert shop.got(customer) == [("welcome", began), ("first-steps", morning + ITS_TURN)]


def test_an_order_is_the_goal_and_ends_it_at_once(shop: Shop) -> None:
    began = shop.waits_for_the_clock(10)
    shop.signs_up("c-buyer")
    shop.waits(hours(5))
    assert [run.status for run in shop.journeys("c-buyer", "onboarding")] == ["RUNNING"]
    shop.order("placed", "c-buyer", "o-buyer")
    assert [run.status for run in shop.journeys("c-buyer", "onboarding")] == ["ABORTED"]
    shop.order("cancelled", "c-buyer", "o-buyer")
    shop.waits(days(20))
    assert shop.got("c-buyer") == [("welcome", began)]


def test_without_consent_there_is_no_mail(shop: Shop) -> None:
    shop.signs_up("c-silent", consents=False)
    shop.waits(days(20))
    assert shop.got("c-silent") == []


def test_every_mail_is_addressed_marked_and_readable(shop: Shop) -> None:
    shop.signs_up("c-mail")
    (mail,) = shop.inbox("c-mail")
    assert mail.to == "c-mail@example.com"
    assert mail.headers["X-Outreach-Campaign"] == "onboarding"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Ana" in mail.html
    assert "Ana" in mail.text
    assert b"c-mail@example.com" in mail.raw


def _next(after: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The next time a wall clock there shows that."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), clock, zone)
    return today if today >= local else datetime.combine(local.date() + days(1), clock, zone)

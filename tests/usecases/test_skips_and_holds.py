"""What the gate refuses is skipped with its reason; what it holds is sent later, if it still may."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from builders import NOW, a_campaign, a_customer
from outreach.domain.intake.customer import Customer, SuppressionReason
from outreach.domain.journeys.enrollment import HoldReason, SkipReason
from outreach.domain.journeys.progress import Waits
from outreach.domain.sending.delivery_hours import DeliveryHours
from outreach.domain.sending.gate import Rules
from usecases.shop import Shop
from usecases.steps import send

EVENINGS = DeliveryHours(time(18), time(22))

REFUSALS: list[tuple[Customer, dict[str, Any], SkipReason]] = [
    (a_customer(marketing=False), {}, SkipReason.NOT_SUBSCRIBED),
    (a_customer(topics_off=frozenset({"getting-started"})), {}, SkipReason.NOT_SUBSCRIBED),
    (a_customer(suppression=SuppressionReason.HARD_BOUNCE), {}, SkipReason.SUPPRESSED),
    (a_customer(email=None), {}, SkipReason.NO_ADDRESS),
    (a_customer(erased_at=NOW), {}, SkipReason.ERASED),
    (a_customer(), {"holdout": 1.0}, SkipReason.HOLDOUT),
]


@pytest.mark.parametrize(("customer", "fields", "reason"), REFUSALS, ids=lambda each: str(each)[:20])
def test_a_refused_message_is_skipped_with_its_reason_and_the_rest_goes_on(
    customer: Customer, fields: dict[str, Any], reason: SkipReason
) -> None:
    campaign = a_campaign(steps=(send("welcome"), send("first-steps")), **fields)
    shop = Shop(campaign)
    ana = shop.enroll(campaign, customer)

    shop.carry(ana)

    assert shop.mails == []
    assert {step: skip.reason for step, skip in shop.row(ana).skips.items()} == {
        "welcome": reason,
        "first-steps": reason,
    }


def test_outside_the_window_a_message_waits_for_the_hour_of_its_customer() -> None:
    campaign = a_campaign(window=EVENINGS, priority=100)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    evening_in_madrid = NOW.replace(hour=17)
    assert shop.advance(ana) == Waits(evening_in_madrid)
    assert shop.row(ana).hold is HoldReason.WINDOW
    shop.carry(ana)
    assert shop.mails == ["welcome"]
    assert shop.clock.now() == evening_in_madrid


def test_over_the_cap_a_message_waits_until_there_is_room() -> None:
    campaign = a_campaign(priority=100, steps=(send("welcome"), send("first-steps")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    assert shop.advance(ana) == Waits(NOW + timedelta(days=1))
    assert (shop.mails, shop.row(ana).hold) == (["welcome"], HoldReason.CAP)
    shop.carry(ana)
    assert shop.mails == ["welcome", "first-steps"]
    assert shop.row(ana).holds == {HoldReason.CAP: 1}


def test_while_sending_is_paused_everything_waits_and_goes_out_when_a_person_resumes() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.state_store.current = Rules(marketing_paused=True)

    first = shop.advance(ana)
    assert first == Waits(NOW + timedelta(hours=1))
    shop.clock.advance(hours=1)
    assert shop.advance(ana) == Waits(NOW + timedelta(hours=2))
    shop.state_store.current = Rules()
    shop.clock.advance(hours=1)
    shop.advance(ana)

    assert shop.mails == ["welcome"]
    assert shop.row(ana).holds == {HoldReason.PAUSED: 1}


def test_a_message_that_could_not_go_out_in_time_is_skipped_rather_than_late() -> None:
    campaign = a_campaign(window=EVENINGS, steps=(send("welcome", valid_for=timedelta(hours=3)),))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    shop.carry(ana)

    assert shop.mails == []
    assert shop.row(ana).skips["welcome"].reason is SkipReason.EXPIRED
    assert shop.row(ana).ended_at == NOW + timedelta(hours=3)


def test_a_customer_who_opts_out_while_a_message_is_held_does_not_get_it() -> None:
    campaign = a_campaign(window=EVENINGS)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.advance(ana)

    shop.change(marketing=False)
    shop.carry(ana)

    assert shop.mails == []
    assert shop.row(ana).skips["welcome"].reason is SkipReason.NOT_SUBSCRIBED


def test_two_campaigns_together_keep_the_cap() -> None:
    onboarding, news = a_campaign(), a_campaign("news")
    shop = Shop(onboarding, news)
    first, second = shop.enroll(onboarding), shop.enroll(news)

    shop.advance(first)

    assert isinstance(shop.advance(second), Waits)
    assert shop.mails == ["welcome"]
    assert shop.row(second).hold is HoldReason.CAP
    assert replace(shop.row(second), hold=None, due_at=None).sends == {}

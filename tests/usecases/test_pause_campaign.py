"""An operator pauses one campaign: its messages are held, and all others go on."""

from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass
from outreach.domain.journeys.enrollment import (
    EnrollmentId,
    EnrollmentStatus,
    HoldReason,
    LeaveReason,
    SkipReason,
)
from outreach.domain.journeys.progress import Waits
from outreach.domain.sending.gate import PAUSE_RECHECK, Rules
from usecases.seams import Phase
from usecases.shop import Shop
from usecases.steps import notify, send, wait

PAUSED = Rules(paused_campaigns=frozenset({"onboarding"}))
CASES = [(driver, message_class) for driver in Driver for message_class in MessageClass]


def campaign_of(driver: Driver, message_class: MessageClass) -> Campaign:
    steps = (wait(days=1), notify("told"), send("welcome", valid_for=timedelta(days=2)))
    return a_campaign(driver=driver, message_class=message_class, steps=steps, exit_on=("customer.left",))


def look(shop: Shop, campaign: Campaign, ana: EnrollmentId) -> None:
    """As the campaign's driver does when something is due."""
    if campaign.driver is Driver.WORKFLOW:
        shop.advance(ana)
    else:
        for shard in range(2):
            shop.sweep(campaign, shard)


@pytest.mark.parametrize(("driver", "message_class"), CASES)
def test_a_paused_campaign_lets_waits_run_on_and_holds_its_message_until_it_is_resumed(
    driver: Driver, message_class: MessageClass
) -> None:
    campaign = campaign_of(driver, message_class)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.state_store.current = PAUSED
    look(shop, campaign, ana)
    shop.clock.advance(days=1)
    look(shop, campaign, ana)

    row = shop.row(ana)
    assert (row.hold, row.due_at) == (HoldReason.PAUSED, shop.clock.now() + PAUSE_RECHECK)
    assert len(shop.announcer.announced) == 1
    shop.state_store.current = Rules()
    shop.clock.advance(PAUSE_RECHECK)
    look(shop, campaign, ana)
    assert shop.mails == ["welcome"]


@pytest.mark.parametrize(("driver", "message_class"), CASES)
def test_what_is_not_valid_any_more_when_a_campaign_is_resumed_is_skipped(
    driver: Driver, message_class: MessageClass
) -> None:
    campaign = campaign_of(driver, message_class)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.state_store.current = PAUSED
    for _ in range(4):
        look(shop, campaign, ana)
        shop.clock.advance(days=1)
    shop.state_store.current = Rules()
    look(shop, campaign, ana)

    assert shop.row(ana).skips["welcome"].reason is SkipReason.EXPIRED
    assert shop.mails == []


@pytest.mark.parametrize(("driver", "message_class"), CASES)
def test_an_exit_counts_while_the_campaign_is_paused(driver: Driver, message_class: MessageClass) -> None:
    campaign = campaign_of(driver, message_class)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.state_store.current = PAUSED
    look(shop, campaign, ana)
    shop.clock.advance(days=1)
    look(shop, campaign, ana)
    shop.take_in(an_event("customer.left", id="left", occurred_at=shop.clock.now()))
    shop.state_store.current = Rules()
    shop.clock.advance(PAUSE_RECHECK)
    look(shop, campaign, ana)

    assert (shop.row(ana).status, shop.row(ana).reason) == (EnrollmentStatus.LEFT, LeaveReason.EXIT_EVENT)
    assert shop.mails == []


@pytest.mark.parametrize(("driver", "message_class"), CASES)
def test_a_campaign_that_is_paused_during_a_wait_for_a_permit_sends_nothing(
    driver: Driver, message_class: MessageClass
) -> None:
    campaign = a_campaign(driver=driver, message_class=message_class)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.seams.at_next("take", Phase.AFTER, lambda: setattr(shop.state_store, "current", PAUSED))

    look(shop, campaign, ana)

    assert not shop.seams.is_pending
    assert (shop.row(ana).sends, shop.mails) == ({}, [])
    # What holds a whole shard is not written into each row of it.
    assert shop.row(ana).hold is (HoldReason.PAUSED if driver is Driver.WORKFLOW else None)


def test_a_paused_campaign_blocks_no_other_and_takes_no_permit() -> None:
    onboarding, news = a_campaign(), a_campaign("news")
    shop = Shop(onboarding, news)
    held, goes = shop.enroll(onboarding), shop.enroll(news, a_customer("c-ben"))
    shop.state_store.current = PAUSED

    assert shop.advance(held) == Waits(NOW + PAUSE_RECHECK)
    assert "take" not in shop.seams.calls
    shop.advance(goes)

    assert shop.mails_to == [("c-ben", "welcome")]

"""Unsubscribing: one press ends all marketing at once, whatever crashes, races and repeats there are."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from builders import NOW, a_campaign, an_event
from outreach.domain.errors import ConflictError, InvalidCampaignError
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import DELETED, ORDER_PLACED, CustomerMention
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass
from outreach.domain.journeys.enrollment import EnrollmentStatus, LeaveReason, SkipReason
from some import some
from usecases.door import door
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, wait

STEPS = (wait(days=1), send("welcome"))
ONBOARDING = a_campaign(steps=STEPS)
NEWS = a_campaign("news", steps=STEPS, driver=Driver.SWEEP)
ORDERS = a_campaign("orders", steps=STEPS, message_class=MessageClass.TRANSACTIONAL)


def a_shop(*campaigns: Campaign) -> Shop:
    """Ana is enrolled in each of the campaigns, and waits."""
    shop = Shop(*campaigns)
    for campaign in campaigns:
        ana = shop.enroll(campaign)
        shop.advance(ana)
        if campaign.driver is Driver.WORKFLOW:
            shop.workflows.start(shop.row(ana))
    return shop


def consent(shop: Shop) -> Consent | None:
    return shop.table.customer("c-ana").consent


def rows(shop: Shop) -> dict[str, Any]:
    return {key.campaign: row for key, row in shop.table.enrollments.items()}


def signs_up(shop: Shop, at: datetime, *, marketing: bool = True) -> None:
    mention = CustomerMention("c-ana", consent=Consent(marketing, at, "checkout"))
    shop.take_in(an_event(id=f"said-{at}", occurred_at=at, customer=mention))


def test_one_press_ends_all_marketing_and_nothing_else() -> None:
    shop = a_shop(ONBOARDING, NEWS, ORDERS)

    assert door(shop)("c-ana") == 2

    assert consent(shop) == Consent(False, NOW, "unsubscribe")
    for name in ("onboarding", "news"):
        row = rows(shop)[name]
        assert (row.status, row.reason, row.due_at) == (EnrollmentStatus.LEFT, LeaveReason.UNSUBSCRIBED, None)
    assert rows(shop)["orders"].is_active
    assert shop.workflows.running == {rows(shop)["orders"].execution_name}
    assert shop.workflows.stopped == {rows(shop)["onboarding"].execution_name: "unsubscribed"}
    assert shop.table.first_due("news") == {}


def test_after_it_no_marketing_goes_out_whatever_comes() -> None:
    shop = a_shop(ONBOARDING, ORDERS)
    door(shop)("c-ana")
    later = shop.enroll(a_campaign("late"))
    shop.campaigns.publish(a_campaign("late"))
    shop.clock.advance(days=2)

    for each in list(shop.table.enrollments):
        shop.carry(each)

    assert [mail.send_id.campaign for mail in shop.mailer.sent] == ["orders"]
    assert shop.row(later).skips["welcome"].reason is SkipReason.NOT_SUBSCRIBED


def test_pressing_again_changes_nothing() -> None:
    shop = a_shop(ONBOARDING, NEWS)
    door(shop)("c-ana")
    customer, stored = shop.table.customer("c-ana"), rows(shop)
    shop.clock.advance(days=3)

    assert door(shop)("c-ana") == 2

    assert (shop.table.customer("c-ana"), rows(shop)) == (customer, stored)
    assert len(shop.table.events) == 1


def test_the_shops_other_systems_get_it_under_one_id() -> None:
    shop = a_shop(ONBOARDING)
    door(shop)("c-ana")
    shop.clock.advance(days=3)
    door(shop)("c-ana")

    first, again = shop.announcer.announced
    assert first == again
    assert (first[0], first[2]) == ("customer.unsubscribed", {"customer_id": "c-ana"})


def test_wherever_the_process_crashes_the_next_press_finishes_it() -> None:
    whole = a_shop(ONBOARDING, NEWS, ORDERS)
    before = len(whole.seams.calls)
    door(whole)("c-ana")
    calls = whole.seams.calls[before:]
    assert len(calls) > 8

    for number, call in enumerate(some(calls)):
        for phase in Phase:
            shop = a_shop(ONBOARDING, NEWS, ORDERS)
            shop.seams.at(before + number, phase, crash)
            with pytest.raises(CrashError):
                door(shop)("c-ana")
            shop.clock.advance(minutes=1)
            door(shop)("c-ana")

            where = f"{phase} {call}"
            assert not shop.table.customer("c-ana").wants_marketing, where
            assert [name for name, row in rows(shop).items() if row.is_active] == ["orders"], where
            assert shop.workflows.running == {rows(shop)["orders"].execution_name}, where
            assert len({event_id for _, event_id, _ in shop.announcer.announced}) == 1, where


def test_a_process_that_crashes_right_after_the_first_write_has_opted_out() -> None:
    shop = a_shop(ONBOARDING)
    shop.seams.at_next("store", Phase.AFTER, crash)
    with pytest.raises(CrashError):
        door(shop)("c-ana")
    shop.clock.advance(days=2)

    for each in list(shop.table.enrollments):
        shop.carry(each)

    assert shop.mails == []


def test_a_customer_who_presses_while_a_message_is_being_claimed_does_not_get_it() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.seams.at_next("claim", Phase.BEFORE, lambda: door(shop)("c-ana"))

    shop.carry(ana)

    assert shop.mails == []
    assert shop.row(ana).reason == LeaveReason.UNSUBSCRIBED


def test_a_message_that_was_claimed_already_is_recorded_and_the_run_stays_ended() -> None:
    campaign = a_campaign(steps=(send("welcome"), send("next")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.seams.at_next("claim", Phase.AFTER, lambda: door(shop)("c-ana"))

    shop.carry(ana)

    assert shop.mails == ["welcome"]
    assert shop.row(ana).sends["welcome"].status == "sent"
    assert shop.row(ana).reason == LeaveReason.UNSUBSCRIBED


@pytest.mark.parametrize("call", ["store", "save"])
def test_a_rival_that_was_faster_at_a_row_does_not_stop_it(call: str) -> None:
    shop = a_shop(ONBOARDING)
    shop.seams.at_next(call, Phase.BEFORE, lambda: _touch(shop))

    assert door(shop)("c-ana") == 1
    assert not shop.table.customer("c-ana").wants_marketing


def test_a_row_that_changes_again_and_again_is_reported_and_not_skipped() -> None:
    shop = a_shop(ONBOARDING)

    class Restless:
        def store(self, *_: Any, **__: Any) -> None:
            raise ConflictError("the customer changed since it was read")

    with pytest.raises(ConflictError):
        door(shop, store=Restless())("c-ana")


def test_an_older_yes_that_arrives_later_does_not_undo_it() -> None:
    shop = a_shop(ONBOARDING)
    shop.clock.advance(hours=2)
    door(shop)("c-ana")

    signs_up(shop, NOW + timedelta(hours=1))

    assert not shop.table.customer("c-ana").wants_marketing


def test_a_newer_yes_may_undo_it_and_so_may_a_newer_no_after_that() -> None:
    shop = a_shop(ONBOARDING)
    door(shop)("c-ana")
    shop.clock.advance(hours=2)

    signs_up(shop, NOW + timedelta(hours=1))
    assert shop.table.customer("c-ana").wants_marketing

    door(shop)("c-ana")
    assert consent(shop) == Consent(False, NOW + timedelta(hours=2), "unsubscribe")
    assert len({event_id for _, event_id, _ in shop.announcer.announced}) == 2


def test_the_next_order_repeats_a_yes_and_does_not_bring_marketing_back() -> None:
    shop = a_shop(ONBOARDING)
    door(shop)("c-ana")
    at = shop.clock.advance(hours=2)
    repeated = Consent(True, at, "checkout", dated=False)

    shop.take_in(an_event(ORDER_PLACED, occurred_at=at, customer=CustomerMention("c-ana", consent=repeated)))

    assert consent(shop) == Consent(False, NOW, "unsubscribe")


def test_a_yes_that_a_fast_clock_dated_ahead_cannot_keep_a_customer_in() -> None:
    shop = a_shop(ONBOARDING)
    ahead = NOW + timedelta(minutes=40)
    shop.change(consent=Consent(True, ahead, "checkout"))

    door(shop)("c-ana")

    assert consent(shop) == Consent(False, ahead, "unsubscribe")
    signs_up(shop, ahead)
    assert not shop.table.customer("c-ana").wants_marketing


def test_who_never_said_yes_may_say_no() -> None:
    shop = a_shop(ONBOARDING)
    shop.change(consent=None)

    assert door(shop)("c-ana") == 1
    assert consent(shop) == Consent(False, NOW, "unsubscribe")


def test_who_said_no_elsewhere_still_ends_what_waits() -> None:
    shop = a_shop(ONBOARDING)
    shop.change(marketing=False)

    assert door(shop)("c-ana") == 1
    assert consent(shop) == Consent(False, NOW, "checkout")
    assert shop.table.events == {}


def test_of_an_erased_customer_nothing_is_recorded() -> None:
    shop = a_shop(ONBOARDING)
    shop.take_in(an_event(DELETED, id="gone"))
    before = shop.table.customer("c-ana")

    assert door(shop)("c-ana") == 0

    assert shop.table.customer("c-ana") == before
    assert shop.announcer.announced == []


def test_a_campaign_that_no_longer_exists_is_left_as_it_is() -> None:
    shop = a_shop(ONBOARDING)
    gone = shop.table.save(
        replace(rows(shop)["onboarding"], version=0, id=replace(rows(shop)["onboarding"].id, campaign="gone"))
    )

    assert door(shop)("c-ana") == 1
    assert shop.table.get(gone.id).is_active


def test_campaigns_that_cannot_be_read_do_not_keep_a_customer_in() -> None:
    shop = a_shop(ONBOARDING)

    class Unreadable:
        def pinned(self, *_: str) -> Campaign:
            raise InvalidCampaignError(())

    with pytest.raises(InvalidCampaignError):
        door(shop, campaigns=Unreadable())("c-ana")
    assert not shop.table.customer("c-ana").wants_marketing


def _touch(shop: Shop) -> None:
    """A rival changes the profile and the enrollment."""
    shop.take_in(an_event("customer.updated", id="meanwhile"))
    shop.table.save(rows(shop)["onboarding"])

"""Advancing: step after step, each once, and an answer that names what to wait for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer, an_event, an_order
from outreach.domain.errors import UnknownCampaignError, UnknownEnrollmentError
from outreach.domain.journeys.campaign import ALWAYS, Arm, BranchStep, Driver, Key, MessageClass, WaitStep
from outreach.domain.journeys.enrollment import (
    EnrollmentId,
    EnrollmentStatus,
    LeaveReason,
    SkipReason,
    Trigger,
)
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.journeys.next_action import LONGEST_RUN
from outreach.domain.journeys.progress import Over, Parks, Waits
from outreach.domain.sweeps.counts import SweepCounts, outcome_of
from usecases.shop import SHARDS, Shop
from usecases.steps import end, notify, send, send_if, wait, wait_for

FINISHED = Over(EnrollmentStatus.FINISHED, "completed")


def test_messages_go_out_in_order_with_their_waits_between() -> None:
    campaign = a_campaign(steps=(send("welcome"), wait(days=2), send("first-steps")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    assert shop.advance(ana) == Waits(NOW + timedelta(days=2))
    assert shop.mails == ["welcome"]
    shop.clock.advance(days=2)
    assert shop.advance(ana) == FINISHED
    assert shop.mails == ["welcome", "first-steps"]


def test_a_message_goes_to_the_address_and_in_the_language_of_its_customer() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    shop.advance(shop.enroll(campaign, a_customer(email="ana@new.example", locale="fr-FR")))

    (mail,) = shop.mailer.sent
    assert mail.to == "ana@new.example"
    assert mail.links.unsubscribe.endswith("/c-ana/onboarding/getting-started")
    assert mail.is_marketing
    assert [locale for *_, locale in shop.renderer.rendered] == ["fr-FR"]


def test_a_message_sees_the_order_that_enrolled() -> None:
    campaign = a_campaign(key=Key.ORDER, message_class=MessageClass.TRANSACTIONAL)
    shop = Shop(campaign)
    shop.table.know_order("c-ana", an_order())
    shop.advance(
        shop.enroll(campaign, key="o-1", trigger=Trigger("evt-1", "order.placed", NOW, order_id="o-1"))
    )

    ((_, _, facts, _),) = shop.renderer.rendered
    assert getattr(facts["order"], "id", None) == "o-1"
    assert facts["message"] == {"name": "welcome"}


def test_looking_too_early_changes_nothing() -> None:
    campaign = a_campaign(steps=(send("welcome"), wait(days=2), send("first-steps")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.advance(ana)
    before = shop.row(ana)

    shop.clock.advance(days=1)

    assert shop.advance(ana) == Waits(NOW + timedelta(days=2))
    assert shop.row(ana) == before


def test_nothing_more_happens_once_it_is_over() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    assert [shop.advance(ana), shop.advance(ana)] == [FINISHED, FINISHED]
    assert shop.mails == ["welcome"]


def test_it_parks_until_the_event_comes() -> None:
    campaign = a_campaign(steps=(wait_for("customer.activated", days=3), send("make-the-most")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    assert shop.advance(ana) == Parks("customer.activated", NOW + timedelta(days=3))
    shop.clock.advance(hours=5)
    shop.take_in(an_event("customer.activated", id="evt-2", occurred_at=shop.clock.now()))
    assert shop.advance(ana) == FINISHED
    assert shop.mails == ["make-the-most"]


def test_it_goes_the_other_way_when_the_event_does_not_come() -> None:
    steps = (
        wait_for("customer.activated", days=3, on_timeout="need-a-hand"),
        send("make-the-most"),
        end(),
        send("need-a-hand"),
    )
    campaign = a_campaign(steps=steps)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    assert shop.carry(ana) == FINISHED
    assert shop.mails == ["need-a-hand"]


def test_an_event_that_came_before_the_wait_counts() -> None:
    campaign = a_campaign(
        steps=(wait(hours=2), wait_for("customer.activated", days=3), send("make-the-most"))
    )
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.clock.advance(hours=1)
    shop.take_in(an_event("customer.activated", id="evt-2", occurred_at=shop.clock.now()))

    shop.carry(ana)

    assert shop.mails == ["make-the-most"]
    assert shop.row(ana).ended_at == NOW + timedelta(hours=2)


def test_a_branch_leads_on_by_the_facts() -> None:
    steps = (
        BranchStep("which", ALWAYS, (Arm("short", "customer.orders > 0"),)),
        send("long"),
        end(),
        send("short"),
    )
    campaign = a_campaign(steps=steps)
    shop = Shop(campaign, answers={"customer.orders > 0": True})

    shop.carry(shop.enroll(campaign))

    assert shop.mails == ["short"]


def test_skipping_the_last_step_is_finishing() -> None:
    campaign = a_campaign(steps=(send("welcome"), send_if("customer.first_name", "personal")))
    shop = Shop(campaign, answers={"customer.first_name": False})
    ana = shop.enroll(campaign)

    assert shop.carry(ana) == FINISHED
    assert shop.row(ana).skips["personal"].reason is SkipReason.CONDITION


def test_what_takes_longer_than_any_enrollment_may_is_ended() -> None:
    campaign = a_campaign(steps=(wait(days=300), send("welcome"), wait("again", days=300), send("late")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    assert shop.carry(ana) == Over(EnrollmentStatus.LEFT, LeaveReason.EXPIRED)
    assert shop.row(ana).ended_at == NOW + LONGEST_RUN
    assert shop.row(ana).skips["late"].reason is SkipReason.EXPIRED


@pytest.mark.parametrize("driver", Driver)
@pytest.mark.parametrize(
    ("date", "reason", "counted"),
    [
        pytest.param("2027-02-20", "completed", SweepCounts(sent=1), id="within a run"),
        pytest.param("2027-02-27", LeaveReason.EXPIRED, SweepCounts(expired=1), id="beyond it"),
        pytest.param("2026-02-29", LeaveReason.NO_INSTANT, SweepCounts(no_moment=1), id="no such day"),
        pytest.param(None, LeaveReason.NO_INSTANT, SweepCounts(no_moment=1), id="missing"),
    ],
)
def test_a_run_that_ends_without_its_message_is_counted_by_either_driver(
    driver: Driver, date: str | None, reason: str, counted: SweepCounts
) -> None:
    step = WaitStep("renewal", ALWAYS, until="customer.attributes.renews")
    campaign = a_campaign(driver=driver, steps=(step, send("renews-soon")))
    shop = Shop(campaign, answers={"customer.attributes.renews": date})
    ana = shop.enroll(campaign)
    total = SweepCounts()

    while shop.row(ana).is_active:
        shop.clock.set(max(shop.clock.now(), shop.row(ana).due_at or NOW))
        found = shop.row(ana)
        if driver is Driver.SWEEP:
            total.add(shop.sweep(campaign, shard_of("c-ana", SHARDS)).counts)
        else:
            shop.advance(ana)
            total.add(outcome_of(found, shop.row(ana)))

    assert shop.row(ana).reason == reason
    assert replace(total, due=0, moved_on=0) == counted
    assert shop.mails == ["renews-soon"] * counted.sent


def test_an_older_run_does_nothing_any_more() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign, run=2)
    before = shop.row(ana)

    assert shop.advance(ana, 1) == Over(EnrollmentStatus.LEFT, LeaveReason.RESTARTED)
    assert shop.mails == []
    assert shop.row(ana) == before


def test_an_unknown_enrollment_is_an_error() -> None:
    with pytest.raises(UnknownEnrollmentError):
        Shop(a_campaign()).advance(EnrollmentId("c-ana", "onboarding", "c-ana"))


def test_an_enrollment_in_a_campaign_that_is_gone_is_an_error_and_sends_nothing() -> None:
    shop = Shop()

    with pytest.raises(UnknownCampaignError):
        shop.advance(shop.enroll(a_campaign()))
    assert shop.mails == []


def test_an_announcement_holds_ids_and_nothing_else() -> None:
    campaign = a_campaign("delays", steps=(notify("order.delayed_again"),))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)

    assert shop.advance(ana) == FINISHED

    ((name, event_id, detail),) = shop.announcer.announced
    assert name == "order.delayed_again"
    assert event_id == shop.row(ana).send_id("tell").encoded()
    assert detail == {"customer_id": "c-ana", "order_id": None, "campaign": "delays", "step": "tell"}

"""An operator stops a customer: nothing is sent and nothing begins until the operator allows them again."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.errors import ConflictError, UnknownCustomerError
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.event import DELETED
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass, Reentry
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentId,
    EnrollmentStatus,
    LeaveReason,
    SkipReason,
)
from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS, Stop
from outreach.ports.operations import FailedExecution, Successor
from outreach.usecases.operations.restart_journeys import Restarted, RestartJourneys
from outreach.usecases.operations.stop_customer import StopCustomer, Stopped, allow_customer
from some import some
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, wait

STEPS = (wait(days=1), send("welcome"))
ONBOARDING = a_campaign(steps=STEPS)
NEWS = a_campaign("news", steps=STEPS, driver=Driver.SWEEP)
ORDERS = a_campaign("orders", steps=STEPS, message_class=MessageClass.TRANSACTIONAL)
ALL = (ONBOARDING, NEWS, ORDERS)


def a_shop(*campaigns: Campaign) -> Shop:
    """Ana is enrolled in each of the campaigns, and waits."""
    shop = Shop(*campaigns)
    for campaign in campaigns:
        ana = shop.enroll(campaign, a_customer(version=1))
        shop.advance(ana)
        if campaign.driver is Driver.WORKFLOW:
            shop.workflows.start(shop.row(ana))
    return shop


def stop(shop: Shop, campaign: str = ALL_CAMPAIGNS, *, by: str = "olga") -> Stopped:
    table = shop.seams.around(shop.table)
    workflows, clock = shop.seams.around(shop.workflows), shop.seams.around(shop.clock)
    use_case = StopCustomer(customers=table, enrollments=table, workflows=workflows, clock=clock)
    return use_case("c-ana", campaign, by=by)


def allow(shop: Shop, campaign: str = ALL_CAMPAIGNS) -> Customer:
    return allow_customer("c-ana", campaign, by="otto", customers=shop.table, clock=shop.clock)


def rows(shop: Shop) -> dict[str, Enrollment]:
    return {key.campaign: row for key, row in shop.table.enrollments.items()}


def test_a_stop_ends_every_run_and_transactional_ones_too() -> None:
    shop = a_shop(*ALL)

    stopped = stop(shop)

    assert {each.id.campaign for each in stopped.ended} == {"onboarding", "news", "orders"}
    for row in some(rows(shop).values()):
        assert (row.status, row.reason, row.due_at) == (EnrollmentStatus.LEFT, LeaveReason.STOPPED, None)
    assert shop.workflows.running == set()
    assert set(shop.workflows.stopped.values()) == {"stopped"}
    assert shop.table.first_due("news") == {}
    assert shop.table.customer("c-ana").stops == {ALL_CAMPAIGNS: Stop(NOW, "olga")}


def test_a_stop_in_one_campaign_leaves_the_others_alone() -> None:
    shop = a_shop(*ALL)

    stop(shop, "news")

    assert {name for name, row in rows(shop).items() if row.is_active} == {"onboarding", "orders"}
    assert len(shop.workflows.running) == 2


@pytest.mark.parametrize("campaign", [ALL_CAMPAIGNS, "onboarding"])
@pytest.mark.parametrize("reentry", [Reentry.RESTART, Reentry.AFTER_EXIT])
def test_no_new_event_begins_it_again_until_the_customer_is_allowed(campaign: str, reentry: Reentry) -> None:
    shop = a_shop(a_campaign(steps=STEPS, reentry=reentry))
    stop(shop, campaign)
    later = shop.clock.advance(days=2)

    assert shop.take_in(an_event(id="again", occurred_at=later)).enrolled == ()

    allow(shop, campaign)
    assert not rows(shop)["onboarding"].is_active
    latest = shop.clock.advance(days=2)
    assert shop.take_in(an_event(id="third", occurred_at=latest)).enrolled == ("onboarding",)


def test_the_reconciler_begins_no_journey_of_a_stopped_customer() -> None:
    """Also where the stop crashed before it ended the run."""
    shop = a_shop(ONBOARDING)
    shop.seams.at_next("save_stops", Phase.AFTER, crash)
    with pytest.raises(CrashError):
        stop(shop)

    class Failures:
        def failed(self, _: Any) -> list[FailedExecution]:
            return [FailedExecution("journey", rows(shop)["onboarding"].id, 1, NOW)]

        def begin_again(self, _: FailedExecution) -> Successor:
            raise AssertionError("begun again")

    executions: Any = Failures()
    table = shop.table
    watch = RestartJourneys(executions=executions, enrollments=table, customers=table, clock=shop.clock)

    assert rows(shop)["onboarding"].is_active
    assert watch(NOW + timedelta(minutes=5)) == Restarted(0, 0)


def send_by_execution(shop: Shop, ana: EnrollmentId) -> None:
    shop.carry(ana)


def send_by_sweep(shop: Shop, _: EnrollmentId) -> None:
    for shard in range(2):
        shop.sweep(NEWS, shard)


@pytest.mark.parametrize(
    ("campaign", "drive", "call"),
    [
        *product([ONBOARDING, ORDERS], [send_by_execution], ["read", "rules", "take", "claim"]),
        *product([NEWS], [send_by_sweep], ["read_all", "rules", "take", "claim_page"]),
    ],
)
def test_a_customer_who_is_stopped_gets_nothing_that_was_not_claimed_by_then(
    campaign: Campaign, drive: Callable[[Shop, EnrollmentId], None], call: str
) -> None:
    shop = a_shop(campaign)
    shop.clock.advance(days=2)
    (ana,) = shop.table.enrollments
    rival = StopCustomer(
        customers=shop.table, enrollments=shop.table, workflows=shop.workflows, clock=shop.clock
    )
    shop.seams.at_next(call, Phase.BEFORE, lambda: rival("c-ana", campaign.name, by="olga"))

    drive(shop, ana)

    assert not shop.seams.is_pending
    assert shop.mails == []
    assert shop.row(ana).sends == {}


@pytest.mark.parametrize(("campaign", "drive"), [(ONBOARDING, send_by_execution), (NEWS, send_by_sweep)])
def test_what_a_crashed_stop_left_active_sends_nothing_and_says_why(
    campaign: Campaign, drive: Callable[[Shop, EnrollmentId], None]
) -> None:
    shop = a_shop(campaign)
    shop.seams.at_next("save_stops", Phase.AFTER, crash)
    with pytest.raises(CrashError):
        stop(shop)
    shop.clock.advance(days=2)
    (ana,) = shop.table.enrollments

    drive(shop, ana)

    assert shop.mails == []
    assert shop.row(ana).skips["welcome"].reason is SkipReason.STOPPED


@pytest.mark.parametrize("phase", Phase)
def test_wherever_a_stop_crashes_a_repeat_finishes_it(phase: Phase) -> None:
    def story(crash_at: int | None) -> Shop:
        shop = a_shop(*ALL)
        if crash_at is not None:
            shop.seams.at(len(shop.seams.calls) + crash_at, phase, crash)
        try:
            stop(shop)
        except CrashError:
            stop(shop)
        return shop

    before, smooth = a_shop(*ALL), story(None)

    calls = len(smooth.seams.calls) - len(before.seams.calls)
    assert calls > 8
    for number in some(range(calls)):
        shop = story(number)
        where = f"{phase} call {number}"
        assert shop.table.enrollments == smooth.table.enrollments, where
        assert shop.table.customers == smooth.table.customers, where
        assert shop.workflows.running == set(), where
        assert shop.workflows.stopped == smooth.workflows.stopped, where


def test_an_event_that_is_being_taken_in_sees_the_stop() -> None:
    shop = Shop(ONBOARDING)
    shop.table.know(a_customer(version=1))
    rival = StopCustomer(
        customers=shop.table, enrollments=shop.table, workflows=shop.workflows, clock=shop.clock
    )
    shop.seams.at_next("store", Phase.BEFORE, lambda: rival("c-ana", by="olga"))

    assert shop.take_in(an_event()).enrolled == ()
    assert shop.table.enrollments == {}


def test_a_repeat_changes_nothing_and_keeps_who_was_first() -> None:
    shop = a_shop(*ALL)
    stop(shop)
    before = dict(shop.table.customers), rows(shop)
    shop.clock.advance(hours=1)

    again = stop(shop, by="otto")

    assert (shop.table.customers, rows(shop)) == before
    assert len(again.ended) == 3


def test_who_allowed_and_when_stays_on_record() -> None:
    shop = a_shop(ONBOARDING)
    stop(shop)
    stop(shop, "news")
    later = shop.clock.advance(hours=1)

    allowed = allow(shop)

    assert set(allowed.stops.values()) == {Stop(NOW, "olga", later, "otto")}
    assert not allowed.is_stopped("news")
    shop.clock.advance(hours=1)
    assert allow(shop).stops == allowed.stops


def test_to_allow_one_campaign_leaves_a_stop_of_all() -> None:
    shop = a_shop(ONBOARDING)
    stop(shop)
    stop(shop, "news")

    assert allow(shop, "news").is_stopped("news")


def test_a_stop_outlives_a_deletion() -> None:
    shop = a_shop(ONBOARDING)
    stop(shop)
    later = shop.clock.advance(hours=1)
    shop.take_in(an_event(DELETED, id="gone", occurred_at=later))
    latest = shop.clock.advance(hours=1)

    assert shop.take_in(an_event(id="back", occurred_at=latest)).enrolled == ()


def test_a_customer_whom_no_event_named_is_refused() -> None:
    shop = Shop(ONBOARDING)

    with pytest.raises(UnknownCustomerError):
        stop(shop)
    with pytest.raises(UnknownCustomerError):
        allow(shop)
    assert shop.table.customers == {}


def test_races_that_are_lost_again_and_again_are_reported() -> None:
    shop = a_shop(ONBOARDING)

    class Contested:
        def customer(self, customer_id: str) -> Customer:
            return shop.table.customer(customer_id)

        def save_stops(self, _: Customer) -> None:
            raise ConflictError("another was faster")

    stopping = StopCustomer(
        customers=Contested(), enrollments=shop.table, workflows=shop.workflows, clock=shop.clock
    )
    with pytest.raises(ConflictError):
        stopping("c-ana", by="olga")
    assert rows(shop)["onboarding"].is_active

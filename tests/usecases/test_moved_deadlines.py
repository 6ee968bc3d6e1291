"""A wait `until:` a date that an event moves: the old date neither delays nor hastens it."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.intake.event import ORDER_PLACED, Event, OrderMention
from outreach.domain.journeys.campaign import (
    ALWAYS,
    Campaign,
    Driver,
    Key,
    MessageClass,
    Step,
    WaitForStep,
    WaitStep,
)
from outreach.domain.journeys.enrollment import EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.journeys.progress import Parks
from some import some
from usecases.seams import Phase
from usecases.shop import SHARDS, Shop
from usecases.steps import end, send

MONTHS, DAYS = timedelta(days=60), timedelta(days=5)
WAIT_FOR = WaitForStep(
    "slip", ALWAYS, "order.delayed", MONTHS, until="order.promised_at", on_timeout="overdue"
)
KINDS: dict[str, tuple[Step, ...]] = {
    "wait": (WaitStep("slip", ALWAYS, until="order.promised_at"), send("overdue")),
    "wait_for": (WAIT_FOR, end(), send("overdue")),
}
EVENTS = {"wait": None, "wait_for": "order.delayed"}
"""What each kind waits for beside the date."""
every_kind = pytest.mark.parametrize("kind", KINDS)
ORDER = EnrollmentId("c-ana", "delays", "o-1")
TOKEN = "token-1"


def delays(kind: str, driver: Driver = Driver.WORKFLOW) -> Campaign:
    return a_campaign(
        "delays",
        trigger=ORDER_PLACED,
        key=Key.ORDER,
        message_class=MessageClass.TRANSACTIONAL,
        driver=driver,
        steps=KINDS[kind],
    )


def promised(
    instant: datetime, *, order_id: str = "o-1", name: str = "order.confirmed", after: int = 1
) -> Event:
    mention = OrderMention(order_id, {"promised_at": instant})
    return an_event(
        name, id=f"evt-{name}-{order_id}", order=mention, occurred_at=NOW + timedelta(hours=after)
    )


def told(facts: dict[str, object]) -> object:
    return getattr(facts["order"], "promised_at", None)


def a_shop_that_waits(kind: str = "wait", driver: Driver = Driver.WORKFLOW) -> Shop:
    """The order is promised in sixty days."""
    shop = Shop(delays(kind, driver), answers={"order.promised_at": told})
    shop.table.know(a_customer())
    placed = OrderMention("o-1", {"promised_at": NOW + MONTHS})
    shop.rival.take_in(an_event(ORDER_PLACED, order=placed))
    assert shop.rival.advance(ORDER) == Parks(EVENTS[kind], NOW + MONTHS)
    shop.workflows.parked.add(TOKEN)
    shop.clock.advance(hours=1)
    return shop


@every_kind
def test_a_date_that_moves_nearer_wakes_a_parked_enrollment_to_wait_for_that(kind: str) -> None:
    shop = a_shop_that_waits(kind)
    shop.park(ORDER, 1, TOKEN)

    shop.take_in(promised(NOW + DAYS))

    assert shop.workflows.woken == [TOKEN]
    assert shop.advance(ORDER) == Parks(EVENTS[kind], NOW + DAYS)
    shop.carry(ORDER)
    assert shop.mails == ["overdue"]
    assert shop.clock.now() == NOW + DAYS


def test_a_date_that_moves_away_is_seen_at_the_old_one_and_waited_for() -> None:
    shop = a_shop_that_waits()
    shop.park(ORDER, 1, TOKEN)

    shop.take_in(promised(NOW + 2 * MONTHS))
    shop.clock.set(NOW + MONTHS)

    assert shop.advance(ORDER) == Parks(None, NOW + 2 * MONTHS)
    shop.carry(ORDER)
    assert (shop.mails, shop.clock.now()) == (["overdue"], NOW + 2 * MONTHS)


def test_a_date_that_moves_away_and_back_again_is_waited_for() -> None:
    shop = a_shop_that_waits()
    shop.park(ORDER, 1, TOKEN)

    shop.take_in(promised(NOW + 2 * MONTHS))
    shop.take_in(promised(NOW + DAYS, name="order.updated", after=2))

    assert shop.workflows.woken == [TOKEN]
    shop.carry(ORDER)
    assert (shop.mails, shop.clock.now()) == (["overdue"], NOW + DAYS)


def test_a_date_that_moved_into_the_past_is_not_waited_for() -> None:
    shop = a_shop_that_waits()
    shop.park(ORDER, 1, TOKEN)

    shop.take_in(promised(NOW - DAYS))

    assert shop.workflows.woken == [TOKEN]
    shop.carry(ORDER)
    assert (shop.mails, shop.clock.now()) == (["overdue"], NOW + timedelta(hours=1))


def test_an_older_date_that_arrives_late_moves_nothing() -> None:
    shop = a_shop_that_waits()
    shop.park(ORDER, 1, TOKEN)

    shop.take_in(promised(NOW + DAYS, after=-1))

    assert shop.workflows.woken == []
    shop.carry(ORDER)
    assert shop.clock.now() == NOW + MONTHS


def test_a_repeat_of_the_event_wakes_no_run_that_waits_for_the_new_date() -> None:
    shop = a_shop_that_waits()
    shop.park(ORDER, 1, TOKEN)
    shop.take_in(promised(NOW + DAYS))
    shop.advance(ORDER)
    shop.workflows.parked.add("token-2")
    shop.park(ORDER, 1, "token-2")

    shop.take_in(promised(NOW + DAYS))

    assert shop.workflows.woken == [TOKEN]


@every_kind
@pytest.mark.parametrize(
    "event",
    [
        promised(NOW + 2 * MONTHS),
        promised(NOW + DAYS, order_id="o-2"),
        an_event("customer.updated", id="evt-2", occurred_at=NOW + timedelta(hours=1)),
    ],
    ids=["a later date", "another order", "something else"],
)
def test_what_does_not_shorten_the_wait_wakes_no_run(kind: str, event: Event) -> None:
    shop = a_shop_that_waits(kind)
    shop.park(ORDER, 1, TOKEN)

    shop.take_in(event)

    assert shop.workflows.woken == []


@every_kind
@pytest.mark.parametrize("moved", [DAYS, 2 * MONTHS], ids=["nearer", "away"])
def test_a_swept_enrollment_is_due_when_its_date_says_by_now(kind: str, moved: timedelta) -> None:
    shop = a_shop_that_waits(kind, Driver.SWEEP)

    shop.take_in(promised(NOW + moved))

    until = NOW + (moved if kind == "wait" else min(moved, MONTHS))
    assert list(shop.table.first_due("delays").values()) == [until]
    shop.clock.set(until)
    shop.sweep_days(1)
    assert shop.mails == ["overdue"]


def test_a_swept_row_of_an_older_release_sees_that_its_date_moved() -> None:
    """It does not say that it waits for a date."""
    shop = a_shop_that_waits("wait", Driver.SWEEP)
    shop.table.enrollments[ORDER] = replace(shop.row(ORDER), waiting=None)

    shop.take_in(promised(NOW + DAYS))

    assert list(shop.table.first_due("delays").values()) == [NOW + DAYS]


def test_an_execution_that_sleeps_as_older_releases_had_it_goes_on() -> None:
    """It is in the state `Wait Until`, and nothing can wake it there."""
    shop = a_shop_that_waits()
    shop.table.enrollments[ORDER] = replace(shop.row(ORDER), waiting=None)
    shop.workflows.parked.clear()

    shop.take_in(promised(NOW + 2 * MONTHS))
    shop.clock.set(NOW + MONTHS)

    assert shop.workflows.woken == []
    assert shop.advance(ORDER) == Parks(None, NOW + 2 * MONTHS)


@pytest.mark.parametrize("driver", Driver)
def test_a_date_that_is_taken_back_ends_the_run_and_sends_nothing(driver: Driver) -> None:
    shop = a_shop_that_waits("wait", driver)
    shop.park(ORDER, 1, TOKEN)
    shop.expressions.answers["order.promised_at"] = lambda _facts: None

    shop.take_in(an_event("customer.updated", id="evt-2", occurred_at=shop.clock.now()))

    if driver is Driver.SWEEP:
        shop.sweep_days(1)
    else:
        assert shop.workflows.woken == [TOKEN]
        shop.carry(ORDER)
    assert (shop.row(ORDER).status, shop.row(ORDER).reason) == (EnrollmentStatus.LEFT, LeaveReason.NO_INSTANT)
    assert shop.mails == []


@every_kind
@pytest.mark.parametrize("phase", Phase)
def test_a_date_that_moves_at_any_instant_of_parking_counts(kind: str, phase: Phase) -> None:
    smooth = a_shop_that_waits(kind)
    smooth.park(ORDER, 1, TOKEN)

    for number, call in enumerate(some(smooth.seams.calls)):
        shop = a_shop_that_waits(kind)
        shop.seams.at(number, phase, partial(shop.rival.take_in, promised(NOW + DAYS)))

        shop.park(ORDER, 1, TOKEN)

        assert shop.workflows.woken == [TOKEN], f"{phase} call {number}: {call}"


def a_sweep_that_comes_to_the_wait(kind: str) -> Shop:
    """A message first; the wait for the date begins with its send."""
    campaign = replace(delays(kind, Driver.SWEEP), steps=(send("thanks"), *KINDS[kind]))
    shop = Shop(campaign, answers={"order.promised_at": told})
    shop.table.know(a_customer())
    placed = OrderMention("o-1", {"promised_at": NOW + MONTHS})
    shop.rival.take_in(an_event(ORDER_PLACED, order=placed))
    shop.clock.advance(hours=1)
    return shop


@every_kind
@pytest.mark.parametrize("phase", Phase)
def test_a_date_that_moves_at_any_instant_of_a_sweep_counts(kind: str, phase: Phase) -> None:
    shard = shard_of("c-ana", SHARDS)
    smooth = a_sweep_that_comes_to_the_wait(kind)
    smooth.sweep(delays(kind), shard)
    assert smooth.mails == ["thanks"]

    for number, call in enumerate(some(smooth.seams.calls)):
        shop = a_sweep_that_comes_to_the_wait(kind)
        shop.seams.at(number, phase, partial(shop.rival.take_in, promised(NOW + DAYS)))

        shop.sweep(delays(kind), shard)

        assert shop.mails == ["thanks"]
        assert list(shop.table.first_due("delays").values()) == [NOW + DAYS], f"{phase} call {number}: {call}"


@every_kind
def test_a_campaign_that_is_gone_wakes_no_run_and_does_not_block_the_event(kind: str) -> None:
    shop = a_shop_that_waits(kind)
    shop.park(ORDER, 1, TOKEN)
    shop.table.enrollments[ORDER] = replace(shop.row(ORDER), bundle="lost")

    shop.take_in(promised(NOW + DAYS))

    assert shop.workflows.woken == []

"""Which events count for a run: those without a value for its key, and those with the same value."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import NOW, a_campaign, a_customer, an_event, an_order
from domain.taking_in import DAY, HOUR, taken
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.event import ORDER_PLACED, Event, OrderMention
from outreach.domain.intake.merge import merge_customer, merge_order
from outreach.domain.intake.order import Order, OrderItem
from outreach.domain.journeys.campaign import ALWAYS, Campaign, Driver, Goal, Key, WaitForStep
from outreach.domain.journeys.enrollment import Enrollment, LeaveReason, SkipReason, Waiting
from outreach.domain.journeys.event_history import event_history, looks_back_on_all_orders

POSTED = "review.posted"
"""An event of the shop's own."""


def order_of(order_id: str, *lines: str | None) -> Order:
    return an_order(order_id, items=tuple(OrderItem("x1", "Thing", product_line=line) for line in lines))


COFFEE, LAMP = order_of("o-coffee", "coffee"), order_of("o-lamp", "lamp")
BOTH, NO_LINE = order_of("o-both", "lamp", "coffee"), order_of("o-card", None)
UNTOLD = order_of("o-untold")
EMPTIED = replace(order_of("o-coffee", "filter"))
"""The order that began the run for coffee, whose items the shop changed since."""

CASES = [
    (Key.CUSTOMER, None, True),
    (Key.CUSTOMER, LAMP, True),
    (Key.ORDER, None, True),
    (Key.ORDER, COFFEE, True),
    (Key.ORDER, LAMP, False),
    (Key.PRODUCT_LINE, None, True),
    (Key.PRODUCT_LINE, COFFEE, True),
    (Key.PRODUCT_LINE, BOTH, True),
    (Key.PRODUCT_LINE, UNTOLD, True),
    (Key.PRODUCT_LINE, EMPTIED, True),
    (Key.PRODUCT_LINE, LAMP, False),
    (Key.PRODUCT_LINE, NO_LINE, False),
]
every_case = pytest.mark.parametrize(("key", "order", "counts"), CASES)


def a_run(key: Key, **fields: object) -> tuple[Campaign, Enrollment]:
    """The run that an order for coffee began."""
    campaign = a_campaign("refill", trigger=ORDER_PLACED, key=key, **fields)
    placed = an_event(ORDER_PLACED, id="evt-placed", order_id="o-coffee")
    [run] = taken(placed, campaign, order=COFFEE).changed
    return campaign, run


def event_about(name: str, order: Order | None, after: timedelta = HOUR) -> Event:
    """It has no more of the order than its id."""
    mention = None if order is None else OrderMention(order.id)
    return an_event(name, id=f"evt-{name}", order=mention, occurred_at=NOW + after)


@every_case
def test_only_an_exit_that_counts_ends_a_run(key: Key, order: Order | None, *, counts: bool) -> None:
    campaign, run = a_run(key, exit_on=(POSTED,))

    changed = taken(event_about(POSTED, order), campaign, enrollments=[run], order=order).changed

    assert [each.reason for each in changed] == [LeaveReason.EXIT_EVENT] * counts


@every_case
def test_only_an_event_that_counts_makes_a_swept_wait_due(
    key: Key, order: Order | None, *, counts: bool
) -> None:
    campaign, run = a_run(key, driver=Driver.SWEEP)
    waiting = replace(run, due_at=NOW + 9 * DAY, waiting=Waiting(POSTED, NOW + 9 * DAY))

    changed = taken(
        event_about(POSTED, order), campaign, enrollments=[waiting], order=order, after=HOUR
    ).changed

    assert [each.due_at for each in changed] == [NOW + HOUR] * counts


@every_case
@pytest.mark.parametrize("of_own", [True, False], ids=["an event of its own", "an order event"])
def test_only_an_exit_that_counts_keeps_out_a_customer_whose_trigger_is_older(
    key: Key, order: Order | None, *, counts: bool, of_own: bool
) -> None:
    """The exit arrived first, and the trigger is a little older."""
    name = POSTED if of_own or order is None else "order.returned"
    campaign = a_campaign("refill", trigger=ORDER_PLACED, key=key, exit_on=(name,))
    exit_event = event_about(name, order)
    known = taken(exit_event, order=order)
    stored = [] if known.order is None else [known.order]
    began = known.order if known.order is not None and known.order.id == "o-coffee" else COFFEE
    if order is EMPTIED:
        began = replace(began, items=COFFEE.items)

    placed = an_event(ORDER_PLACED, id="evt-placed", order_id="o-coffee")
    entered = taken(placed, campaign, customer=known.customer, order=began, other_orders=stored).changed

    assert bool(entered) is not counts


@every_case
def test_a_goal_counts_the_events_of_every_key(key: Key, order: Order | None, *, counts: bool) -> None:
    del counts
    campaign, run = a_run(key, goal=Goal(POSTED, 9 * DAY))
    touched = run.skipping("welcome", SkipReason.HOLDOUT, NOW)

    [left] = taken(event_about(POSTED, order), campaign, enrollments=[touched], order=order).changed

    assert left.reason == LeaveReason.GOAL


def history(
    campaign: Campaign, run: Enrollment, customer: Customer, orders: Iterable[Order]
) -> dict[str, datetime]:
    return dict(event_history(campaign, run.key_value, run.trigger, customer, orders))


@every_case
def test_a_wait_looks_back_only_on_what_counts(key: Key, order: Order | None, *, counts: bool) -> None:
    campaign, run = a_run(key)
    event = event_about(POSTED, order)
    customer = merge_customer(a_customer(), event)
    orders = [] if order is None else [merge_order(order, event)]

    assert history(campaign, run, customer, orders) == ({POSTED: NOW + HOUR} if counts else {})


@pytest.mark.parametrize("arrive", [list, reversed], ids=["in order", "out of order"])
@pytest.mark.parametrize("key", [Key.ORDER, Key.PRODUCT_LINE])
def test_of_events_of_one_name_the_newest_that_counts_is_looked_back_on(
    key: Key, arrive: Callable[[list[Event]], Iterable[Event]]
) -> None:
    campaign, run = a_run(key)
    customer, orders = a_customer(), {each.id: each for each in (COFFEE, LAMP)}
    happened = [
        event_about(POSTED, COFFEE),
        event_about(POSTED, None, 2 * HOUR),
        event_about(POSTED, LAMP, 3 * HOUR),
    ]

    for event in arrive(happened):
        customer = merge_customer(customer, event)
        if event.order is not None:
            orders[event.order.id] = merge_order(orders[event.order.id], event)

    assert history(campaign, run, customer, orders.values()) == {POSTED: NOW + 2 * HOUR}


def test_only_waits_for_events_of_a_product_line_need_all_orders() -> None:
    wait = WaitForStep("late", ALWAYS, POSTED, DAY)

    assert looks_back_on_all_orders(a_campaign(key=Key.PRODUCT_LINE, steps=(wait,)))
    assert not looks_back_on_all_orders(a_campaign(key=Key.PRODUCT_LINE))
    assert not looks_back_on_all_orders(a_campaign(key=Key.ORDER, steps=(wait,)))

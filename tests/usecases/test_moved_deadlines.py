"""A wait `until:` a moment that an event brings forward: nobody sleeps on until the old one."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.campaign import ALWAYS, Campaign, Driver, Key, MessageClass, WaitForStep
from outreach.domain.enrollment import EnrollmentId
from outreach.domain.event import ORDER_PLACED, Event, OrderMention
from outreach.usecases.advance_enrollment import Parks
from usecases.seams import Phase
from usecases.shop import Shop
from usecases.steps import end, send

STEPS = (
    WaitForStep(
        "slip", ALWAYS, "order.delayed", timedelta(days=60), until="order.promised_at", on_timeout="overdue"
    ),
    end(),
    send("overdue"),
)
ORDER = EnrollmentId("c-ana", "delays", "o-1")
TOKEN = "token-1"


def delays(driver: Driver = Driver.WORKFLOW) -> Campaign:
    return a_campaign(
        "delays",
        trigger=ORDER_PLACED,
        key=Key.ORDER,
        message_class=MessageClass.TRANSACTIONAL,
        driver=driver,
        steps=STEPS,
    )


def promised(moment: datetime, *, order_id: str = "o-1", name: str = "order.confirmed") -> Event:
    mention = OrderMention(order_id, {"promised_at": moment})
    return an_event(name, id=f"evt-{name}-{order_id}", order=mention, occurred_at=NOW + timedelta(hours=1))


def a_shop_that_waits(driver: Driver = Driver.WORKFLOW) -> Shop:
    """The order has no date yet, so the wait is a long one."""
    shop = Shop(
        delays(driver),
        answers={"order.promised_at": lambda facts: getattr(facts["order"], "promised_at", None)},
    )
    shop.table.know(a_customer())
    shop.rival.take_in(an_event(ORDER_PLACED, order_id="o-1"))
    assert shop.rival.advance(ORDER) == Parks("order.delayed", NOW + timedelta(days=60))
    shop.workflows.parked.add(TOKEN)
    shop.clock.advance(hours=1)
    return shop


def test_a_date_that_becomes_known_wakes_a_parked_enrollment_to_wait_for_that() -> None:
    shop = a_shop_that_waits()
    shop.park(ORDER, 1, TOKEN)

    shop.take_in(promised(NOW + timedelta(days=5)))

    assert shop.workflows.woken == [TOKEN]
    assert shop.advance(ORDER) == Parks("order.delayed", NOW + timedelta(days=5))
    shop.carry(ORDER)
    assert shop.mails == ["overdue"]
    assert shop.clock.now() == NOW + timedelta(days=5)


@pytest.mark.parametrize(
    "event",
    [
        promised(NOW + timedelta(days=70)),
        promised(NOW + timedelta(days=5), order_id="o-2"),
        an_event("customer.updated", id="evt-2", occurred_at=NOW + timedelta(hours=1)),
    ],
    ids=["a later date", "another order", "something else"],
)
def test_what_does_not_shorten_the_wait_wakes_nobody(event: Event) -> None:
    shop = a_shop_that_waits()
    shop.park(ORDER, 1, TOKEN)

    shop.take_in(event)

    assert shop.workflows.woken == []


def test_a_swept_enrollment_is_looked_at_when_its_wait_got_shorter() -> None:
    shop = a_shop_that_waits(Driver.SWEEP)

    shop.take_in(promised(NOW + timedelta(days=5)))

    assert list(shop.table.first_due("delays").values()) == [NOW + timedelta(hours=1)]
    shop.advance(ORDER)
    assert list(shop.table.first_due("delays").values()) == [NOW + timedelta(days=5)]


@pytest.mark.parametrize("phase", Phase)
def test_a_date_that_becomes_known_at_any_moment_of_parking_is_heeded(phase: Phase) -> None:
    smooth = a_shop_that_waits()
    smooth.park(ORDER, 1, TOKEN)

    for number, call in enumerate(smooth.seams.calls):
        shop = a_shop_that_waits()
        shop.seams.at(number, phase, partial(shop.rival.take_in, promised(NOW + timedelta(days=5))))

        shop.park(ORDER, 1, TOKEN)

        assert shop.workflows.woken == [TOKEN], f"{phase} call {number}: {call}"


def test_a_campaign_that_is_gone_wakes_nobody_and_does_not_hold_up_the_event() -> None:
    shop = a_shop_that_waits()
    shop.park(ORDER, 1, TOKEN)
    shop.table.enrollments[ORDER] = replace(shop.row(ORDER), bundle="lost")

    shop.take_in(promised(NOW + timedelta(days=5)))

    assert shop.workflows.woken == []

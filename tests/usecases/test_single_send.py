"""A message that is sent alone: read once, claimed once, sent once, recorded once."""

from dataclasses import replace
from functools import partial

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.journeys.campaign import Campaign, Driver, Key, MessageClass
from outreach.domain.journeys.enrollment import EnrollmentId, Trigger
from outreach.domain.journeys.progress import Over, Parks
from some import some
from usecases.seams import Phase
from usecases.shop import Shop
from usecases.steps import send, wait, wait_for

READS = {"read", "get", "customer", "order", "orders_of", "of_customer", "read_all"}
WRITES = {"save", "claim", "record", "free_place"}
TOKEN = "token"
THEN_WAITS = a_campaign(steps=(send("welcome"), wait(days=2), send("first-steps")))
THEN_WAITS_FOR = a_campaign(
    message_class=MessageClass.TRANSACTIONAL,  # no cap holds the second message
    steps=(send("welcome"), wait_for("customer.activated", days=7), send("tips")),
)
ALONE = a_campaign()
ORDERS = a_campaign(
    key=Key.ORDER,
    message_class=MessageClass.TRANSACTIONAL,
    steps=(send("welcome"), wait(days=2), send("first-steps")),
)


def a_shop_of(campaign: Campaign) -> tuple[Shop, EnrollmentId]:
    shop = Shop(campaign)
    trigger = Trigger("evt-1", "order.placed", NOW, order_id="o-1")
    return shop, shop.enroll(campaign, **({"trigger": trigger} if campaign.key is Key.ORDER else {}))


@pytest.mark.parametrize("campaign", [ALONE, THEN_WAITS, THEN_WAITS_FOR, ORDERS])
def test_nothing_is_read_twice_and_each_write_is_needed(campaign: Campaign) -> None:
    shop, ana = a_shop_of(campaign)

    shop.advance(ana, 1)

    calls = shop.seams.calls
    assert [call for call in calls if call in READS] == ["read"]
    assert [call for call in calls if call in WRITES] == ["claim", "record"]
    assert [call for call in calls if call in {"take", "send"}] == ["take", "send"]


def test_a_swept_enrollment_looks_once_more_for_the_event_that_it_waits_for() -> None:
    shop, ana = a_shop_of(replace(THEN_WAITS_FOR, driver=Driver.SWEEP))
    shop.seams.at_next("record", Phase.BEFORE, partial(shop.take_in, an_event("customer.activated")))

    shop.advance(ana, 1)

    assert shop.mails == ["welcome", "tips"]


@pytest.mark.parametrize("phase", Phase)
def test_an_event_at_any_instant_of_a_send_is_not_missed(phase: Phase) -> None:
    watched, ana = a_shop_of(THEN_WAITS_FOR)
    watched.advance(ana, 1)
    calls = list(watched.seams.calls)
    assert "record" in calls
    for number, call in enumerate(some(calls)):
        shop, ana = a_shop_of(THEN_WAITS_FOR)
        shop.seams.at(number, phase, partial(shop.take_in, an_event("customer.activated")))

        progress = shop.advance(ana, 1)

        assert not shop.seams.is_pending
        if isinstance(progress, Parks):
            shop.workflows.parked.add(TOKEN)
            shop.park(ana, 1, TOKEN)
            assert shop.workflows.woken == [TOKEN], f"{phase} call {number}: {call}"
            progress = shop.advance(ana, 1)
        assert isinstance(progress, Over)
        assert shop.mails == ["welcome", "tips"], f"{phase} call {number}: {call}"


def test_an_order_that_did_not_begin_the_run_changes_nothing() -> None:
    shop, ana = a_shop_of(ORDERS)

    shop.advance(ana, 1, order_id="o-2")

    assert shop.mails == ["welcome"]


def test_customers_of_one_campaign_are_read_apart() -> None:
    shop = Shop(ALONE)
    for customer_id in ("c-1", "c-2"):
        shop.advance(shop.enroll(ALONE, a_customer(customer_id)), 1)

    assert [customer for customer, _ in shop.mails_to] == ["c-1", "c-2"]

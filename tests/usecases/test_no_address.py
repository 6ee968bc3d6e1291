"""A message without an address waits for one: the sign-up may come seconds after the order."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.intake.event import CustomerMention
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass
from outreach.domain.journeys.enrollment import AN_ADDRESS, Enrollment, EnrollmentId, HoldReason, SkipReason
from outreach.domain.journeys.progress import Over, Parks
from outreach.domain.operations.send_retries import Wanted, unsent
from outreach.ports.operations import Successor
from outreach.usecases.operations.retry_send import RetrySend
from outreach.usecases.sweeps.arm_wakes import ArmWakes
from some import some
from usecases.seams import Phase
from usecases.shop import SHARDS, Shop
from usecases.steps import send

ORDERS = a_campaign(
    "orders",
    message_class=MessageClass.TRANSACTIONAL,
    steps=(send("delayed", valid_for=timedelta(days=7)), send("thanks")),
)
SWEPT = replace(ORDERS, driver=Driver.SWEEP)
TOKEN = "token-1"
DEADLINE = NOW + timedelta(hours=72)


def a_shop_without_an_address(campaign: Campaign) -> tuple[Shop, EnrollmentId]:
    shop = Shop(campaign)
    return shop, shop.enroll(campaign, a_customer(email=None))


def the_address_comes(shop: Shop, name: str = "customer.updated") -> None:
    mention = CustomerMention("c-ana", {"email": "ana@example.com"})
    shop.rival.take_in(an_event(name, id="evt-2", occurred_at=shop.clock.now(), customer=mention))


def test_an_execution_is_parked_and_woken_at_once_by_the_event_that_brings_the_address() -> None:
    shop, ana = a_shop_without_an_address(ORDERS)

    assert shop.advance(ana) == Parks(AN_ADDRESS, DEADLINE)
    shop.workflows.parked.add(TOKEN)
    assert shop.park(ana, 1, TOKEN)
    shop.clock.advance(seconds=20)
    shop.rival.take_in(an_event("customer.updated", id="evt-1"))
    assert shop.workflows.woken == []
    the_address_comes(shop)

    assert shop.workflows.woken == [TOKEN]
    assert isinstance(shop.advance(ana), Over)
    assert shop.mails == ["delayed", "thanks"]
    assert shop.row(ana).skips == {}


def test_an_address_that_comes_before_the_token_is_stored_wakes_at_once() -> None:
    shop, ana = a_shop_without_an_address(ORDERS)
    shop.advance(ana)
    shop.workflows.parked.add(TOKEN)
    the_address_comes(shop)

    assert not shop.park(ana, 1, TOKEN)
    assert shop.workflows.woken == [TOKEN]


def test_a_swept_enrollment_is_due_at_once() -> None:
    shop, ana = a_shop_without_an_address(SWEPT)
    shop.sweep(SWEPT, shard=0)
    shop.sweep(SWEPT, shard=1)
    assert (shop.row(ana).hold, shop.row(ana).due_at) == (HoldReason.NO_ADDRESS, DEADLINE)
    shop.clock.advance(seconds=20)

    the_address_comes(shop)

    assert shop.row(ana).due_at == shop.clock.now()
    shop.sweep_days(1)
    assert shop.mails == ["delayed", "thanks"]


@pytest.mark.parametrize("phase", Phase)
def test_an_address_that_comes_while_a_sweep_looks_is_never_slept_through(phase: Phase) -> None:
    def calls() -> list[str]:
        shop, ana = a_shop_without_an_address(SWEPT)
        shop.advance(ana)
        return shop.seams.calls

    for number in some(range(len(calls()))):
        shop, ana = a_shop_without_an_address(SWEPT)
        shop.seams.at(number, phase, partial(the_address_comes, shop))
        shop.advance(ana)

        shop.sweep_days(1)

        assert shop.mails == ["delayed", "thanks"], calls()[number]


@pytest.mark.parametrize("campaign", [ORDERS, SWEPT], ids=["workflow", "sweep"])
def test_when_no_address_comes_in_time_the_message_is_skipped_and_counted(campaign: Campaign) -> None:
    shop, ana = a_shop_without_an_address(replace(campaign, steps=campaign.steps[:1]))

    if campaign.driver is Driver.SWEEP:
        shop.sweep_days(4)
    else:
        shop.carry(ana)

    row = shop.row(ana)
    assert {step: skip.reason for step, skip in row.skips.items()} == {"delayed": SkipReason.NO_ADDRESS}
    assert row.skips["delayed"].at >= DEADLINE
    assert shop.mails == []


class Begun:
    """Executions by name."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def begin_anew(self, enrollment: Enrollment) -> Successor:
        self.names.append(enrollment.execution_name)
        return Successor.STARTED


def test_a_person_gives_it_another_chance() -> None:
    shop, ana = a_shop_without_an_address(replace(ORDERS, steps=ORDERS.steps[:1]))
    shop.carry(ana)
    the_address_comes(shop)
    begun = Begun()
    retry = RetrySend(
        ledger=shop.table,
        executions=begun,
        arm=ArmWakes(timer=shop.timer, clock=shop.clock, shards=SHARDS),
        clock=shop.clock,
    )

    wanted = Wanted(skips=frozenset({SkipReason.NO_ADDRESS}))
    found = unsent(shop.row(ana), wanted)
    assert [(each.step, each.too_late) for each in found] == [("delayed", None)]
    retry(shop.row(ana), found)
    assert begun.names == [shop.row(ana).execution_name]
    shop.carry(ana)

    assert shop.mails == ["delayed"]
    assert unsent(shop.row(ana), wanted) == ()

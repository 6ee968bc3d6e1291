"""Events that end something: goal, exit, withdrawn consent, erasure. All of them at once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from builders import NOW, a_campaign, a_customer, an_enrollment, an_event, an_order
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import DELETED, ORDER_PLACED, CustomerMention, OrderMention
from outreach.domain.intake.event_effects import Outcome
from outreach.domain.intake.order import OrderItem
from outreach.domain.journeys.campaign import Goal, Key, Reentry
from outreach.domain.journeys.enrollment import EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.usecases.intake.take_in_event import TakenIn
from some import some
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, wait

ANA = EnrollmentId("c-ana", "onboarding", "c-ana")


def later(shop: Shop, **span: float) -> dict[str, Any]:
    """Time passes; the next event occurs then."""
    return {"occurred_at": shop.clock.advance(**span)}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("customer.deactivated", LeaveReason.EXIT_EVENT),
        (ORDER_PLACED, LeaveReason.GOAL),
        (DELETED, LeaveReason.ERASED),
    ],
)
def test_leaving_takes_effect_at_once(name: str, reason: LeaveReason) -> None:
    campaign = a_campaign(
        steps=(send("welcome"), wait(days=9), send("late")),
        exit_on=("customer.deactivated",),
        goal=Goal(ORDER_PLACED, timedelta(days=30)),
    )
    shop = Shop(campaign)
    shop.table.know(a_customer())
    shop.take_in(an_event())
    shop.advance(ANA)

    shop.take_in(an_event(name, id="evt-2", **later(shop, days=1)))

    assert shop.row(ANA).reason == reason
    assert shop.workflows.stopped == {shop.row(ANA).execution_name: reason}
    shop.clock.advance(days=10)
    shop.advance(ANA)
    assert shop.mails == ["welcome"]


def test_consent_withdrawn_ends_marketing_at_once() -> None:
    shop = Shop(a_campaign(steps=(wait(days=9), send("late"))))
    shop.table.know(a_customer())
    shop.take_in(an_event())
    shop.clock.advance(days=1)
    no = CustomerMention("c-ana", consent=Consent(False, shop.clock.now()))

    shop.take_in(an_event("customer.updated", id="evt-2", customer=no, occurred_at=shop.clock.now()))

    assert shop.workflows.running == set()
    assert shop.row(ANA).reason == LeaveReason.UNSUBSCRIBED


def test_of_an_erased_customer_no_new_event_is_kept() -> None:
    shop = Shop(a_campaign("news", trigger="customer.updated"))
    shop.take_in(an_event())
    shop.take_in(an_event(DELETED, id="evt-2", **later(shop, days=1)))
    mention = CustomerMention("c-ana", {"email": "ana@example.com"})

    taken = shop.take_in(an_event("customer.updated", id="evt-3", customer=mention, **later(shop, days=1)))

    assert taken == TakenIn(Outcome.ERASED, repeated=False)
    assert shop.table.customer("c-ana").profile.email is None
    assert ("c-ana", "evt-3") not in shop.table.events
    assert shop.workflows.started == {}


def leaves_traces() -> Shop:
    """Ana ordered twice, changed her profile, and one of her runs was replaced by another.

    An older release enrolled her under what she bought, twice.
    """
    campaign = a_campaign(
        "news",
        trigger=ORDER_PLACED,
        key=Key.CUSTOMER,
        reentry=Reentry.RESTART,
        steps=(send("thanks"), wait(days=9)),
    )
    shop = Shop(campaign)
    shop.take_in(
        an_event(customer=CustomerMention("c-ana", {"email": "ana@example.com"}, {}, Consent(True, NOW)))
    )
    for number in (1, 2):
        told = {"delay_reason": "Ana asked", "url": f"https://shop.example.com/{number}", "total": Decimal(5)}
        order = OrderMention(f"o-{number}", told, (OrderItem("x1", "Ana's oven", product_line="oven"),))
        placed = an_event(ORDER_PLACED, id=f"placed-{number}", order=order, properties={"note": "for Ana"})
        shop.take_in(replace(placed, **later(shop, hours=number)))
        shop.advance(EnrollmentId("c-ana", "news", "c-ana"), number)
    before = an_enrollment("news", key="Ana's oven")
    shop.table.runs[before.id, 1] = before.ended(EnrollmentStatus.LEFT, LeaveReason.RESTARTED, NOW)
    shop.table.enrollments[before.id] = replace(before, run=2)
    shop.workflows.start(replace(before, run=2))
    return shop


DELETION = an_event(DELETED, id="evt-9", occurred_at=NOW + timedelta(days=1))


def kept_of(shop: Shop) -> str:
    table = shop.table
    return str(
        [table.customers, table.orders, table.events, table.enrollments, table.runs, table.addresses.links]
    )


def test_of_a_deleted_customer_nothing_personal_is_left_in_any_row() -> None:
    shop = leaves_traces()
    assert len(shop.table.runs) == 2
    assert kept_of(shop).count("Ana") == 10

    shop.clock.advance(days=1)
    shop.take_in(DELETION)

    assert "Ana" not in kept_of(shop)
    assert "example.com" not in kept_of(shop)
    assert shop.table.orders == {}
    assert {row.status for row in shop.table.enrollments.values()} == {EnrollmentStatus.LEFT}


def test_wherever_the_process_crashes_the_queue_finishes_a_deletion() -> None:
    whole = leaves_traces()
    whole.clock.advance(days=1)
    before = len(whole.seams.calls)
    whole.take_in(DELETION)
    calls = len(whole.seams.calls) - before
    assert calls > 10

    for number, phase in product(some(range(calls)), Phase):
        shop = leaves_traces()
        shop.clock.advance(days=1)
        shop.seams.at(before + number, phase, crash)
        with pytest.raises(CrashError):
            shop.take_in(DELETION)
        shop.clock.advance(minutes=6)

        shop.take_in(DELETION)

        assert "Ana" not in kept_of(shop), (number, phase)
        assert shop.table.orders == {}, (number, phase)
        assert shop.workflows.running == set(), (number, phase)


def test_what_arrives_while_a_deletion_is_half_done_is_not_kept() -> None:
    shop = leaves_traces()
    shop.clock.advance(days=1)
    shop.seams.at_next("orders_of", Phase.BEFORE, crash)
    with pytest.raises(CrashError):
        shop.take_in(DELETION)
    late = OrderMention("o-1", {"delay_reason": "Ana asked again"})

    told = shop.rival.take_in(
        an_event("order.delayed", id="evt-10", order=late, occurred_at=shop.clock.now())
    )
    shop.take_in(DELETION)

    assert told.outcome is Outcome.ERASED
    assert shop.table.orders == {}


def test_an_order_that_changes_under_a_deletion_is_read_again() -> None:
    """Its event came first, and is written at the worst time."""
    shop = leaves_traces()
    shop.clock.advance(days=1)

    def changes() -> None:
        order = shop.table.orders["c-ana", "o-1"]
        shop.table.know_order("c-ana", replace(order, version=order.version + 1))

    shop.seams.at_next("keep_of_order", Phase.BEFORE, changes)
    shop.take_in(DELETION)

    assert shop.table.orders == {}


def test_more_runs_than_a_transaction_holds_all_end() -> None:
    shop = Shop(a_campaign())
    shop.table.know(a_customer())
    for number in range(120):
        shop.workflows.start(shop.row(shop.enroll(a_campaign(), key=f"k-{number}", hidden_key="oven")))

    shop.clock.advance(days=1)
    shop.take_in(DELETION)

    assert {row.reason for row in shop.table.enrollments.values()} == {LeaveReason.ERASED}
    assert len(shop.table.enrollments) == 120
    assert shop.workflows.running == set()


def test_who_asks_again_gets_what_was_left_undone() -> None:
    shop = leaves_traces()
    shop.clock.advance(days=1)
    shop.take_in(DELETION)
    shop.table.know_order("c-ana", an_order())

    shop.take_in(replace(DELETION, id="evt-11", **later(shop, days=1)))

    assert shop.table.orders == {}


def test_a_deletion_that_arrives_late_leaves_the_orders_since_they_came_back() -> None:
    shop = leaves_traces()
    shop.take_in(replace(an_event(id="back"), **later(shop, days=2)))
    placed = an_event(ORDER_PLACED, id="placed-3", order_id="o-3")
    shop.take_in(replace(placed, **later(shop, hours=1)))

    shop.take_in(DELETION)

    assert [order_id for _, order_id in shop.table.orders] == ["o-3"]
    assert shop.row(EnrollmentId("c-ana", "news", "c-ana")).is_active
    assert "Ana" not in kept_of(shop)

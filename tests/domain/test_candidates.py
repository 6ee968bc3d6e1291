"""Which customers an event enrolls, and where they begin."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, an_event, an_order
from domain.taking_in import DAY, HOUR, PER_ORDER, WIN_BACK, placed, taken
from outreach.domain.intake.order import OrderItem
from outreach.domain.journeys.campaign import Key
from outreach.domain.journeys.enrollment import (
    EnrollmentId,
)


def test_a_trigger_enrolls_at_the_first_step() -> None:
    [enrollment] = taken(an_event(), a_campaign()).changed

    assert enrollment.id == EnrollmentId("c-ana", "onboarding", "c-ana")
    assert (enrollment.step, enrollment.bundle, enrollment.run) == ("welcome", "v1", 1)
    assert (enrollment.swept, enrollment.due_at) == (False, None)


def test_another_event_enrolls_no_customer() -> None:
    assert taken(an_event("customer.updated"), a_campaign()).changed == ()


def test_only_if_keeps_people_out() -> None:
    assert taken(an_event(), a_campaign(), allowed=False).changed == ()


def test_a_swept_enrollment_is_due_at_once() -> None:
    [enrollment] = taken(placed(), WIN_BACK).changed

    assert (enrollment.swept, enrollment.due_at) == (True, NOW)


def test_the_first_step_counts_from_the_event_and_not_from_its_arrival() -> None:
    [late] = taken(an_event(), a_campaign(), after=3 * DAY).changed
    [early] = taken(an_event(occurred_at=NOW + HOUR), a_campaign()).changed

    assert (late.entered_at, late.started_at) == (NOW, NOW + 3 * DAY)
    assert early.entered_at == NOW


def test_the_highest_priority_enrolls_first() -> None:
    campaigns = [a_campaign(f"c-{n}", priority=n) for n in (10, 90, 50)]

    assert [each.id.campaign for each in taken(an_event(), *campaigns).changed] == [
        "c-90",
        "c-50",
        "c-10",
    ]


def test_per_order_there_is_one_enrollment_for_each_order() -> None:
    first = taken(placed("o-1"), PER_ORDER).changed
    second = taken(placed("o-2", HOUR), PER_ORDER, enrollments=first).changed

    assert [each.id.key for each in (*first, *second)] == ["o-1", "o-2"]


def test_per_product_line_there_is_one_enrollment_for_each_line_of_the_order() -> None:
    tutorial = a_campaign("tutorial", trigger="order.delivered", key=Key.PRODUCT_LINE)
    lines = ["oven", None, "skillet", "oven"]
    items = tuple(OrderItem(f"x{n}", "Thing", product_line=line) for n, line in enumerate(lines))

    delivered = an_event("order.delivered", order_id="o-1")
    enrolled = taken(delivered, tutorial, order=an_order(items=items)).changed

    assert [each.key_value for each in enrolled] == ["oven", "skillet"]


def test_a_key_that_needs_an_order_enrolls_no_customer_without_one() -> None:
    assert taken(an_event(), a_campaign(key=Key.ORDER)).changed == ()
    assert taken(an_event(), a_campaign(key=Key.PRODUCT_LINE)).changed == ()


@pytest.mark.parametrize("exit_after", [timedelta(0), HOUR, 9 * DAY])
def test_an_exit_that_arrives_before_the_trigger_keeps_them_out(exit_after: timedelta) -> None:
    shipped = replace(an_event("order.shipped", order_id="o-1"), occurred_at=NOW + exit_after)
    before = taken(shipped, PER_ORDER)

    assert taken(placed(), PER_ORDER, customer=before.customer, order=before.order).changed == ()


def test_an_exit_from_before_the_trigger_or_of_another_order_does_not() -> None:
    before = taken(replace(an_event("order.shipped", order_id="o-1"), occurred_at=NOW - HOUR), PER_ORDER)
    other = taken(an_event("order.shipped", order_id="o-2"), PER_ORDER)

    assert taken(placed(), PER_ORDER, customer=before.customer, order=before.order).changed
    assert taken(placed(), PER_ORDER, customer=other.customer).changed

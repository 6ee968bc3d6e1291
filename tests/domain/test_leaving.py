"""What ends a run, or wakes it, and what does not."""

from dataclasses import replace

from builders import NOW, a_campaign, a_customer, an_enrollment, an_event
from domain.taking_in import ACTIVE, DAY, HOUR, PER_ORDER, placed, taken
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import CustomerMention, OrderMention
from outreach.domain.journeys.campaign import Driver
from outreach.domain.journeys.enrollment import (
    EnrollmentStatus,
    LeaveReason,
    Waiting,
)


def test_an_exit_event_ends_it_inside_a_wait_and_says_by_which_event() -> None:
    campaign = a_campaign(exit_on=("customer.left",))
    waiting = replace(ACTIVE, due_at=NOW + DAY, waiting=Waiting("customer.activated", NOW + DAY, "t-1"))

    [left] = taken(an_event("customer.left", id="evt-9"), campaign, enrollments=[waiting]).changed

    assert (left.status, left.reason, left.ended_by) == (
        EnrollmentStatus.LEFT,
        LeaveReason.EXIT_EVENT,
        "evt-9",
    )
    assert (left.waiting, left.due_at) == (None, None)


def test_an_exit_event_from_before_the_trigger_ends_nothing() -> None:
    campaign = a_campaign(exit_on=("customer.left",))

    early = an_event("customer.left", occurred_at=NOW - HOUR)

    assert taken(early, campaign, enrollments=[ACTIVE]).changed == ()


def test_an_exit_event_of_another_order_ends_nothing() -> None:
    [run] = taken(placed("o-1"), PER_ORDER).changed

    shipped = an_event("order.shipped", order_id="o-2", occurred_at=NOW + HOUR)

    assert taken(shipped, PER_ORDER, enrollments=[run]).changed == ()
    own = replace(shipped, order=OrderMention("o-1"))
    assert [each.reason for each in taken(own, PER_ORDER, enrollments=[run]).changed] == [
        LeaveReason.EXIT_EVENT
    ]


def test_consent_that_is_taken_back_ends_marketing_but_not_what_the_customer_waits_for() -> None:
    no = Consent(marketing=False, at=NOW + HOUR)
    event = an_event("customer.updated", customer=CustomerMention("c-ana", consent=no))
    [order_run] = taken(placed(), PER_ORDER).changed
    service = replace(PER_ORDER, message_class=a_campaign().message_class.TRANSACTIONAL)

    changed = taken(event, a_campaign(), service, enrollments=[ACTIVE, order_run]).changed

    assert [(each.id.campaign, each.reason) for each in changed] == [("onboarding", LeaveReason.UNSUBSCRIBED)]


def test_a_no_from_a_customer_who_never_said_yes_ends_nothing() -> None:
    no = Consent(marketing=False, at=NOW + HOUR)
    event = an_event("customer.updated", customer=CustomerMention("c-ana", consent=no))

    assert taken(event, a_campaign(), enrollments=[ACTIVE], customer=a_customer(consent=None)).changed == ()


def test_a_campaign_that_is_gone_blocks_no_other() -> None:
    stuck = an_enrollment("gone")

    intake = taken(an_event(id="evt-2"), a_campaign(), enrollments=[stuck])

    assert [each.id.campaign for each in intake.changed] == ["onboarding"]


def test_an_event_that_a_swept_enrollment_waits_for_makes_it_due_at_once() -> None:
    campaign = a_campaign(driver=Driver.SWEEP)
    waiting = replace(
        ACTIVE, swept=True, due_at=NOW + 3 * DAY, waiting=Waiting("customer.activated", NOW + DAY)
    )

    [woken] = taken(an_event("customer.activated"), campaign, enrollments=[waiting], after=HOUR).changed

    assert woken.due_at == NOW + HOUR

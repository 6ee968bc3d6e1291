"""Takes in one event as the tests of intake need it: campaigns and rows in, changes out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from builders import KEY_SECRET, NOW, a_campaign, a_customer, an_enrollment, an_event
from outreach.domain.errors import UnknownCampaignError
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.event import ORDER_PLACED, Event
from outreach.domain.intake.event_effects import Intake, take_in
from outreach.domain.intake.order import Order
from outreach.domain.journeys.campaign import Campaign, Driver, Goal, Key, Reentry
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentStatus,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_ORDER = a_campaign("delay", trigger=ORDER_PLACED, key=Key.ORDER, exit_on=("order.shipped",))
WIN_BACK = a_campaign(
    "win-back",
    trigger=ORDER_PLACED,
    reentry=Reentry.RESTART,
    driver=Driver.SWEEP,
    goal=Goal(ORDER_PLACED, 14 * DAY),
)


def taken(
    event: Event,
    *campaigns: Campaign,
    enrollments: Iterable[Enrollment] = (),
    customer: Customer | None = None,
    order: Order | None = None,
    other_orders: Iterable[Order] = (),
    allowed: bool = True,
    after: timedelta = timedelta(0),
) -> Intake:
    def campaign_of(enrollment: Enrollment) -> Campaign:
        for each in campaigns:
            if each.name == enrollment.id.campaign:
                return each
        raise UnknownCampaignError(enrollment.id.campaign)

    return take_in(
        event,
        customer or a_customer(),
        order,
        {each.id: each for each in enrollments},
        campaigns,
        campaign_of,
        lambda *_: allowed,
        NOW + after,
        key_secret=lambda: KEY_SECRET,
        orders_of=lambda: other_orders,
    )


def placed(order_id: str = "o-1", after: timedelta = timedelta(0), **fields: object) -> Event:
    event = an_event(ORDER_PLACED, id=f"evt-{order_id}-{after}", order_id=order_id, occurred_at=NOW + after)
    return replace(event, **fields)  # type: ignore[arg-type]  # the caller names fields of an Event


ACTIVE = an_enrollment()
OVER = ACTIVE.ended(EnrollmentStatus.FINISHED, "completed", NOW + DAY)

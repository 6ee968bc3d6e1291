"""Rows and events with sensible values, so that a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from outreach.domain.intake.customer import Consent, Customer, Profile
from outreach.domain.intake.event import SIGNED_UP, CustomerMention, Event, OrderMention
from outreach.domain.intake.order import Order, OrderItem
from outreach.domain.journeys.campaign import ALWAYS, Campaign, Driver, Key, MessageClass, Reentry, SendStep
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, Trigger
from outreach.domain.sending.send import Send, SendStatus

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday, ten in the morning in Madrid."""
KEY_SECRET = b"the stack's own key of the tests"


def a_customer(id: str = "c-ana", **fields: Any) -> Customer:  # noqa: A002 - as the domain calls it
    """Ana of Madrid, who wants marketing mail and is not stored yet.

    `email=` and the other fields of the profile may be given directly; so may `marketing=False`.
    """
    said = {name: fields.pop(name) for name in Profile.__dataclass_fields__ if name in fields}
    agreed = fields.pop("marketing", True)
    ana = Customer(
        id=id,
        profile=Profile(
            email="ana@example.com",
            first_name="Ana",
            locale="es-ES",
            country="ES",
            time_zone="Europe/Madrid",
        ),
        consent=Consent(agreed, NOW, "checkout"),
    )
    return replace(ana, **{"profile": replace(ana.profile, **said), **fields})


def an_order(id: str = "o-1", **fields: Any) -> Order:  # noqa: A002 - as the domain calls it
    """One oven, placed now, not stored yet."""
    order = Order(
        id=id,
        status="placed",
        placed_at=NOW,
        total=Decimal("59.90"),
        currency="EUR",
        items=(OrderItem("x1", "Oven", 1, "oven", "59.90"),),
    )
    return replace(order, **fields)


def an_event(
    name: str = SIGNED_UP,
    *,
    id: str = "evt-1",  # noqa: A002 - as the domain calls it
    customer_id: str = "c-ana",
    order_id: str | None = None,
    **fields: Any,
) -> Event:
    """Ana signs up now; with `order_id`, the event also speaks of that order."""
    order = None if order_id is None else OrderMention(order_id)
    event = Event(id=id, name=name, occurred_at=NOW, customer=CustomerMention(customer_id), order=order)
    return replace(event, **fields)


def a_campaign(name: str = "onboarding", **fields: Any) -> Campaign:
    """Marketing by workflow, one message at once, for customers who sign up."""
    campaign = Campaign(
        name=name,
        title="Welcome a new customer",
        message_class=MessageClass.MARKETING,
        topic="getting-started",
        trigger=SIGNED_UP,
        key=Key.CUSTOMER,
        reentry=Reentry.NEVER,
        driver=Driver.WORKFLOW,
        steps=(SendStep("welcome", "welcome", ALWAYS),),
        version="v1",
    )
    return replace(campaign, **fields)


def an_enrollment(
    campaign: str = "onboarding", *, customer_id: str = "c-ana", key: str | None = None, **fields: Any
) -> Enrollment:
    """Ana at the first step of onboarding, since now, not stored yet."""
    enrollment = Enrollment(
        id=EnrollmentId(customer_id, campaign, key or customer_id),
        trigger=Trigger("evt-1", SIGNED_UP, NOW),
        bundle="v1",
        started_at=NOW,
        step="welcome",
        entered_at=NOW,
    )
    return replace(enrollment, **fields)


def a_send(status: SendStatus = SendStatus.CLAIMED, **fields: Any) -> Send:
    """The welcome message, now."""
    return replace(Send("welcome", status, NOW), **fields)

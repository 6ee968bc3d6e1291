"""Rows in which every field has a value, for tests that check whether all of it is read back."""

from datetime import timedelta
from decimal import Decimal

from builders import NOW, a_customer, a_send, an_enrollment, an_order
from outreach.domain.intake.customer import Customer, Purchases, SuppressionReason
from outreach.domain.intake.order import Order, OrderItem
from outreach.domain.journeys.enrollment import Enrollment, HoldReason, Skip, SkipReason, Trigger, Waiting
from outreach.domain.sending.send import SendStatus

LATER = NOW + timedelta(hours=1, milliseconds=7)


def a_full_customer() -> Customer:
    return a_customer(
        last_name="Núñez",
        attributes={"plan": "pro", "seats": 3, "rate": 0.5, "tags": ["a", "b"], "none": None},
        as_of={"email": NOW, "attributes.plan": LATER},
        topics_off=frozenset({"news", "offers"}),
        suppression=SuppressionReason.COMPLAINT,
        purchases=Purchases(2, Decimal("119.80"), "EUR", LATER),
        features_used={"oven": ("grill", "timer")},
        seen={"customer.signed_up": NOW, "order.placed": LATER},
    )


def a_full_order() -> Order:
    return an_order(
        promised_at=NOW + timedelta(days=3),
        first_promised_at=NOW + timedelta(days=2),
        delay_reason="strike at the port",
        url="https://shop.example.com/o/1",
        items=(OrderItem("x1", "Oven", 2, "oven", "59.90"), OrderItem("x2", "Tray")),
        delays=2,
        as_of={"status": LATER},
        seen={"order.placed": NOW},
        counted=True,
    )


def a_full_enrollment() -> Enrollment:
    return an_enrollment(
        "win-back",
        trigger=Trigger("evt-9", "order.placed", NOW, {"coupon": "SPRING", "nested": {"a": [1]}}, "o-1"),
        step="offer",
        entered_at=LATER,
        run=3,
        reason="goal",
        ended_at=LATER,
        due_at=LATER,
        waiting=Waiting("order.placed", LATER, "token" * 100),
        consumed={"order.placed": NOW},
        sends={
            "welcome": a_send(SendStatus.SENT, message_id="ses-1", attempts=2),
            "of#fer 50%": a_send(SendStatus.FAILED, reason="MessageRejected", tries=3),
        },
        skips={"tip": Skip(SkipReason.CONDITION, LATER)},
        holds={HoldReason.CAP: 2},
        hold=HoldReason.WINDOW,
        swept=True,
        goal_at=LATER,
        ended_by="evt-10",
    )

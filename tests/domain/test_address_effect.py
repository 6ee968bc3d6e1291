"""What a report says about an address."""

import pytest

from builders import NOW, a_send
from outreach.domain.feedback.address_effect import (
    AddressEffect,
    OptsOut,
    SoftBounces,
    Suppresses,
    address_effect,
)
from outreach.domain.feedback.report import (
    Bounced,
    BounceKind,
    Clicked,
    Complained,
    ComplaintKind,
    Delivered,
    DeliveryDelayed,
    Feedback,
    Opened,
    Rejected,
    RenderingFailed,
    Report,
    Sent,
    Subscribed,
)
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.sending.send import Send, SendStatus

SENT = a_send(SendStatus.SENT)
DELIVERED = a_send(SendStatus.DELIVERED)
SOFT = Bounced(NOW, BounceKind.TRANSIENT, "MailboxFull")


@pytest.mark.parametrize("send", [SENT, DELIVERED, None])
@pytest.mark.parametrize(
    ("feedback", "effect"),
    [
        (Complained(NOW, ComplaintKind.ABUSE), Suppresses(SuppressionReason.COMPLAINT)),
        (Complained(NOW, ComplaintKind.UNKNOWN), Suppresses(SuppressionReason.COMPLAINT)),
        (Complained(NOW, ComplaintKind.NOT_SPAM), None),
        (Bounced(NOW, BounceKind.PERMANENT, "NoEmail"), Suppresses(SuppressionReason.HARD_BOUNCE)),
        (Bounced(NOW, BounceKind.PERMANENT, "ContentRejected"), None),
        (Bounced(NOW, BounceKind.TRANSIENT, "MessageTooLarge"), None),
        (Subscribed(NOW, wants_nothing=True), OptsOut()),
        (Subscribed(NOW, wants_nothing=False), None),
        *((each(NOW), None) for each in (Sent, Delivered, DeliveryDelayed, Opened, Clicked)),
        *((each(NOW), None) for each in (Rejected, RenderingFailed)),
    ],
)
def test_a_report_has_the_same_effect_whatever_became_of_its_message(
    feedback: Feedback, effect: AddressEffect | None, send: Send | None
) -> None:
    assert address_effect(Report(feedback, "ses-1", NOW), send) == effect


@pytest.mark.parametrize(
    ("send", "effect"), [(SENT, SoftBounces()), (DELIVERED, None), (None, None)], ids=["sent", "arrived", "?"]
)
def test_a_soft_bounce_counts_only_for_a_message_that_did_not_arrive(
    send: Send | None, effect: AddressEffect | None
) -> None:
    assert address_effect(Report(SOFT, "ses-1", NOW), send) == effect

"""Make one message ready: its words, and what it takes to claim it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.domain.sending.cap import Cap, remembered
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sending.unresolved_claim import GRACE
from outreach.ports.sending import Claim, OutgoingEmail, Renderer

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.journeys.campaign import SendStep
    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.usecases.journeys.context import EnrollmentContext


def render_message(
    enrollment: Enrollment, step: SendStep, context: EnrollmentContext, renderer: Renderer
) -> OutgoingEmail:
    """The message as it goes out. Raises TemplateError when these facts do not fit it."""
    campaign, profile = context.campaign, context.customer.profile
    send_id = enrollment.send_id(step.label)
    links = replace(context.links, survey=context.survey_of(send_id))
    facts = {**context.facts, "links": links, "message": {"name": step.message}}
    content = renderer.render(campaign.name, step.message, facts, locale=profile.locale)
    return OutgoingEmail(
        send_id=send_id,
        to=profile.email or "",  # the gate refuses a customer without an address
        content=content,
        message=step.message,
        links=links,
        is_marketing=campaign.is_marketing,
    )


def claim_on(
    enrollment: Enrollment,
    step: SendStep,
    context: EnrollmentContext,
    caps: tuple[Cap, ...],
    now: datetime,
    *,
    address: KnownAddress | None = None,
) -> Claim:
    """The claim on a message that the gate let pass, resting on all that the gate saw.

    `address` is given for marketing to an address that customers share.
    """
    campaign, customer = context.campaign, context.customer
    before = enrollment.sends.get(step.label)
    attempts, tries = (1, 0) if before is None else (before.attempts + 1, before.tries)
    claimed = Send(step.message, SendStatus.CLAIMED, now, attempts, tries=tries)
    return Claim(
        send_id=enrollment.send_id(step.label),
        # Should nobody record what becomes of it, this is when to settle it.
        enrollment=replace(enrollment.with_send(step.label, claimed), due_at=now + GRACE),
        customer=customer,
        topic=campaign.topic if campaign.is_marketing else None,
        mailed_at=(*remembered(customer.mailed_at, caps, now), now) if campaign.is_marketing else (),
        address=address,
    )

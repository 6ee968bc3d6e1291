"""Send one message that the gate let pass: render, claim, send, record; in this order (decision 0001)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.domain.campaign import Campaign, SendStep
from outreach.domain.cap import Cap, remembered
from outreach.domain.enrollment import Enrollment, HoldReason
from outreach.domain.errors import SendImpossible, SendingPaused, SendThrottled
from outreach.domain.gate import PAUSE_RECHECK
from outreach.domain.rendering import TemplateError
from outreach.domain.sends import Send, SendStatus
from outreach.ports import Claim, Ledger, Mailer, OutgoingEmail, Renderer
from outreach.usecases.scene import Scene

GRACE = timedelta(minutes=16)
"""How long a claim may be in doubt: longer than any function can still be running (15 minutes, AWS)."""
THROTTLE_PAUSE = timedelta(minutes=1)
"""After SES refused for its rate; it asks for up to ten minutes, in steps."""
QUOTA_PAUSE = timedelta(hours=1)
"""After SES refused for its daily quota, which is a rolling one: room comes back bit by bit."""
MOST_ATTEMPTS = 2
"""A transactional message in doubt is tried once more, never for ever."""


def send_message(
    enrollment: Enrollment,
    step: SendStep,
    scene: Scene,
    *,
    move_on: Callable[[Enrollment], Enrollment],
    renderer: Renderer,
    ledger: Ledger,
    mailer: Mailer,
    caps: tuple[Cap, ...],
    now: datetime,
) -> Enrollment:
    """Carry one send through to a recorded outcome, and give back the stored enrollment.

    Raises Conflict when what the gate saw no longer holds: nothing was sent then. An error of the
    mailer that leaves open whether the message went flies; the claim stays and is settled later.
    """
    before = enrollment.sends.get(step.label)
    attempts = 1 if before is None else before.attempts + 1
    claimed = Send(step.message, SendStatus.CLAIMED, now, attempts)
    try:
        email = _render(enrollment, step, scene, renderer)
    except TemplateError:
        failed = replace(claimed, status=SendStatus.FAILED, reason="render_failed")
        enrollment = ledger.claim(_claim(enrollment, step, claimed, scene, caps, now))
        return ledger.record(move_on(enrollment.with_send(step.label, failed)), step.label, failed)

    enrollment = ledger.claim(_claim(enrollment, step, claimed, scene, caps, now))
    try:
        message_id = mailer.send(email)
    except SendThrottled as refusal:
        pause = QUOTA_PAUSE if refusal.reason == "daily_quota" else THROTTLE_PAUSE
        hold = HoldReason.QUOTA if refusal.reason == "daily_quota" else HoldReason.PACE
        outcome = replace(claimed, status=SendStatus.DEFERRED, reason=refusal.reason)
        after = enrollment.with_send(step.label, outcome).held(hold, now + pause)
    except SendingPaused as refusal:
        outcome = replace(claimed, status=SendStatus.DEFERRED, reason=refusal.reason)
        after = enrollment.with_send(step.label, outcome).held(HoldReason.PAUSED, now + PAUSE_RECHECK)
    except SendImpossible as refusal:
        outcome = replace(claimed, status=SendStatus.FAILED, reason=refusal.reason)
        after = move_on(enrollment.with_send(step.label, outcome))
    else:
        outcome = replace(claimed, status=SendStatus.SENT, message_id=message_id)
        after = move_on(enrollment.with_send(step.label, outcome))
    return ledger.record(after, step.label, outcome)


def settle_claim(
    enrollment: Enrollment, step: SendStep, campaign: Campaign, now: datetime
) -> Enrollment | None:
    """What to do about a claim whose outcome nobody recorded; None when there is no such claim.

    Until the grace is over its owner may still be at work. Then the class decides: marketing is not
    sent again, a transactional message is, once.
    """
    send = enrollment.sends.get(step.label)
    if send is None or send.status is SendStatus.DEFERRED:
        return None
    if send.status is SendStatus.CLAIMED:
        if now < send.at + GRACE:
            return enrollment.held(HoldReason.PACE, send.at + GRACE)
        if not campaign.is_marketing and send.attempts < MOST_ATTEMPTS:
            return enrollment.with_send(step.label, replace(send, status=SendStatus.DEFERRED, at=now))
        send = replace(send, status=SendStatus.UNKNOWN, at=now, reason="no_record")
    return enrollment.with_send(step.label, send).at_step(campaign.after(step.label), now)


def _render(enrollment: Enrollment, step: SendStep, scene: Scene, renderer: Renderer) -> OutgoingEmail:
    campaign, profile = scene.campaign, scene.customer.profile
    facts = {**scene.facts, "message": {"name": step.message}}
    content = renderer.render(campaign.name, step.message, facts, locale=profile.locale)
    return OutgoingEmail(
        send_id=enrollment.send_id(step.label),
        to=profile.email or "",  # the gate refuses a customer without an address
        content=content,
        message=step.message,
        links=scene.links,
        is_marketing=campaign.is_marketing,
    )


def _claim(
    enrollment: Enrollment, step: SendStep, claimed: Send, scene: Scene, caps: tuple[Cap, ...], now: datetime
) -> Claim:
    campaign, customer = scene.campaign, scene.customer
    return Claim(
        send_id=enrollment.send_id(step.label),
        enrollment=enrollment.with_send(step.label, claimed),
        customer=customer,
        topic=campaign.topic if campaign.is_marketing else None,
        mailed_at=(*remembered(customer.mailed_at, caps, now), now) if campaign.is_marketing else (),
    )

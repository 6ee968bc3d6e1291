"""Send one message that the gate let pass: render, claim, send, record; in this order (decision 0001)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.domain.campaign import SendStep
from outreach.domain.cap import Cap, remembered
from outreach.domain.enrollment import Enrollment, HoldReason
from outreach.domain.errors import SendImpossible, SendingPaused, SendRefused, SendThrottled
from outreach.domain.gate import PAUSE_RECHECK
from outreach.domain.rendering import TemplateError
from outreach.domain.sends import Send, SendStatus
from outreach.ports import Claim, Ledger, Mailer, OutgoingEmail, Renderer
from outreach.usecases.scene import Scene
from outreach.usecases.settle_claim import GRACE

THROTTLE_PAUSE = timedelta(minutes=1)
"""After SES refused for its rate; it asks for up to ten minutes, in steps."""
QUOTA_PAUSE = timedelta(hours=1)
"""After SES refused for its daily quota, which is a rolling one: room comes back bit by bit."""


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
    claim = _claim(enrollment, step, scene, caps, now)
    claimed = claim.enrollment.sends[step.label]
    try:
        email = _render(enrollment, step, scene, renderer)
    except TemplateError:
        # Nothing will go out, so nothing may count against the cap.
        outcome = replace(claimed, status=SendStatus.FAILED, reason="render_failed")
        enrollment = ledger.claim(replace(claim, topic=None, mailed_at=()))
        return ledger.record(move_on(enrollment.with_send(step.label, outcome)), step.label, outcome)

    enrollment = ledger.claim(claim)
    try:
        message_id = mailer.send(email)
    except SendImpossible as refusal:
        outcome = replace(claimed, status=SendStatus.FAILED, reason=refusal.reason)
        after = move_on(enrollment.with_send(step.label, outcome))
    except SendThrottled as refusal:
        outcome = _given_back(claimed, refusal)
        is_quota = refusal.reason == "daily_quota"
        hold, pause = (HoldReason.QUOTA, QUOTA_PAUSE) if is_quota else (HoldReason.PACE, THROTTLE_PAUSE)
        after = enrollment.with_send(step.label, outcome).held(hold, now + pause)
    except SendingPaused as refusal:
        outcome = _given_back(claimed, refusal)
        after = enrollment.with_send(step.label, outcome).held(HoldReason.PAUSED, now + PAUSE_RECHECK)
    else:
        outcome = replace(claimed, status=SendStatus.SENT, message_id=message_id)
        after = move_on(enrollment.with_send(step.label, outcome))
    return ledger.record(after, step.label, outcome)


def without_own_claim(scene: Scene, send: Send | None) -> Scene:
    """A claim that was given back was counted under the cap; it must not stand in its own way."""
    mailed_at = list(scene.customer.mailed_at)
    if send is None or send.status is not SendStatus.DEFERRED or send.at not in mailed_at:
        return scene
    mailed_at.remove(send.at)
    return replace(scene, customer=replace(scene.customer, mailed_at=tuple(mailed_at)))


def _claim(
    enrollment: Enrollment, step: SendStep, scene: Scene, caps: tuple[Cap, ...], now: datetime
) -> Claim:
    campaign, customer = scene.campaign, scene.customer
    before = enrollment.sends.get(step.label)
    attempts = 1 if before is None else before.attempts + 1
    claimed = Send(step.message, SendStatus.CLAIMED, now, attempts)
    return Claim(
        send_id=enrollment.send_id(step.label),
        # Should nobody record what becomes of it, this is when to settle it.
        enrollment=replace(enrollment.with_send(step.label, claimed), due_at=now + GRACE),
        customer=customer,
        topic=campaign.topic if campaign.is_marketing else None,
        mailed_at=(*remembered(customer.mailed_at, caps, now), now) if campaign.is_marketing else (),
    )


def _given_back(claimed: Send, refusal: SendRefused) -> Send:
    """Not an attempt, for it definitely did not go: only those that may have gone are counted."""
    return replace(claimed, status=SendStatus.DEFERRED, attempts=claimed.attempts - 1, reason=refusal.reason)


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

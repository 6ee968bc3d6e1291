"""Send one message that the gate let pass: render, take a turn, claim, send, record; in this order.

Why claiming comes before sending is decision 0001. The turn comes before the claim, so that whoever
leaves while it waits gets nothing, and a process that dies meanwhile leaves nothing in doubt.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.domain.campaign import SendStep
from outreach.domain.cap import Cap, remembered
from outreach.domain.enrollment import Enrollment, HoldReason
from outreach.domain.errors import SendImpossible, SendingPaused, SendRefused, SendThrottled
from outreach.domain.gate import PAUSE_RECHECK
from outreach.domain.pacing import Wait
from outreach.domain.rendering import TemplateError
from outreach.domain.sends import Send, SendStatus
from outreach.ports import Claim, Clock, Enrollments, Ledger, Mailer, OutgoingEmail, Pacer, Renderer
from outreach.usecases.scene import Scene
from outreach.usecases.settle_claim import GRACE
from outreach.usecases.take_turn import take_turn

THROTTLE_PAUSE = timedelta(minutes=1)
"""After SES refused for its rate; it asks for up to ten minutes, in steps."""
SHORT_PAUSE = timedelta(seconds=5)
"""The same for transactional mail: it goes at once beside marketing, so it may meet a second that is full."""
QUOTA_PAUSE = timedelta(hours=1)
"""After SES refused for its daily quota, which is a rolling one: room comes back bit by bit."""


def send_message(
    enrollment: Enrollment,
    step: SendStep,
    scene: Scene,
    *,
    move_on: Callable[[Enrollment], Enrollment],
    renderer: Renderer,
    pacer: Pacer,
    clock: Clock,
    enrollments: Enrollments,
    ledger: Ledger,
    mailer: Mailer,
    caps: tuple[Cap, ...],
    patience: timedelta,
    now: datetime,
) -> Enrollment:
    """Carry one send through to a recorded outcome, or hold it; give back the stored enrollment.

    Raises Conflict when what the gate saw no longer holds: nothing was sent then. An error of the
    mailer that leaves open whether the message went flies; the claim stays and is settled later.
    """
    before = enrollment.sends.get(step.label)
    claim = _claim(enrollment, step, scene, caps, now)
    claimed = claim.enrollment.sends[step.label]
    try:
        email = _render(enrollment, step, scene, renderer)
    except TemplateError:
        # Nothing will go out, so nothing may count against the cap.
        outcome = replace(claimed, status=SendStatus.FAILED, reason="render_failed")
        enrollment = ledger.claim(replace(claim, topic=None, mailed_at=()))
        return ledger.record(move_on(enrollment.with_send(step.label, outcome)), step.label, outcome)

    turn = take_turn(marketing=scene.campaign.is_marketing, pacer=pacer, clock=clock, patience=patience)
    if isinstance(turn, Wait):
        return enrollments.save(enrollment.held(turn.reason, _in_time(turn.until, enrollment, step)))
    enrollment = ledger.claim(claim)
    try:
        message_id = mailer.send(email)
    except SendImpossible as refusal:
        outcome = replace(claimed, status=SendStatus.FAILED, reason=refusal.reason)
        after = move_on(enrollment.with_send(step.label, outcome))
    except SendThrottled as refusal:
        outcome = _given_back(claimed, refusal)
        is_marketing = scene.campaign.is_marketing
        hold, pause = HoldReason.PACE, THROTTLE_PAUSE if is_marketing else SHORT_PAUSE
        if refusal.reason == "daily_quota":
            hold, pause = HoldReason.QUOTA, QUOTA_PAUSE
        after = enrollment.with_send(step.label, outcome).held(hold, now + pause)
    except SendingPaused as refusal:
        outcome = _given_back(claimed, refusal)
        after = enrollment.with_send(step.label, outcome).held(HoldReason.PAUSED, now + PAUSE_RECHECK)
    else:
        outcome = replace(claimed, status=SendStatus.SENT, message_id=message_id)
        after = move_on(enrollment.with_send(step.label, outcome))
    recorded = ledger.record(after, step.label, outcome)
    _tell_refusal(pacer, outcome, again=_was_refused(before), scene=scene, now=clock.now())
    return recorded


def without_own_claim(scene: Scene, send: Send | None) -> Scene:
    """A claim that was given back was counted under the cap; it must not stand in its own way."""
    mailed_at = list(scene.customer.mailed_at)
    if send is None or send.status is not SendStatus.DEFERRED or send.at not in mailed_at:
        return scene
    mailed_at.remove(send.at)
    return replace(scene, customer=replace(scene.customer, mailed_at=tuple(mailed_at)))


def _in_time(until: datetime, enrollment: Enrollment, step: SendStep) -> datetime:
    """A message that is too late by then is looked at when it becomes so, and skipped."""
    return until if step.valid_for is None else min(until, enrollment.entered_at + step.valid_for)


def _was_refused(before: Send | None) -> bool:
    return before is not None and before.reason == "rate"


def _tell_refusal(pacer: Pacer, outcome: Send, *, again: bool, scene: Scene, now: datetime) -> None:
    """After the refusal is on record: a crash here costs the pacer a hint, and nobody a message.

    A transactional message that is refused once only met a second full of marketing, which makes room
    for it already.
    """
    if outcome.status is not SendStatus.DEFERRED:
        return
    if outcome.reason == "daily_quota":
        pacer.run_out()
    elif outcome.reason == "rate" and (again or scene.campaign.is_marketing):
        pacer.slow_down(now=now)


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

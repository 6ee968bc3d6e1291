"""Send one message that the gate let pass: render, take a turn, claim, send, record; in this order.

Why claiming comes before sending is decision 0001. The waiting comes before the claim, but for its last
moment: so whoever leaves meanwhile gets nothing, and a process that dies leaves nothing in doubt.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.domain.errors import SendRefusedError
from outreach.domain.sending.gate import Hold
from outreach.domain.sending.rate_limiter import Wait
from outreach.domain.sending.refusal import failed_or_released, hold_after, shows_a_limit
from outreach.domain.sending.rendering import TemplateError
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sending.send_reason import SendReason
from outreach.usecases.sending.acquire_permit import acquire_permit, until_permit
from outreach.usecases.sending.draft_message import claim_on, render_message
from outreach.usecases.sending.preflight import preflight, report_outcome
from outreach.usecases.sending.refusal import free_place_of, report_to_rate_limiter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.journeys.campaign import SendStep
    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.domain.sending.cap import Cap
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments
    from outreach.ports.sending import Ledger, Mailer, RateLimiter, Renderer, SendingStateStore
    from outreach.usecases.journeys.context import EnrollmentContext


def send_message(
    enrollment: Enrollment,
    step: SendStep,
    context: EnrollmentContext,
    *,
    advance_past_step: Callable[[Enrollment], Enrollment],
    renderer: Renderer,
    rate_limiter: RateLimiter,
    clock: Clock,
    enrollments: Enrollments,
    ledger: Ledger,
    mailer: Mailer,
    state_store: SendingStateStore,
    caps: tuple[Cap, ...],
    patience: timedelta,
    now: datetime,
    address: KnownAddress | None = None,
) -> Enrollment:
    """Carry one send through to a recorded outcome, or hold it; give back the stored enrollment.

    Raises ConflictError when what the gate saw no longer holds: nothing was sent then. An error of the
    mailer that leaves open whether the message went flies; the claim stays and is settled later.
    """
    is_marketing = context.campaign.is_marketing
    before = enrollment.sends.get(step.label)
    claim = claim_on(enrollment, step, context, caps, now, address=address)
    claimed = claim.enrollment.sends[step.label]
    try:
        email = render_message(enrollment, step, context, renderer)
    except TemplateError:
        # Nothing will go out, so nothing may count against the cap.
        outcome = replace(claimed, status=SendStatus.FAILED, reason=SendReason.RENDER_FAILED)
        enrollment = ledger.claim(replace(claim, topic=None, mailed_at=(), address=None))
        return ledger.record(
            advance_past_step(enrollment.with_send(step.label, outcome)), step.label, outcome
        )

    permit = acquire_permit(marketing=is_marketing, rate_limiter=rate_limiter, clock=clock, patience=patience)
    if isinstance(permit, Wait):
        return enrollments.save(enrollment.held(permit.reason, _in_time(permit.until, enrollment, step)))
    go = preflight(state_store, campaign=context.campaign.name, is_marketing=is_marketing, now=clock.now())
    if isinstance(go, Hold):
        return enrollments.save(enrollment.held(go.reason, _in_time(go.until, enrollment, step)))
    enrollment = ledger.claim(claim)
    until_permit(permit, clock)
    answer: str | SendRefusedError
    try:
        answer = mailer.send(email)
    except SendRefusedError as refusal:
        answer = refusal
    answered_at = clock.now()
    if isinstance(answer, SendRefusedError):
        outcome = failed_or_released(claimed, answer)
        after = enrollment.with_send(step.label, outcome)
        hold = hold_after(answer, outcome, go.outage, is_marketing=is_marketing, now=answered_at)
        after = advance_past_step(after) if hold is None else after.held(*hold)
    else:
        outcome = replace(claimed, status=SendStatus.SENT, message_id=answer)
        after = advance_past_step(enrollment.with_send(step.label, outcome))
    recorded = ledger.record(after, step.label, outcome)
    free_place_of(enrollment.id.customer_id, outcome, is_marketing=is_marketing, ledger=ledger)
    report_outcome(state_store, go.outage, [answer], now=answered_at)
    # After the refusal is recorded: a crash here costs the rate limiter a hint, and loses no message.
    if shows_a_limit(before, outcome, is_marketing=is_marketing):
        report_to_rate_limiter(rate_limiter, outcome.reason, now=clock.now())
    return recorded


def without_own_claim(context: EnrollmentContext, send: Send | None) -> EnrollmentContext:
    """A claim that was given back was counted under the cap; it must not stand in its own way."""
    mailed_at = list(context.customer.mailed_at)
    if send is None or send.status is not SendStatus.DEFERRED or send.at not in mailed_at:
        return context
    mailed_at.remove(send.at)
    return replace(context, customer=replace(context.customer, mailed_at=tuple(mailed_at)))


def _in_time(until: datetime, enrollment: Enrollment, step: SendStep) -> datetime:
    """A message that is too late by then is looked at when it becomes so, and skipped."""
    return until if step.valid_for is None else min(until, enrollment.entered_at + step.valid_for)

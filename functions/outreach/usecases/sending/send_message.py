"""Send one message that the gate let pass: render it, wait for its permit, and deliver it alone.

The wait comes before the claim, but for its last moment: so a customer who leaves meanwhile gets nothing, and
a process that dies leaves no claim.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from outreach.domain.errors import SendRefusedError
from outreach.domain.sending.gate import Hold
from outreach.domain.sending.rate_limiter import Wait
from outreach.domain.sending.refusal import failed_or_released, hold_after
from outreach.domain.sending.rendering import TemplateError
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sending.send_reason import SendReason
from outreach.usecases.sending.deliver import Deliver, Draft
from outreach.usecases.sending.draft_message import claim_on, render_message
from outreach.usecases.sending.permission import permission
from outreach.usecases.sending.refusal import free_place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.journeys.campaign import SendStep
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.cap import Cap
    from outreach.domain.sending.outage import Outage
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments
    from outreach.ports.sending import (
        Ledger,
        Mailer,
        OutgoingEmail,
        RateLimiter,
        Renderer,
        SendingStateStore,
    )
    from outreach.usecases.journeys.context import EnrollmentContext
    from outreach.usecases.sending.deliver import Answered


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

    allowed = permission(
        1,
        campaign=context.campaign.name,
        is_marketing=context.campaign.is_marketing,
        rate_limiter=rate_limiter,
        state_store=state_store,
        clock=clock,
        patience=patience,
    )
    if isinstance(allowed, Wait | Hold):
        return enrollments.save(enrollment.held(allowed.reason, _in_time(allowed.until, enrollment, step)))
    permit, go = allowed
    row = _OneRow(ledger, clock, advance_past_step)
    deliver = Deliver(rate_limiter=rate_limiter, state_store=state_store, clock=clock)
    deliver([Draft(step, claim, email, enrollment)], row, partial(_send_one, mailer), permit=permit, go=go)
    return row.recorded[0]


class _OneRow:
    """Claims and records in the enrollment's own row."""

    def __init__(
        self, ledger: Ledger, clock: Clock, advance_past_step: Callable[[Enrollment], Enrollment]
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._advance_past_step = advance_past_step
        self.recorded: list[Enrollment] = []

    def claim(self, drafts: Sequence[Draft]) -> Mapping[EnrollmentId, Enrollment]:
        """Raises ConflictError when what the gate saw no longer holds."""
        return {draft.at_step.id: self._ledger.claim(draft.claim) for draft in drafts}

    def record(self, answered: Sequence[Answered], outage: Outage | None) -> None:
        """The send, and where the enrollment stands after it, in one write."""
        now = self._clock.now()
        for each in answered:
            label, outcome = each.draft.step.label, _outcome_of(each)
            after, hold = each.claimed.with_send(label, outcome), None
            if isinstance(each.answer, SendRefusedError):
                is_marketing = each.draft.email.is_marketing
                hold = hold_after(each.answer, outcome, outage, is_marketing=is_marketing, now=now)
            after = self._advance_past_step(after) if hold is None else after.held(*hold)
            self.recorded.append(self._ledger.record(after, label, outcome))

    def finish(self, answered: Sequence[Answered], outage: Outage | None, now: datetime) -> None:
        """Free the place under the cap of what failed."""
        del outage, now
        for each in answered:
            customer_id, is_marketing = each.claimed.id.customer_id, each.draft.email.is_marketing
            free_place_of(customer_id, _outcome_of(each), is_marketing=is_marketing, ledger=self._ledger)


def _outcome_of(answered: Answered) -> Send:
    claimed, answer = answered.claimed.sends[answered.draft.step.label], answered.answer
    if isinstance(answer, SendRefusedError):
        return failed_or_released(claimed, answer)
    return replace(claimed, status=SendStatus.SENT, message_id=str(answer))


def _send_one(mailer: Mailer, emails: Sequence[OutgoingEmail]) -> Sequence[str | SendRefusedError]:
    """An error that leaves open whether the message was sent is raised."""
    (email,) = emails
    try:
        return (mailer.send(email),)
    except SendRefusedError as refusal:
        return (refusal,)


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

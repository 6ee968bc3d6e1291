"""Settle a claim whose outcome nobody recorded: its process died, or could not tell what became of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from outreach.domain.campaign import Campaign, SendStep
from outreach.domain.enrollment import Enrollment, HoldReason
from outreach.domain.sends import SendStatus

GRACE = timedelta(minutes=16)
"""How long a claim may be in doubt: longer than any function can still be running (15 minutes, AWS)."""
MOST_ATTEMPTS = 2
"""A transactional message in doubt is tried once more, never for ever."""


def settle_claim(
    enrollment: Enrollment, campaign: Campaign, move_on: Callable[[Enrollment], Enrollment], now: datetime
) -> Enrollment | None:
    """What to do about the send it stands at; None when there is no claim on it, so that it may be judged.

    This is asked before anything else: once a message was claimed, its condition, or whether the
    customer wants it, is no longer the question. Until the grace is over the claim's owner may still be
    at work. Then the class decides: marketing is not sent again, a transactional message is, once.
    """
    step, send = campaign.step(enrollment.step), enrollment.sends.get(enrollment.step)
    if not isinstance(step, SendStep) or send is None or send.status is SendStatus.DEFERRED:
        return None
    if send.status is SendStatus.CLAIMED:
        if now < send.at + GRACE:
            return enrollment.held(HoldReason.PACE, send.at + GRACE)
        if not campaign.is_marketing and send.attempts < MOST_ATTEMPTS:
            again = replace(send, status=SendStatus.DEFERRED, at=now, reason="no_record")
            return replace(enrollment.with_send(step.label, again), hold=None, due_at=now)
        send = replace(send, status=SendStatus.UNKNOWN, at=now, reason="no_record")
    return move_on(enrollment.with_send(step.label, send))

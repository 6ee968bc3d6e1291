"""What follows when the e-mail service definitely did not take a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.domain.errors import (
    SendFalteredError,
    SendImpossibleError,
    SendingPausedError,
    SendRefusedError,
)
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.outage import Outage, outage_after
from outreach.domain.sending.send import Send, SendStatus

if TYPE_CHECKING:
    from outreach.ports.sending import Ledger, RateLimiter

RATE = "rate"
DAILY_QUOTA = "daily_quota"
THROTTLE_PAUSE = timedelta(minutes=1)
"""After SES refused for its rate; it asks for up to ten minutes, in steps."""
SHORT_PAUSE = timedelta(seconds=5)
"""The same for transactional mail: it goes at once beside marketing, so it may meet a second that is full."""
LONGER_EACH_TIME = 6
"""After each try in vain the next pause is so many times as long: trouble that passes has hours to pass."""
QUOTA_PAUSE = timedelta(hours=1)
"""After SES refused for its daily quota, which is a rolling one: room comes back bit by bit."""


def failed_or_released(claimed: Send, refusal: SendRefusedError) -> Send:
    """The send after a refusal: failed for good, or given back so that it may be claimed again.

    A refusal is not an attempt, for the message definitely did not go: only those that may have gone
    are counted.
    """
    if isinstance(refusal, SendImpossibleError):
        return replace(claimed, status=SendStatus.FAILED, reason=refusal.reason)
    if isinstance(refusal, SendFalteredError):
        return claimed.in_vain(refusal.reason)
    return claimed.released(refusal.reason)


def hold_after(
    refusal: SendRefusedError, outcome: Send, outage: Outage | None, *, is_marketing: bool, now: datetime
) -> tuple[HoldReason, datetime] | None:
    """Why and until when to wait before the next try; None when there will be none.

    Who was refused for the account is the first who may try again: the gate lets everybody else wait for
    how that went.
    """
    if outcome.status is SendStatus.FAILED:
        return None
    if isinstance(refusal, SendingPausedError):
        return HoldReason.PAUSED, outage_after(outage, refusal.reason, now).retry_at
    if refusal.reason == DAILY_QUOTA:
        return HoldReason.QUOTA, now + QUOTA_PAUSE
    pause = THROTTLE_PAUSE if is_marketing else SHORT_PAUSE
    if isinstance(refusal, SendFalteredError):
        pause *= LONGER_EACH_TIME ** (outcome.tries - 1)
    return HoldReason.PACE, now + pause


def free_place_of(customer_id: str, ended: Send, *, is_marketing: bool, ledger: Ledger) -> None:
    """What failed for good leaves its place under the cap to other campaigns.

    After its end is on record: a crash in between keeps the place for a day, and costs nobody a message.
    """
    if is_marketing and ended.status is SendStatus.FAILED:
        ledger.free_place(customer_id, ended.at)


def report_to_rate_limiter(rate_limiter: RateLimiter, reason: str | None, *, now: datetime) -> None:
    """Let all senders of the account know that one met a limit."""
    if reason == DAILY_QUOTA:
        rate_limiter.run_out()
    elif reason == RATE:
        rate_limiter.slow_down(now=now)

"""What follows when the e-mail service definitely did not take a message."""

from dataclasses import replace
from datetime import datetime, timedelta

from outreach.domain.errors import (
    SendFalteredError,
    SendImpossibleError,
    SendingPausedError,
    SendRefusedError,
)
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.outage import Outage, outage_after
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sending.send_reason import SendReason

THROTTLE_PAUSE = timedelta(minutes=1)
"""After SES refused for its rate; it asks for up to ten minutes, in steps."""
SHORT_PAUSE = timedelta(seconds=5)
"""The same for a transactional message: it goes at once beside marketing, so it may meet a full second."""
LONGER_EACH_TIME = 6
"""After each try in vain the next pause is so many times as long: a fault that passes has hours to pass."""
QUOTA_PAUSE = timedelta(hours=1)
"""After SES refused for its daily quota, a rolling one: room returns little by little."""

type HoldUntil = tuple[HoldReason, datetime]
"""Why a message waits for its next try, and until when."""


def failed_or_released(claimed: Send, refusal: SendRefusedError) -> Send:
    """The send after a refusal: failed for good, or released so that it may be claimed again.

    A refusal is not an attempt, for the message was definitely not sent: only messages that may have been
    sent are counted.
    """
    if isinstance(refusal, SendImpossibleError):
        return replace(claimed, status=SendStatus.FAILED, reason=refusal.reason)
    if isinstance(refusal, SendFalteredError):
        return claimed.in_vain(refusal.reason)
    return claimed.released(refusal.reason)


def hold_after(
    refusal: SendRefusedError, outcome: Send, outage: Outage | None, *, is_marketing: bool, now: datetime
) -> HoldUntil | None:
    """Why and until when to wait before the next try; None when there will be none.

    A message that was refused because of the account is the first that may be tried again: the gate holds all
    others until that try is over.
    """
    if outcome.status is SendStatus.FAILED:
        return None
    if isinstance(refusal, SendingPausedError):
        return HoldReason.PAUSED, outage_after(outage, refusal.reason, now).retry_at
    if refusal.reason == SendReason.DAILY_QUOTA:
        return HoldReason.QUOTA, now + QUOTA_PAUSE
    pause = THROTTLE_PAUSE if is_marketing else SHORT_PAUSE
    if isinstance(refusal, SendFalteredError):
        pause *= LONGER_EACH_TIME ** (outcome.tries - 1)
    return HoldReason.PACE, now + pause


def shows_a_limit(before: Send | None, outcome: Send, *, is_marketing: bool, is_alone: bool) -> bool:
    """Whether the rate limiter must learn why a message was refused.

    A transactional message that was sent alone and is refused once for the rate only met a second full of
    marketing, which leaves room for it already. `before` is the send before this try.
    """
    if outcome.status is not SendStatus.DEFERRED:
        return False
    is_repeated = before is not None and before.reason == SendReason.RATE
    return is_marketing or is_repeated or not is_alone or outcome.reason != SendReason.RATE


def leaves_its_place(ended: Send, *, is_marketing: bool) -> bool:
    """Whether the cap must no longer count it: a message that failed for good was not sent."""
    return is_marketing and ended.status is SendStatus.FAILED

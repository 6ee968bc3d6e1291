"""What to think of a claim whose outcome nobody recorded.

SES reports every message that it takes (its `Send` event). If such reports are demonstrably coming in for
messages of a later moment, and none came for this one, it never went. Only while nothing comes in at all
must the message's class decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.domain.sends import Send, SendStatus

GRACE = timedelta(minutes=16)
"""How long a claim's owner may still be at work: no function runs longer than 15 minutes (AWS quota)."""
LAG = timedelta(minutes=5)
"""How much later than a claim reports must be for, before the absence of its own means anything: a message
goes within two minutes of its claim, and reports come in any order, seconds apart."""
PATIENCE = timedelta(minutes=10)
"""How long to wait for the report of a probe."""
LATE = timedelta(hours=2)
"""How long a marketing message waits for a report that is late: what keeps an answer from coming may hold
up its report as well."""
SILENCE = timedelta(hours=1)
"""How old a claim must be before silence may decide about it."""
MOST_ATTEMPTS = 2
"""While feedback is silent, a transactional message in doubt is tried once more, never for ever."""


def nothing_was_heard(neighbours: Iterable[Send]) -> bool:
    """Whether nothing was heard of messages that surely went at about the same moment.

    If so, that nothing was heard of this one proves nothing either, though feedback may flow again by now.
    """
    statuses = [send.status for send in neighbours]
    return bool(statuses) and not any(status.rank > SendStatus.SENT.rank for status in statuses)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What shows whether feedback flows."""

    reported_up_to: datetime | None = None
    """When the newest message was sent that SES has confirmed."""
    probed_at: datetime | None = None
    """When SES last took a probe: a message whose only use is to be reported."""


class Finding(StrEnum):
    """How a doubt ends."""

    NEVER_WENT = "never_went"
    """Proven: it may be tried again."""
    TRY_AGAIN = "try_again"
    """Not known; a transactional message rather comes twice than not at all."""
    GIVE_UP = "give_up"
    """Not known; a marketing message rather does not come than twice."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """The doubt cannot be ended before this moment."""

    look_again_at: datetime
    wants_probe: bool = False
    """Nothing was sent since that could show whether feedback flows: send something that can."""


def is_too_early(send: Send, now: datetime) -> bool:
    """Whether the claim's owner may still be at work, so that no evidence could change anything."""
    return now < send.at + GRACE


def settle(send: Send, *, is_marketing: bool, hearing: Hearing, now: datetime) -> Finding | NotYet:
    """Judge a claimed send.

    That nothing was reported means something only if something was there to be reported: silence is an
    unanswered probe, not an empty street.
    """
    if is_too_early(send, now):
        return NotYet(send.at + GRACE)
    telling = send.at + LAG
    if hearing.reported_up_to is not None and hearing.reported_up_to >= telling:
        late_until = send.at + LATE if is_marketing else send.at
        return NotYet(late_until) if now < late_until else Finding.NEVER_WENT
    if hearing.probed_at is None or hearing.probed_at < telling:
        return NotYet(now + PATIENCE, wants_probe=True)
    silent_at = max(hearing.probed_at + PATIENCE, send.at + SILENCE)
    if now < silent_at:
        return NotYet(silent_at)
    if is_marketing or send.attempts >= MOST_ATTEMPTS:
        return Finding.GIVE_UP
    return Finding.TRY_AGAIN

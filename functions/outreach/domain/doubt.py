"""What to think of a claim whose outcome nobody recorded.

SES reports every message that it takes (its `Send` event). If such reports are demonstrably coming in for
messages of a later moment, and none came for this one, it never went. Only while nothing comes in at all
must the message's class decide.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.domain.sends import Send

GRACE = timedelta(minutes=16)
"""How long a claim's owner may still be at work: no function runs longer than 15 minutes (AWS quota)."""
LAG = timedelta(minutes=5)
"""How much later than a claim reports must be for, before the absence of its own means anything: reports
come in any order, seconds apart."""
PROBE_PATIENCE = timedelta(minutes=10)
"""How long to wait for the report of a probe."""
SILENCE = timedelta(hours=1)
"""After so long without any report of a later message, feedback counts as silent."""
MOST_ATTEMPTS = 2
"""While feedback is silent, a transactional message in doubt is tried once more, never for ever."""


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


def settle(
    send: Send, *, is_marketing: bool, reported_up_to: datetime | None, now: datetime
) -> Finding | NotYet:
    """Judge a claimed send. `reported_up_to` is when the newest message was sent that SES has confirmed."""
    if now < send.at + GRACE:
        return NotYet(send.at + GRACE)
    if reported_up_to is not None and reported_up_to >= send.at + LAG:
        return Finding.NEVER_WENT
    if now < send.at + SILENCE:
        return NotYet(min(now + PROBE_PATIENCE, send.at + SILENCE), wants_probe=True)
    if is_marketing or send.attempts >= MOST_ATTEMPTS:
        return Finding.GIVE_UP
    return Finding.TRY_AGAIN

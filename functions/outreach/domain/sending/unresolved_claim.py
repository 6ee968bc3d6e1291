"""How an unresolved claim is judged: a claim whose outcome was not recorded.

SES reports every message that it takes, to two sources. If both demonstrably report messages of a later time,
and neither reported this one, it was never sent. Only while one of them is silent must the message's class
decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.domain.feedback.health import BACKLOG_ENDS, FeedbackHealth
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sending.send_reason import SendReason

GRACE = timedelta(minutes=16)
"""How long a claim's owner may still be running: no function runs longer than 15 minutes (AWS quota)."""
LAG = timedelta(minutes=5)
"""How much later than a claim a reported message must be, before the absence of the claim's own report means
anything: a message is sent within two minutes of its claim, and reports arrive in any order, seconds
apart."""
PATIENCE = timedelta(minutes=10)
"""How long to wait for the reports of a probe."""
MOST_PROBES = 3
"""One lost report of a probe must not make a message unknown."""
LATE = timedelta(hours=2)
"""How long a marketing message waits for a late report: the trouble that delays an answer may delay its
report as well."""
LATE_TRANSACTIONAL = timedelta(minutes=30)
"""How long a transactional message waits for it."""
SILENCE = timedelta(hours=1)
"""How old a claim must be before silence may decide about it."""
LONGEST_BACKLOG = timedelta(hours=6)
"""How long a claim waits for a backlog of reports to end."""
MOST_ATTEMPTS = 2
"""While feedback is silent, an unresolved transactional message is tried once more, and not again."""


def has_no_reports(neighbours: Iterable[Send]) -> bool:
    """Whether nothing was reported of messages that surely were sent at about the same time.

    It decides about pages from before slots were kept: a send that is `sent` may be so by its receipt.
    """
    statuses = [send.status for send in neighbours]
    return bool(statuses) and not any(status.rank > SendStatus.SENT.rank for status in statuses)


class ClaimVerdict(StrEnum):
    """How an unresolved claim ends."""

    NEVER_WENT = "never_went"
    """Proven: it may be tried again."""
    TRY_AGAIN = "try_again"
    """Not known; a transactional message is rather sent twice than not at all."""
    GIVE_UP = "give_up"
    """Not known; a marketing message is rather not sent than sent twice."""


@dataclass(frozen=True, slots=True)
class StillUnresolved:
    """The claim cannot be resolved before this time."""

    look_again_at: datetime
    wants_probe: bool = False
    """Nothing was sent since that could show whether feedback flows: send a probe."""


def is_too_early(send: Send, now: datetime) -> bool:
    """Whether the claim's owner may still be running, so that no evidence could change anything."""
    return now < send.at + GRACE


def resolve(
    send: Send, *, is_marketing: bool, health: FeedbackHealth, now: datetime
) -> ClaimVerdict | StillUnresolved:
    """Judge a claimed send.

    A missing report is evidence only if there was something to report: silence is unanswered probes, not a
    quiet hour.
    """
    if is_too_early(send, now):
        return StillUnresolved(send.at + GRACE)
    if health.behind_at is not None and health.is_behind(now):
        if now < send.at + LONGEST_BACKLOG:
            return StillUnresolved(health.behind_at + BACKLOG_ENDS)
        return decide_by_class(send, is_marketing=is_marketing)
    telling = send.at + LAG
    if health.has_passed(telling):
        late_until = send.at + (LATE if is_marketing else LATE_TRANSACTIONAL)
        return StillUnresolved(late_until) if now < late_until else ClaimVerdict.NEVER_WENT
    probes = [probe for probe in health.probes if probe >= telling]
    answered_by = probes[-1] + PATIENCE if probes else now
    if len(probes) < MOST_PROBES:
        return (
            StillUnresolved(answered_by)
            if now < answered_by
            else StillUnresolved(now + PATIENCE, wants_probe=True)
        )
    silent_at = max(answered_by, send.at + SILENCE)
    return StillUnresolved(silent_at) if now < silent_at else decide_by_class(send, is_marketing=is_marketing)


def decide_by_class(send: Send, *, is_marketing: bool) -> ClaimVerdict:
    """What to do when no evidence is left."""
    if is_marketing or send.attempts >= MOST_ATTEMPTS:
        return ClaimVerdict.GIVE_UP
    return ClaimVerdict.TRY_AGAIN


def released(send: Send, finding: ClaimVerdict) -> Send:
    """Free to be claimed again, or failed after too many tries in vain.

    A message that may have been sent was an attempt instead, and these are few.
    """
    if finding is ClaimVerdict.NEVER_WENT:
        return send.in_vain(SendReason.NO_ANSWER)
    return replace(send, status=SendStatus.DEFERRED, reason=SendReason.UNRESOLVED)


def as_unknown(send: Send, now: datetime) -> Send:
    """Never to be tried again; operators see that its outcome is unknown."""
    return replace(send, status=SendStatus.UNKNOWN, at=now, reason=SendReason.UNRESOLVED)

"""What to think of a claim whose outcome nobody recorded: an unresolved claim.

SES reports every message that it takes, to two sources. If both demonstrably report messages of a later
moment, and neither reported this one, it never went. Only while one of them is silent must the message's
class decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.domain.feedback.health import BACKLOG_ENDS, FeedbackHealth
from outreach.domain.sending.send import Send, SendStatus

GRACE = timedelta(minutes=16)
"""How long a claim's owner may still be at work: no function runs longer than 15 minutes (AWS quota)."""
LAG = timedelta(minutes=5)
"""How much later than a claim reports must be for, before the absence of its own means anything: a message
goes within two minutes of its claim, and reports come in any order, seconds apart."""
PATIENCE = timedelta(minutes=10)
"""How long to wait for the reports of a probe."""
MOST_PROBES = 3
"""One lost report of a probe must not make a message unknown."""
LATE = timedelta(hours=2)
"""How long a marketing message waits for a report that is late: what keeps an answer from coming may hold
up its report as well."""
LATE_TRANSACTIONAL = timedelta(minutes=30)
"""How long a transactional message waits for it."""
SILENCE = timedelta(hours=1)
"""How old a claim must be before silence may decide about it."""
LONGEST_BACKLOG = timedelta(hours=6)
"""How long a claim waits for a backlog of reports to end."""
MOST_ATTEMPTS = 2
"""While feedback is silent, a transactional message in doubt is tried once more, never for ever."""

NO_ANSWER = "no_answer"
"""The reason on record of a send that the service gave no answer to, and that is known not to have gone."""
UNRESOLVED = "in_doubt"
"""The reason on record of a send that had to be tried again, or given up, without knowing."""


def has_no_reports(neighbours: Iterable[Send]) -> bool:
    """Whether nothing was reported of messages that surely went at about the same moment.

    It decides about pages of a time before slots were kept: a send that is `sent` may be so by its receipt.
    """
    statuses = [send.status for send in neighbours]
    return bool(statuses) and not any(status.rank > SendStatus.SENT.rank for status in statuses)


class ClaimVerdict(StrEnum):
    """How a doubt ends."""

    NEVER_WENT = "never_went"
    """Proven: it may be tried again."""
    TRY_AGAIN = "try_again"
    """Not known; a transactional message rather comes twice than not at all."""
    GIVE_UP = "give_up"
    """Not known; a marketing message rather does not come than twice."""


@dataclass(frozen=True, slots=True)
class StillUnresolved:
    """The doubt cannot be ended before this moment."""

    look_again_at: datetime
    wants_probe: bool = False
    """Nothing was sent since that could show whether feedback flows: send something that can."""


def is_too_early(send: Send, now: datetime) -> bool:
    """Whether the claim's owner may still be at work, so that no evidence could change anything."""
    return now < send.at + GRACE


def resolve(
    send: Send, *, is_marketing: bool, health: FeedbackHealth, now: datetime
) -> ClaimVerdict | StillUnresolved:
    """Judge a claimed send.

    That nothing was reported means something only if something was there to be reported: silence is
    unanswered probes, not a quiet hour.
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
    """What to do where no evidence is left."""
    if is_marketing or send.attempts >= MOST_ATTEMPTS:
        return ClaimVerdict.GIVE_UP
    return ClaimVerdict.TRY_AGAIN


def released(send: Send, finding: ClaimVerdict) -> Send:
    """Free to be claimed again, or failed when it was tried in vain often enough.

    What may have gone was an attempt instead, and these are few anyway.
    """
    if finding is ClaimVerdict.NEVER_WENT:
        return send.in_vain(NO_ANSWER)
    return replace(send, status=SendStatus.DEFERRED, reason=UNRESOLVED)


def as_unknown(send: Send, now: datetime) -> Send:
    """Never to be tried again; operators see that it is not known whether it went."""
    return replace(send, status=SendStatus.UNKNOWN, at=now, reason=UNRESOLVED)

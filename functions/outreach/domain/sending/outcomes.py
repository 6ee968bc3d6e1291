"""The outcomes of messages in one look, as values that can be counted and logged."""

from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.journeys.enrollment import Enrollment, HoldReason, SkipReason
from outreach.domain.sending.send import SendStatus


class OutcomeKind(StrEnum):
    """The outcome of a message for now (held) or in the end."""

    SENT = "sent"
    HELD = "held"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MessageOutcome:
    """The outcome of the message of one step for one customer."""

    step: str
    kind: OutcomeKind
    reason: str = ""
    """A code; empty for a message that was sent."""
    was_held: bool = False
    """Whether it was held before."""


NOT_IN_TIME = frozenset({SkipReason.EXPIRED, SkipReason.NO_ADDRESS})
"""Skips that neither the customer nor the campaign asked for: it was too late, or there was no address."""
HELD_BY_ACCOUNT = frozenset({HoldReason.QUOTA, HoldReason.PAUSED})
"""Holds that an operator can end: the quota of the account, a pause, an outage of sending."""


def outcomes_of(found: Enrollment, left: Enrollment) -> tuple[MessageOutcome, ...]:
    """The outcomes of one look at an enrollment, by its rows before the look and after it.

    An unresolved claim has no outcome yet.
    """
    outcomes = [
        MessageOutcome(label, OutcomeKind.SKIPPED, skip.reason, was_held=_was_held(found, label))
        for label, skip in left.skips.items()
        if label not in found.skips
    ]
    for label, send in left.sends.items():
        if found.sends.get(label) == send or send.status in _OPEN:
            continue
        is_sent = send.status.went_out
        kind = OutcomeKind.SENT if is_sent else OutcomeKind.FAILED
        reason = "" if is_sent else send.reason or send.status
        outcomes.append(MessageOutcome(label, kind, reason, was_held=_was_held(found, label)))
    if left.is_active and left.hold is not None:
        was_held = _was_held(found, left.step)
        outcomes.append(MessageOutcome(left.step, OutcomeKind.HELD, left.hold, was_held=was_held))
    return tuple(outcomes)


def _was_held(found: Enrollment, label: str) -> bool:
    return found.hold is not None and found.step == label


_OPEN = frozenset({SendStatus.CLAIMED, SendStatus.DEFERRED})

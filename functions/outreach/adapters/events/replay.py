"""Events that an archive of EventBridge replays: they have `replay-name`, which EventBridge alone can set.

(EventBridge user guide, "Archiving and replaying events". The rest of the event is unchanged.)
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from outreach.domain.intake.opt_out import UNSUBSCRIBED, opted_out_at

REPLAY_NAME = "replay-name"
_ONE_SECOND = timedelta(seconds=1)
"""EventBridge gives the time of an event in whole seconds."""


@dataclass(frozen=True, slots=True)
class ReplayedOptOut:
    """An opt-out that Outreach itself announced."""

    customer_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """An event of an archive."""

    at: datetime | None
    """The end of the second in which the bus received it; None when it has no time."""
    opt_out: ReplayedOptOut | None
    """None for an event of a producer."""


def read_replayed(body: str) -> Replayed | None:
    """The replay that a message of the intake queue belongs to; None for one that is not replayed.

    The common message is not parsed for it.
    """
    if f'"{REPLAY_NAME}"' not in body:
        return None
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or REPLAY_NAME not in message:
        return None
    return Replayed(_time_of(message), _opt_out(message))


def _time_of(message: dict[str, object]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(message.get("time")))
        return None if at.tzinfo is None else at.astimezone(UTC) + _ONE_SECOND
    except (ValueError, OverflowError):
        return None


def _opt_out(message: dict[str, object]) -> ReplayedOptOut | None:
    detail = message.get("detail")
    if message.get("source") != "outreach" or message.get("detail-type") != UNSUBSCRIBED:
        return None
    if not isinstance(detail, dict):
        return None
    customer_id, event_id = detail.get("customer_id"), detail.get("event_id")
    if not isinstance(customer_id, str) or not isinstance(event_id, str):
        return None
    at = opted_out_at(event_id)
    return None if at is None else ReplayedOptOut(customer_id, at)

"""An EventBridge event in an SQS message body, as the rule on the event bus delivers it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from outreach.adapters.events.event_envelope import read
from outreach.domain.errors import InvalidEventError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from outreach.domain.intake.event import Event

_ONE_SECOND = timedelta(seconds=1)
"""EventBridge gives the time of an event in whole seconds."""


def read_message(
    body: str, *, now: datetime, queued_at: datetime, on_left_out: Callable[[Problem], None]
) -> Event:
    """The event in a message that the queue received at `queued_at`; `on_left_out` as in `read`.

    Raises InvalidEventError with every problem found.
    """
    try:
        message = json.loads(body)
        name, detail = message["detail-type"], message["detail"]
        if not isinstance(name, str):
            raise TypeError(name)  # noqa: TRY301 - one answer to everything that is no event of the bus
    except (ValueError, TypeError, KeyError, RecursionError):  # the last for brackets within brackets
        problem = Problem("message", "not an EventBridge event; put events on the bus with PutEvents")
        raise InvalidEventError((problem,)) from None
    return read(
        name,
        detail,
        now=now,
        received_at=min(now, queued_at),
        stamped_at=_time_of(message),
        on_left_out=on_left_out,
    )


def _time_of(message: dict[str, object]) -> datetime | None:
    """The end of the second that EventBridge gives as the event's time."""
    given = message.get("time")
    try:
        at = datetime.fromisoformat(given) if isinstance(given, str) else None
        return None if at is None or at.tzinfo is None else at.astimezone(UTC) + _ONE_SECOND
    except (ValueError, OverflowError):
        return None

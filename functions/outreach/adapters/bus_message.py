"""An EventBridge event in an SQS message body, as the rule on the event bus delivers it."""

import json
from datetime import datetime

from outreach.adapters.event_envelope import read
from outreach.domain.errors import InvalidEvent, Problem
from outreach.domain.event import Event


def read_message(body: str, *, now: datetime) -> Event:
    """The event in a message. Raises InvalidEvent with every problem found."""
    try:
        message = json.loads(body)
        name, detail = message["detail-type"], message["detail"]
        if not isinstance(name, str):
            raise TypeError(name)  # noqa: TRY301 - one answer to all that is no event of the bus
    except (ValueError, TypeError, KeyError, RecursionError):  # the last for brackets within brackets
        problem = Problem("message", "not an EventBridge event; put events on the bus with PutEvents")
        raise InvalidEvent((problem,)) from None
    return read(name, detail, now=now)

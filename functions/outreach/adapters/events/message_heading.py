"""Which event or report a message holds, read without checking it: for logs and for operators."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from outreach.adapters.events.envelope.ids import is_id, looks_like_an_address


@dataclass(frozen=True, slots=True)
class Heading:
    """None where the message has no value, or one in a form that may be personal."""

    event_id: str | None = None
    """Of an event, the producer's id; of a report, SES's id of the message."""
    name: str | None = None
    source: str | None = None
    time: str | None = None
    """When it was put on the bus; of a report through SNS, when the message was sent."""


def heading_of(body: str) -> Heading:
    """The heading of an event on the bus, or of a report of SES through EventBridge or SNS."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return Heading()
    if not isinstance(message, Mapping):
        return Heading()
    detail = message.get("detail", message)
    mail = detail.get("mail") if isinstance(detail, Mapping) else None
    if isinstance(mail, Mapping):
        return Heading(
            _shown(mail.get("messageId")),
            _shown(message.get("detail-type") or message.get("eventType") or message.get("notificationType")),
            _shown(message.get("source") or "sns"),
            _shown(message.get("time") or mail.get("timestamp")),
        )
    return Heading(
        _shown(detail.get("event_id")) if isinstance(detail, Mapping) else None,
        _shown(message.get("detail-type")),
        _shown(message.get("source")),
        _shown(message.get("time")),
    )


def _shown(given: object) -> str | None:
    return given if isinstance(given, str) and is_id(given) and not looks_like_an_address(given) else None

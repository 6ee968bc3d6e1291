"""Messages that SES and SNS send while a topic is being set up: they are about no e-mail, and no fault.

Sources: "Successfully validated SNS topic ..." is what SES publishes to a topic that becomes an event
destination, and `AmazonSnsSubscriptionSucceeded` what it publishes when an identity gets a feedback topic;
the two confirmations are SNS's own message types (Amazon SNS, HTTP/HTTPS notification and subscription
confirmation formats).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.adapters.ses.fields import Json

_VALIDATED = "Successfully validated SNS topic for Amazon SES"
_SUBSCRIBED = "AmazonSnsSubscriptionSucceeded"


@dataclass(frozen=True, slots=True)
class SetUpMessage:
    """What a set-up message is, and what the operator does about it. Never its token, nor its URLs."""

    kind: str
    advice: str


_TOPIC_WORKS = SetUpMessage("topic validated", "nothing to do: SES can publish to the topic")
_BY_TYPE = {
    "SubscriptionConfirmation": SetUpMessage(
        "subscription not confirmed yet",
        "SNS delivers nothing until the subscription is confirmed, and this message is used up: delete the "
        "pending subscription and subscribe the queue from the account that owns it, which needs no "
        "confirmation",
    ),
    "UnsubscribeConfirmation": SetUpMessage(
        "subscription deleted",
        "SNS delivers nothing from that topic any more: if this was not intended, subscribe the queue again",
    ),
}


def read_set_up(body: str) -> SetUpMessage | None:
    """The set-up message in a record's body, plain or in the envelope of SNS; None for everything else."""
    if body.lstrip().startswith(_VALIDATED):
        return _TOPIC_WORKS
    message = _object(body)
    kind = message.get("Type")
    if kind == "Notification" and isinstance(message.get("Message"), str):
        return read_set_up(message["Message"])
    if message.get("notificationType") == _SUBSCRIBED:
        return _TOPIC_WORKS
    return _BY_TYPE.get(kind) if isinstance(kind, str) else None


def _object(words: str) -> Json:
    try:
        message = json.loads(words)
    except (ValueError, RecursionError):  # the last for brackets within brackets
        return {}
    return message if isinstance(message, dict) else {}

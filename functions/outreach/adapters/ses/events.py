"""Reports as SES writes them, in every form, translated to the domain's terms.

Forms: an EventBridge event, an SNS notification of event publishing, an old SNS feedback notification
(`notificationType`); each plain or in the envelope that SNS puts around it, in SQS or straight to Lambda.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from outreach.adapters.events.replay import REPLAY_NAME
from outreach.adapters.ses.automated_events import is_machine
from outreach.adapters.ses.fields import Json, instant, invalid, items, parsed, part, text, word
from outreach.domain.errors import InvalidFeedbackError
from outreach.domain.feedback.report import (
    Bounced,
    BounceKind,
    Clicked,
    Complained,
    ComplaintKind,
    Delivered,
    DeliveryDelayed,
    Feedback,
    Opened,
    Rejected,
    RenderingFailed,
    Report,
    ReportSource,
    Sent,
    Subscribed,
)
from outreach.domain.journeys.campaign import MessageClass
from outreach.domain.sending.send import SendId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONFIGURATION_SET_TAG = "ses:configuration-set"
"""A tag that SES itself adds to every message (SES Developer Guide, event publishing, auto-tags)."""
_BY_DETAIL_TYPE = {
    "Email Sent": "Send",
    "Email Rejected": "Reject",
    "Email Bounced": "Bounce",
    "Email Complaint Received": "Complaint",
    "Email Delivered": "Delivery",
    "Email Opened": "Open",
    "Email Clicked": "Click",
    "Email Rendering Failed": "Rendering Failure",
    "Email Delivery Delayed": "DeliveryDelay",
    "Email Subscribed": "Subscription",
}


def body_of(record: Json) -> str:
    """The event inside a record of Lambda's: from a queue, or straight from an SNS topic."""
    return str(record["Sns"]["Message"] if "Sns" in record else record["body"])


def read_report(body: str) -> Report:
    """One piece of feedback. Raises InvalidFeedbackError, which names the field with the wrong form."""
    message = parsed(body, "message")
    name, detail, happened, source = _opened(message)
    build = _FORMS.get(name)
    if build is None:
        raise invalid("eventType", "is no event about a message; SES publishes ten kinds of them")
    mail = part(detail, "mail")
    sent_at = instant(mail, "mail", "timestamp")
    block = detail.get(_BLOCKS[name]) or {}
    if not isinstance(block, dict):
        raise invalid(_BLOCKS[name], "must be an object")
    at = instant(block, _BLOCKS[name], "timestamp") if "timestamp" in block else happened or sent_at
    feedback = build(at, block)
    tags = _tags(mail)
    is_replayed = REPLAY_NAME in message
    return Report(
        feedback,
        message_id=text(mail, "mail", "messageId"),
        sent_at=sent_at,
        recipients=_recipients(feedback, block, mail),
        destination=_texts(mail.get("destination")),
        send_id=_send_id(tags),
        is_marketing=tags.get("class") == MessageClass.MARKETING,
        source=None if is_replayed else source,
        configuration_set=tags.get(CONFIGURATION_SET_TAG),
        is_replayed=is_replayed,
    )


def read_sent(body: str, now: datetime) -> Report | None:
    """What an event that `read_report` refuses proves nevertheless: that SES took the message.

    None when it does not identify a send of this stack. It is no evidence about the flow of reports.
    """
    try:
        _, detail, _, _ = _opened(parsed(body, "message"))
        mail = part(detail, "mail")
        send_id = _send_id(_tags(mail))
        message_id = text(mail, "mail", "messageId")
    except InvalidFeedbackError:
        return None
    try:
        sent_at = instant(mail, "mail", "timestamp")
    except InvalidFeedbackError:
        sent_at = now
    tags = _tags(mail)
    if send_id is None:
        return None
    return Report(
        Sent(sent_at),
        message_id,
        sent_at,
        send_id=send_id,
        is_marketing=tags.get("class") == MessageClass.MARKETING,
        configuration_set=tags.get(CONFIGURATION_SET_TAG),
    )


def waited(record: Json, now: datetime) -> timedelta:
    """How long a record of Lambda's waited in its queue; one of a topic did not."""
    attributes = record.get("attributes")
    sent_at = attributes.get("SentTimestamp") if isinstance(attributes, dict) else None
    return now - datetime.fromtimestamp(int(sent_at) / 1000, UTC) if sent_at else timedelta()


def _opened(message: Json) -> tuple[str, Json, datetime | None, ReportSource | None]:
    """Without its envelopes: the event's name, its detail, when it happened if known, and its source.

    The older notifications come from a feed of their own, which is no evidence about these two sources.
    """
    if message.get("Type") == "Notification" and isinstance(message.get("Message"), str):
        return _opened(parsed(message["Message"], "Message"))
    detail, happened = message, None
    name = None
    source = ReportSource.SNS if "eventType" in message else None
    if "detail" in message:
        detail, source = part(message, "detail"), ReportSource.EVENTBRIDGE
        name = _BY_DETAIL_TYPE.get(str(message.get("detail-type")))
        happened = instant(message, "message", "time") if "time" in message else None
    name = str(name or detail.get("eventType") or detail.get("notificationType"))
    return name, detail, happened, source


def _bounced(at: datetime, block: Json) -> Feedback:
    kind = text(block, "bounce", "bounceType").lower()
    if kind not in set(BounceKind):
        raise invalid("bounce.bounceType", "must be Permanent, Transient or Undetermined")
    return Bounced(at, BounceKind(kind), word(block.get("bounceSubType")) or "Undetermined")


def _complained(at: datetime, block: Json) -> Feedback:
    """A kind that this release does not know is a complaint, too."""
    kind = str(block.get("complaintFeedbackType"))
    known = ComplaintKind(kind) if kind in set(ComplaintKind) else ComplaintKind.UNKNOWN
    return Complained(at, known, word(block.get("complaintSubType")))


def _subscribed(at: datetime, block: Json) -> Feedback:
    preferences = block.get("newTopicPreferences", block.get("topicPreferences"))
    return Subscribed(at, isinstance(preferences, dict) and preferences.get("unsubscribeAll") is True)


_FORMS: Mapping[str, Callable[[datetime, Json], Feedback]] = {
    "Send": lambda at, _: Sent(at),
    "Reject": lambda at, _: Rejected(at),
    "Bounce": _bounced,
    "Complaint": _complained,
    "Delivery": lambda at, _: Delivered(at),
    "Open": lambda at, block: Opened(at, machine=is_machine(block)),
    "Click": lambda at, block: Clicked(at, machine=is_machine(block)),
    "Rendering Failure": lambda at, _: RenderingFailed(at),
    "DeliveryDelay": lambda at, _: DeliveryDelayed(at),
    "Subscription": _subscribed,
}
_BLOCKS = {name: name[0].lower() + name[1:] for name in _FORMS} | {"Rendering Failure": "failure"}


def _recipients(feedback: Feedback, block: Json, mail: Json) -> tuple[str, ...]:
    """The addresses that the feedback names; where it has no such list, those of the message.

    A complaint without a list names no address: the message itself says where it was sent.
    """
    named: object = mail.get("destination")
    match feedback:
        case Bounced():
            bounced = [_address(each) for each in _named(block, "bounce", "bouncedRecipients")]
            named = [*bounced, *_only_destination(mail)]
        case Complained():
            named = [_address(each) for each in _named(block, "complaint", "complainedRecipients")]
        case Delivered() if "recipients" in block:
            named = items(block, "delivery", "recipients")
    return _texts(named)


def _named(block: Json, where: str, name: str) -> list[object]:
    """SES's list of recipients; empty when SES left it out, because the message is known without it."""
    return [] if block.get(name) is None else items(block, where, name)


def _texts(found: object) -> tuple[str, ...]:
    """The texts of a list, each once."""
    if not isinstance(found, list):
        return ()
    return tuple(dict.fromkeys(each for each in found if isinstance(each, str)))


def _only_destination(mail: Json) -> list[object]:
    """The message's recipients.

    A bounce from behind a forward names the address behind it, not this one.
    """
    destination = mail.get("destination")
    return destination if isinstance(destination, list) and len(destination) == 1 else []


def _address(recipient: object) -> object:
    return recipient.get("emailAddress") if isinstance(recipient, dict) else None


def _tags(mail: Json) -> dict[str, str]:
    """Every tag comes as a list of its values; ours have one."""
    tags = mail.get("tags")
    if not isinstance(tags, dict):
        return {}
    return {
        name: values[0]
        for name, values in tags.items()
        if isinstance(values, list) and values and isinstance(values[0], str)
    }


def _send_id(tags: Mapping[str, str]) -> SendId | None:
    try:
        return SendId.from_tags(tags)
    except ValueError:
        return None

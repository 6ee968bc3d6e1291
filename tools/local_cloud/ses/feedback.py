"""SES's later events about a message, in the form in which they appear on the default event bus.

After the developer guide's examples of event publishing, in EventBridge's envelope.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.ses.sent_email import SentEmail

_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class Kind(StrEnum):
    """The detail-types of SES events."""

    SENT = "Email Sent"
    REJECTED = "Email Rejected"
    BOUNCED = "Email Bounced"
    COMPLAINED = "Email Complaint Received"
    DELIVERED = "Email Delivered"
    OPENED = "Email Opened"
    CLICKED = "Email Clicked"
    RENDERING_FAILED = "Email Rendering Failed"
    DELAYED = "Email Delivery Delayed"
    SUBSCRIBED = "Email Subscribed"


@dataclass(frozen=True, slots=True)
class _Form:
    event_type: str
    block: str
    matching: str
    """The name in a configuration set's MatchingEventTypes."""


FORMS = {
    Kind.SENT: _Form("Send", "send", "SEND"),
    Kind.REJECTED: _Form("Reject", "reject", "REJECT"),
    Kind.BOUNCED: _Form("Bounce", "bounce", "BOUNCE"),
    Kind.COMPLAINED: _Form("Complaint", "complaint", "COMPLAINT"),
    Kind.DELIVERED: _Form("Delivery", "delivery", "DELIVERY"),
    Kind.OPENED: _Form("Open", "open", "OPEN"),
    Kind.CLICKED: _Form("Click", "click", "CLICK"),
    Kind.RENDERING_FAILED: _Form("Rendering Failure", "failure", "RENDERING_FAILURE"),
    Kind.DELAYED: _Form("DeliveryDelay", "deliveryDelay", "DELIVERY_DELAY"),
    Kind.SUBSCRIBED: _Form("Subscription", "subscription", "SUBSCRIPTION"),
}


def iso(moment: datetime) -> str:
    """A time as SES writes it: milliseconds and Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def detail(kind: Kind, sent: SentEmail, now: datetime, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The detail of an event.

    An override named like a part of the detail (`mail`, `bounce` …) is merged into it; any other goes into
    the event's own block, so `bounceType="Transient"` is enough.
    """
    form = FORMS[kind]
    found: dict[str, Any] = {
        "eventType": form.event_type,
        "mail": _mail(sent, delivered=kind is Kind.DELIVERED),
        form.block: _block(kind, sent, now),
    }
    for name, value in overrides.items():
        if isinstance(found.get(name), dict) and isinstance(value, Mapping):
            found[name] = {**found[name], **value}
        elif name in found:
            found[name] = value
        else:
            found[form.block][name] = value
    return found


def _mail(sent: SentEmail, *, delivered: bool) -> dict[str, Any]:
    tags = {
        "ses:configuration-set": [sent.configuration_set],
        "ses:source-ip": ["192.0.2.0"],
        "ses:from-domain": [sent.sender.rpartition("@")[2].rstrip(">")],
        "ses:caller-identity": [sent.function or "administrator"],
        **{name: [value] for name, value in sent.tags.items()},
    }
    if not sent.configuration_set:
        del tags["ses:configuration-set"]
    if delivered:
        tags["ses:outgoing-ip"] = ["192.0.2.1"]
    subject = sent.subject
    headers = {
        "From": sent.sender,
        "To": ", ".join(sent.to_addresses),
        "Subject": subject,
        "MIME-Version": "1.0",
    }
    return {
        "timestamp": iso(sent.sent_at),
        "source": sent.sender,
        "sourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{tags['ses:from-domain'][0]}",
        "sendingAccountId": ACCOUNT,
        "messageId": sent.message_id,
        "destination": list(sent.recipients),
        "headersTruncated": False,
        "headers": [{"name": n, "value": v} for n, v in {**headers, **sent.headers}.items()],
        "commonHeaders": {
            "from": [sent.sender],
            "to": list(sent.to_addresses),
            "messageId": sent.message_id,
            "subject": subject,
        },
        "tags": tags,
    }


def _block(kind: Kind, sent: SentEmail, now: datetime) -> dict[str, Any]:
    at = {"timestamp": iso(now)}
    people = [{"emailAddress": address} for address in sent.recipients]
    feedback_id = f"{sent.message_id[:16]}-feedback-{int(now.timestamp() * 1000):x}-000000"
    match kind:
        case Kind.SENT:
            return {}
        case Kind.REJECTED:
            return {"reason": "Bad content"}
        case Kind.BOUNCED:
            why = {"action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
            return {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{**person, **why} for person in people],
                **at,
                "feedbackId": feedback_id,
                "reportingMTA": "dsn; a8-50.smtp-out.amazonses.com",
            }
        case Kind.COMPLAINED:
            return {
                "complainedRecipients": people,
                **at,
                "feedbackId": feedback_id,
                "complaintSubType": None,
                "userAgent": "Amazon SES Mailbox Simulator",
                "complaintFeedbackType": "abuse",
                "arrivalDate": iso(now),
            }
        case Kind.DELIVERED:
            return {
                **at,
                "processingTimeMillis": int((now - sent.sent_at).total_seconds() * 1000),
                "recipients": list(sent.recipients),
                "smtpResponse": "250 2.6.0 Message received",
                "reportingMTA": "a8-50.smtp-out.amazonses.com",
            }
        case Kind.OPENED:
            return {"ipAddress": "192.0.2.1", **at, "userAgent": _BROWSER}
        case Kind.CLICKED:
            return {
                "ipAddress": "192.0.2.1",
                **at,
                "userAgent": _BROWSER,
                "link": "https://example.com/",
                "linkTags": None,
            }
        case Kind.RENDERING_FAILED:
            return {
                "errorMessage": "Attribute 'name' is not present in the rendering data.",
                "templateName": "",
            }
        case Kind.DELAYED:
            why = {"status": "4.4.1", "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host"}
            return {
                **at,
                "delayType": "TransientCommunicationFailure",
                "expirationTime": iso(now),
                "delayedRecipients": [{**person, **why} for person in people],
            }
        case Kind.SUBSCRIBED:
            return {"contactList": "", **at, "source": "UnsubscribeHeader"}

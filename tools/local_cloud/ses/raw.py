"""Raw messages: what SES reads from the MIME headers when the request does not say it."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses

from local_cloud.ses.validation import MAXIMUM_MESSAGE, bad_request


@dataclass(frozen=True, slots=True)
class RawMessage:
    """The parts of a MIME message that matter here."""

    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    reply_to: tuple[str, ...]
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    configuration_set: str
    tags: dict[str, str]


def read(data: bytes) -> RawMessage:
    """Take a MIME message apart.

    Raises AwsError when it is too large or has no From.
    """
    if len(data) > MAXIMUM_MESSAGE:
        raise bad_request(f"Message length is more than {MAXIMUM_MESSAGE} bytes long.")
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or "from" not in message:
        raise bad_request("Missing required header 'From'.")
    pairs = (
        pair.split("=", 1) for pair in str(message.get("X-SES-MESSAGE-TAGS", "")).split(",") if "=" in pair
    )
    return RawMessage(
        sender=str(message["from"]),
        to=_addresses(message, "to"),
        cc=_addresses(message, "cc"),
        bcc=_addresses(message, "bcc"),
        reply_to=_addresses(message, "reply-to"),
        subject=str(message.get("subject", "")),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        headers={
            name: str(value) for name, value in message.items() if not name.upper().startswith("X-SES-")
        },
        configuration_set=str(message.get("X-SES-CONFIGURATION-SET", "")),
        tags={name.strip(): value.strip() for name, value in pairs},
    )


def _addresses(message: EmailMessage, header: str) -> tuple[str, ...]:
    return tuple(
        address for _, address in getaddresses([str(v) for v in message.get_all(header, [])]) if address
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())

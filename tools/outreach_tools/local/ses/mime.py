"""The MIME message that SES makes of a subject, a text and an HTML part; the same bytes every time."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

# Without the registry's cache the same header class is built again for every message.
_POLICY = SMTP.clone(header_factory=HeaderRegistry(), max_line_length=78)


def compose(
    *,
    sender: str,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    reply_to: tuple[str, ...],
    subject: str,
    text: str,
    html: str,
    headers: Mapping[str, str],
    message_id: str,
    sent_at: datetime,
) -> bytes:
    """Compose multipart/alternative, or a single part when the other is empty."""
    message = EmailMessage(policy=_POLICY)
    message["Date"] = format_datetime(sent_at)
    message["From"] = sender
    if to:
        message["To"] = ", ".join(to)
    if cc:
        message["Cc"] = ", ".join(cc)
    if reply_to:
        message["Reply-To"] = ", ".join(reply_to)
    message["Message-ID"] = f"<{message_id}@email.amazonses.com>"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name] = value
    if text:
        message.set_content(text, cte="quoted-printable")
    if html and text:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{message_id[:16]}_alternative")
    elif html:
        message.set_content(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()

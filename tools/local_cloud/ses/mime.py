"""The MIME message that SES makes of a subject, a text and an HTML part; the same bytes every time.

Addresses and headers stand in it as the request gave them, mistakes included: what the sender should have
encoded is not encoded here, and no line of `List-Unsubscribe` is broken (RFC 2369, RFC 2047 section 5).
"""

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
    message["Subject"] = subject
    if text:
        message.set_content(text, cte="quoted-printable")
    if html and text:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{message_id[:16]}_alternative")
    elif html:
        message.set_content(html, subtype="html", cte="quoted-printable")
    given = {
        "Date": format_datetime(sent_at),
        "From": sender,
        "To": ", ".join(to),
        "Cc": ", ".join(cc),
        "Reply-To": ", ".join(reply_to),
        "Message-ID": f"<{message_id}@email.amazonses.com>",
        **headers,
    }
    lines = (f"{name}: {value}\r\n".encode() for name, value in given.items() if value)
    return b"".join(lines) + message.as_bytes()

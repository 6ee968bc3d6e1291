"""The e-mails of a run as files and pages need them: numbered, and sorted by the ids in their headers."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

_PREVIEW = re.compile(r"<div style=\"display:none[^>]*>(.*?)</div>", re.DOTALL)
_INVISIBLE = re.compile(r"[\s\u00a0\u034f\u200b\u200c\u200d\u00ad\ufeff]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


class Email(Protocol):
    """The attributes of a sent e-mail; the local cloud's outbox has them."""

    @property
    def to(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def sent_at(self) -> datetime: ...
    @property
    def raw(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class NumberedEmail:
    """One e-mail of the outbox."""

    number: int
    sent_at: datetime
    to: str
    campaign: str
    message: str
    customer: str
    subject: str
    html: str
    text: str
    raw: bytes

    @property
    def preheader(self) -> str:
        """The hidden line that mail programs show after the subject."""
        found = _PREVIEW.search(self.html)
        return "" if found is None else _INVISIBLE.sub(" ", html.unescape(found[1])).strip()

    @property
    def file_name(self) -> str:
        """Number, date, campaign, message and customer; without an ending."""
        parts = (f"{self.number:05d}", f"{self.sent_at:%Y-%m-%d}", self.campaign, self.message, self.customer)
        return "-".join(_UNSAFE.sub("_", part) for part in parts)


def numbered(outbox: Iterable[Email]) -> list[NumberedEmail]:
    """In the order in which they went out."""
    return [
        NumberedEmail(
            number=number,
            sent_at=email.sent_at,
            to=email.to,
            campaign=email.headers["X-Outreach-Campaign"],
            message=email.headers["X-Outreach-Message"],
            customer=email.headers["X-Outreach-Customer"],
            subject=email.subject,
            html=email.html,
            text=email.text,
            raw=email.raw,
        )
        for number, email in enumerate(outbox, 1)
    ]

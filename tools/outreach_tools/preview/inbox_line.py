"""What an inbox shows of a message before it is opened, and how many bytes the message has."""

import html
import re
from dataclasses import dataclass

from outreach.domain.sending.rendering import RenderedEmail

GMAIL_CLIPS_AT = 102 * 1024
"""Bytes of HTML; Gmail hides what comes after them, the unsubscribe link too."""
SUBJECT_ON_A_PHONE = 40
"""Characters of a subject that a phone held upright shows, more or less."""

_HIDDEN = re.compile(r"<div style=\"display:none[^>]*>(.*?)</div>", re.DOTALL)
_BODY = re.compile(r"<body[^>]*>(.*)", re.DOTALL)
_TAG = re.compile(r"<(style|title)[^>]*>.*?</\1>|<[^>]+>", re.DOTALL)
_INVISIBLE = re.compile(r"[\s\u00a0\u034f\u200b\u200c\u200d\u00ad\ufeff]+")


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One line of an inbox."""

    subject: str
    preheader: str
    size: int
    """Bytes of the HTML part, as UTF-8."""

    @property
    def kilobytes(self) -> str:
        return f"{self.size / 1024:.1f}"

    @property
    def share(self) -> float:
        """Of what Gmail shows, 0 to 1."""
        return min(1.0, self.size / GMAIL_CLIPS_AT)

    @property
    def is_clipped(self) -> bool:
        return self.size > GMAIL_CLIPS_AT

    @property
    def is_cut_on_phones(self) -> bool:
        return len(self.subject) > SUBJECT_ON_A_PHONE


def inbox_line(email: RenderedEmail) -> InboxLine:
    """As mail programs do it: the hidden line at the top, else the first text."""
    found = _HIDDEN.search(email.html) or _BODY.search(email.html)
    words = "" if found is None else html.unescape(_TAG.sub(" ", found[1]))
    return InboxLine(email.subject, _INVISIBLE.sub(" ", words).strip()[:200], len(email.html.encode()))

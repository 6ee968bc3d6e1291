"""A send: one message to one customer in one run of one enrollment, and how far it got."""

import base64
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_SEPARATOR = "\x1f"


class SendStatus(StrEnum):
    """How far a send got. It only ever moves up in rank (see `rank`)."""

    CLAIMED = "claimed"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    @property
    def went_out(self) -> bool:
        """Whether the e-mail service took the message."""
        return self.rank >= SendStatus.SENT.rank

    @property
    def rank(self) -> int:
        """Order of the statuses: a late or repeated report of a lower rank changes nothing."""
        return _RANKS[self]


_RANKS = {status: rank for rank, status in enumerate(SendStatus)}


@dataclass(frozen=True, slots=True)
class SendId:
    """What makes a send the same send, however often it is tried."""

    customer_id: str
    campaign: str
    key: str
    run: int
    step: str

    def encoded(self) -> str:
        """As one word of `A-Za-z0-9_-`: the only characters an SES message tag may hold."""
        parts = (self.customer_id, self.campaign, self.key, str(self.run), self.step)
        return base64.urlsafe_b64encode(_SEPARATOR.join(parts).encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, word: str) -> "SendId":
        """Undo `encoded`. Raises ValueError for a word that it did not make."""
        text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
        customer_id, campaign, key, run, step = text.split(_SEPARATOR)
        return cls(customer_id, campaign, key, int(run), step)


@dataclass(frozen=True, slots=True)
class Send:
    """One entry of the ledger."""

    message: str
    status: SendStatus
    at: datetime
    """When it came to this status, up to `sent`. Later reports leave it alone: goals count from the send."""
    attempts: int = 1
    message_id: str | None = None
    """The e-mail service's own id, once it took the message."""
    reason: str | None = None
    """Why it was deferred or failed: a code, never words with personal data."""

"""A send: one message to one customer in one run of one enrollment, and how far it got."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

MOST_TRIES = 5
"""Failed tries before a message has failed: after five an operator must look."""

_SEPARATOR = "\x1f"


class SendStatus(StrEnum):
    """How far a send got. It only ever rises in rank (see `rank`)."""

    CLAIMED = "claimed"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SENT = "sent"
    SOFT_BOUNCED = "soft_bounced"
    """Not now: mailbox full, server away. Below DELIVERED, because what was delivered did not bounce."""
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    REJECTED = "rejected"
    """The e-mail service took it and then did not send it (a virus, a template that cannot be filled)."""
    SUPPRESSED = "suppressed"
    """The e-mail service did not try: the address is on its own suppression list."""
    BOUNCED = "bounced"
    """Permanently: there is no such mailbox."""
    COMPLAINED = "complained"

    @property
    def went_out(self) -> bool:
        """Whether the e-mail service took the message."""
        return self.rank >= SendStatus.SENT.rank

    @property
    def arrived(self) -> bool:
        """Whether the customer certainly got the message."""
        return self in _ARRIVED

    @property
    def rank(self) -> int:
        """Order of the statuses: a late or repeated report of a lower rank changes nothing."""
        return _RANKS[self]


_RANKS = {status: rank for rank, status in enumerate(SendStatus)}
_ARRIVED = frozenset({SendStatus.DELIVERED, SendStatus.OPENED, SendStatus.CLICKED, SendStatus.COMPLAINED})


@dataclass(frozen=True, slots=True)
class SendId:
    """The identity of a send, however often it is tried."""

    customer_id: str
    campaign: str
    key: str
    run: int
    step: str

    def encoded(self) -> str:
        """As one word of `A-Za-z0-9_-`, for names that hold this send."""
        parts = (self.customer_id, self.campaign, self.key, str(self.run), self.step)
        return base64.urlsafe_b64encode(_SEPARATOR.join(parts).encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, word: str) -> "SendId":
        """Undo `encoded`. Raises ValueError for a text that it did not make."""
        text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
        customer_id, campaign, key, run, step = text.split(_SEPARATOR)
        return cls(customer_id, campaign, key, int(run), step)

    def as_tags(self) -> dict[str, str]:
        """As the message tags that come back with every report.

        Ids are encoded, because they may hold any character and a tag only `A-Za-z0-9_-`; names of campaigns
        and steps hold nothing else.
        """
        return {
            "customer": _word(self.customer_id),
            "campaign": self.campaign,
            "key": _word(self.key),
            "run": str(self.run),
            "step": self.step,
        }

    @classmethod
    def from_tags(cls, tags: Mapping[str, str]) -> "SendId":
        """Undo `as_tags`, ignoring other tags. Raises ValueError when one is missing or not ours."""
        try:
            names = _name(tags["customer"]), tags["campaign"], _name(tags["key"]), int(tags["run"])
            return cls(*names, tags["step"])
        except KeyError as missing:
            raise ValueError(f"no tag {missing}") from None


def _word(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def _name(word: str) -> str:
    """Undo `_word`. Raises ValueError for a text that it did not make."""
    return base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True).decode()


@dataclass(frozen=True, slots=True)
class Send:
    """One entry of the ledger."""

    message: str
    status: SendStatus
    at: datetime
    """When it got this status, up to `sent`. Later reports leave it alone: goals count from the send."""
    attempts: int = 1
    """How often it may have been sent."""
    message_id: str | None = None
    """The e-mail service's own id, once it took the message."""
    reason: str | None = None
    """Why it was deferred or has failed: a `SendReason`, or SES's own code. Never personal data."""
    tries: int = 0
    """How often the service failed at it or gave no answer. What held for all messages (a rate, a quota, a
    pause) is not counted."""

    def released(self, reason: str) -> "Send":
        """Free to be claimed again: it definitely was not sent, and that was no attempt.

        It keeps the time of its claim, by which the cap recognizes it.
        """
        return replace(self, status=SendStatus.DEFERRED, attempts=self.attempts - 1, reason=reason)

    def in_vain(self, reason: str) -> "Send":
        """The same when the try itself failed; the last of `MOST_TRIES` is the end."""
        back = replace(self.released(reason), tries=self.tries + 1)
        return back if back.tries < MOST_TRIES else replace(back, status=SendStatus.FAILED)

"""A page of a sweep: the messages that are sent in one call, on record before and after.

The row of a page is written with its claims, and says what is about to be tried; one write after the call
records the outcomes. So recording costs one write for some fifty messages, and what a crashed process left is
found by reading pages, not customers (decision 0007).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from outreach.domain.sending.send import SendId

LARGEST_PAGE = 49
"""Messages: two writes for each and one for the page are one DynamoDB transaction (100 writes), and one
SendBulkEmail call (50 messages)."""


class Outcome(StrEnum):
    """What the e-mail service answered for a message."""

    SENT = "sent"
    RELEASED = "given_back"
    """Not taken; it is tried again."""
    REFUSED = "refused"
    """Not taken, and it never will be."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of one message."""

    outcome: Outcome
    word: str
    """The service's id of a message that was sent, else the reason of the refusal."""


@dataclass(frozen=True, slots=True)
class Page:
    """Messages of one campaign that are sent together."""

    id: str
    """Unique."""
    shard: int
    at: datetime
    """The time of every claim in it."""
    is_marketing: bool
    sends: Mapping[SendId, datetime]
    """Each with the time at which its enrollment had entered its step."""
    receipts: Mapping[SendId, Receipt] = field(default_factory=dict)
    """Empty until the page is closed; then every missing entry is an unresolved claim."""

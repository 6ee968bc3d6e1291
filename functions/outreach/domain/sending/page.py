"""A page of a sweep: the messages that go out in one call, on record before and after.

The row of a page is written with its claims, and says what is about to be tried; one write after the call
says what became of it. So recording costs one write for some fifty messages, and what a dead process left
behind is found by reading pages, not customers (decision 0007).
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
    """What the e-mail service said to a message."""

    SENT = "sent"
    RELEASED = "given_back"
    """Not taken; it is tried again."""
    REFUSED = "refused"
    """Not taken, and never will be."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message."""

    outcome: Outcome
    word: str
    """The service's id of a message that went, else the reason of the refusal."""


@dataclass(frozen=True, slots=True)
class Page:
    """Messages of one campaign that go together."""

    id: str
    """Unique."""
    shard: int
    at: datetime
    """The moment of every claim in it."""
    is_marketing: bool
    sends: Mapping[SendId, datetime]
    """Each with the moment at which its enrollment had come to its step."""
    receipts: Mapping[SendId, Receipt] = field(default_factory=dict)
    """Empty until the page is closed; then whoever is missing is in doubt."""

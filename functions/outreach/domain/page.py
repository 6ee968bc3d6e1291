"""A page of a sweep: the messages that go out in one call, on record before and after.

The row of a page is written with its claims, and says what is about to be tried; one write after the call
says what became of it. So recording costs one write for some fifty messages, and what a dead process left
behind is found by reading pages, not customers (decision 0006).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from outreach.domain.sends import SendId

LARGEST_PAGE = 49
"""Messages: two writes for each and one for the page are one DynamoDB transaction (100 writes), and one
SendBulkEmail call (50 messages)."""
SENT = "sent"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message."""

    outcome: str
    """`sent`, or the reason of the refusal."""
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Messages of one campaign that go together."""

    id: str
    """Unique."""
    shard: int
    at: datetime
    """The moment of every claim in it."""
    is_marketing: bool
    sends: tuple[SendId, ...]
    receipts: Mapping[SendId, Receipt] = field(default_factory=dict)
    """Empty until the page is closed."""

    @property
    def in_doubt(self) -> tuple[SendId, ...]:
        """Those of which nobody wrote down what became of them."""
        return tuple(send for send in self.sends if send not in self.receipts)

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(receipt.outcome for receipt in self.receipts.values())

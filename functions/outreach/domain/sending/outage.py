"""An outage: the e-mail service refuses everything from this account. One message at a time tries again.

All others are held without a call. The hold doubles with every refusal: an outage that an operator must fix
lasts, and every look of a held message costs something.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FIRST_RETRY = timedelta(minutes=5)
"""How long after the first refusal the next message tries; then twice as long each time."""
LONGEST_RETRY = timedelta(hours=1)
TRY_TAKES = timedelta(minutes=1)
"""How long the others wait for the message that tries, before they look at its result."""


@dataclass(frozen=True, slots=True)
class Outage:
    """What is stored of it, for the whole account."""

    reason: str
    """The service's own code."""
    since: datetime
    retry_at: datetime
    """No message tries before then; the one that advances this value is the one that tries."""
    refusals: int = 1
    """How often the service refused: the first refusal, then each try."""
    is_tried: bool = False
    """A message is being tried just now."""

    @property
    def look_again_at(self) -> datetime:
        """When all other messages look again: by then the result of the try is known."""
        return self.retry_at if self.is_tried else self.retry_at + TRY_TAKES

    def tried(self, now: datetime) -> "Outage":
        """With a message that tries; if its process crashes, another may try after its time."""
        return replace(self, retry_at=now + TRY_TAKES, is_tried=True)


def outage_after(known: Outage | None, reason: str, now: datetime) -> Outage:
    """The outage after a refusal; messages in flight when it was first seen add nothing to it."""
    if known is None:
        return Outage(reason, now, now + FIRST_RETRY)
    if not known.is_tried and now < known.retry_at:
        return known
    pause = min(FIRST_RETRY * 2**known.refusals, LONGEST_RETRY)
    return replace(
        known, reason=reason, retry_at=now + pause, refusals=min(known.refusals + 1, 10), is_tried=False
    )

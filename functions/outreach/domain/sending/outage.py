"""An outage: the e-mail service takes nothing from this account. One message at a time finds out if it does.

Everything else is held without a call. How long, grows with every refusal: trouble that a person must mend
lasts, and what waits for it costs something each time it looks.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FIRST_RETRY = timedelta(minutes=5)
"""How long after the first refusal the next message tries; then twice as long each time."""
LONGEST_RETRY = timedelta(hours=1)
TRY_TAKES = timedelta(minutes=1)
"""How long the others leave it to the message that tries, before they look how that went."""


@dataclass(frozen=True, slots=True)
class Outage:
    """What is remembered of it, for the whole account."""

    reason: str
    """The service's own code."""
    since: datetime
    retry_at: datetime
    """Nobody tries before; then one does, and has won the right to by moving this on."""
    refusals: int = 1
    """How often it was met: by whoever came upon it, then by those who tried."""
    is_tried: bool = False
    """Somebody is finding out just now."""

    @property
    def look_again_at(self) -> datetime:
        """When whoever does not try looks again: it is known by then how the try went."""
        return self.retry_at if self.is_tried else self.retry_at + TRY_TAKES

    def tried(self, now: datetime) -> "Outage":
        """With somebody at it; should they die, another may try when their time is over."""
        return replace(self, retry_at=now + TRY_TAKES, is_tried=True)


def outage_after(known: Outage | None, reason: str, now: datetime) -> Outage:
    """What is known after a refusal; those who were on their way when it was first met add nothing to it."""
    if known is None:
        return Outage(reason, now, now + FIRST_RETRY)
    if not known.is_tried and now < known.retry_at:
        return known
    pause = min(FIRST_RETRY * 2**known.refusals, LONGEST_RETRY)
    return replace(
        known, reason=reason, retry_at=now + pause, refusals=min(known.refusals + 1, 10), is_tried=False
    )

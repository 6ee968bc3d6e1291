"""The share of failures of each message, over the newest sends that one process saw."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

WINDOW_SENDS = 100
"""The newest sends of a message that its share is taken over."""
FEWEST_FAILURES = 3
"""Below this, a share is not meaningful."""
_MOST_PER_100 = 10


@dataclass(slots=True)
class FailureShares:
    """By message (campaign and step): whether each of its newest sends failed.

    It is kept in memory, so that it costs no write for each send. Processes share the work of a campaign, and
    each of them sees the share in its own part.
    """

    _seen: defaultdict[tuple[str, str], deque[bool]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=WINDOW_SENDS))
    )

    def add(self, campaign: str, step: str, *, failed: bool) -> bool:
        """Count one send; return whether it failed and too large a share of its message did."""
        seen = self._seen[campaign, step]
        seen.append(failed)
        failures = sum(seen)
        return failed and failures >= FEWEST_FAILURES and failures * 100 > _MOST_PER_100 * len(seen)

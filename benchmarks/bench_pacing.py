"""How much of the granted rate the rate limiter uses, against a service that counts every sliding second.

Pure: the product's own rate limiter on a simulated clock, five minutes of marketing mail by one sweep.
"""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from measurement import Measurement
from outreach.domain.sending.account_limits import Limits
from outreach.domain.sending.rate_limiter import Permit, RateLimiterState, Wait

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTES = 5


def measure() -> Iterator[Measurement]:
    """The share is zero as soon as one call would have been refused for the rate."""
    for rate in (14, 100, 500):
        yield Measurement(f"pacing.share_at_{rate}", share_of(rate), "ratio", 0.95, at_most=False)


def share_of(rate: int) -> float:
    limits = Limits(rate=rate, quota=None, sent=0, sandbox=False, enforcement="HEALTHY", enabled=True)
    pace = RateLimiterState().told(limits, START)
    now, sent = START, 0
    recent: deque[tuple[datetime, int]] = deque()
    while now < START + timedelta(minutes=MINUTES):
        pace, permit = pace.take(50, marketing=True, now=now)
        if isinstance(permit, Wait):
            now = permit.until
            continue
        assert isinstance(permit, Permit)
        now = max(now, permit.at)
        while recent and recent[0][0] <= now - timedelta(seconds=1):
            recent.popleft()
        recent.append((now, permit.sends))
        if sum(number for _, number in recent) > rate:
            return 0.0
        sent += permit.sends
    return sent / (rate * (now - START).total_seconds())

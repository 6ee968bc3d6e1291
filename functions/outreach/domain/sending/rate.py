"""How fast to send, given the account's rate: a little below it, and slower after a refusal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

SHARE = 0.97
"""Of the granted rate. The rest absorbs jitter: calls may arrive up to 30 ms late (decision 0011)."""
LARGEST_CHUNK = 50
"""Messages in one SendBulkEmail call (SES limit)."""
RESERVE = 0.10
"""Of the rate and of each second's room, kept free of marketing while transactional mail is sent."""

_FULL_ENOUGH = 0.98
"""Of a second's room, that calls of one size must be able to fill: so 95 % of the rate is used."""
_SMALLEST_FACTOR = 1 / 16
_RECOVERY = 0.1
_RECOVERY_STEP = timedelta(seconds=10)
_ONE_EVENT = timedelta(seconds=2)
"""Refusals this close together are one event: many functions may report it."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """What refusals have made of the rate: it halves at once and recovers by a tenth every ten seconds."""

    factor: float = 1.0
    slowed_at: datetime | None = None

    def at(self, now: datetime) -> float:
        """The factor on the granted rate, 1/16 to 1."""
        if self.slowed_at is None:
            return 1.0
        steps = max(0, (now - self.slowed_at) // _RECOVERY_STEP)
        return min(1.0, self.factor + steps * _RECOVERY)

    def slowed(self, now: datetime) -> "Throttle":
        """After a refusal for the rate."""
        if self.slowed_at is not None and now < self.slowed_at + _ONE_EVENT:
            return self
        return Throttle(max(_SMALLEST_FACTOR, self.at(now) / 2), now)


def capacity(rate: float) -> int:
    """How many messages any one second may hold; at least one, or nothing would be sent."""
    return max(1, floor(rate))


def chunk_size(rate: float) -> int:
    """The largest bulk call that can use the whole rate, in calls of one size.

    No second may hold more than `rate` messages, so a size is good when whole calls of it fill a second: at
    14 a second 14, at 100 and at 500 fifty, at one a second one.
    """
    room = capacity(rate)
    sizes = range(min(LARGEST_CHUNK, room), 0, -1)
    return next(size for size in sizes if size * (room // size) >= _FULL_ENOUGH * room)

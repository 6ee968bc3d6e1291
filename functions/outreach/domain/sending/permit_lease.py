"""Permits that one process may use at any time in the next half second, without asking for each.

A process that sends single messages, one after another, leases as many permits as it used in the half second
before. So it leases no permit that it will hardly use: an unused one is lost to all senders.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

SPAN = timedelta(seconds=0.5)
"""How long a lease lasts."""
SLOWEST = 20.0
"""Messages a second. Below, half a second has so few permits that each of them counts."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send so many single messages at any time before `until`."""

    sends: int
    until: datetime


@dataclass(frozen=True, slots=True)
class HeldPermits:
    """What one process holds, and how many permits it asked for lately."""

    lease: Lease = Lease(0, _LONG_AGO)
    asked: tuple[datetime, ...] = ()
    """When it wanted a permit, in the last half second."""

    def asking(self, now: datetime) -> "HeldPermits":
        """With one more permit wanted."""
        lately = tuple(at for at in self.asked if at > now - SPAN)
        return replace(self, asked=(*lately, now))

    def covers(self, now: datetime) -> bool:
        """Whether one more message may go now."""
        return self.lease.sends > 0 and now < self.lease.until

    def holding(self, lease: Lease) -> "HeldPermits":
        """With a new lease in the place of the one before."""
        return replace(self, lease=lease)

    def using(self) -> "HeldPermits":
        """With one permit less."""
        return replace(self, lease=replace(self.lease, sends=self.lease.sends - 1))

    def dropped(self) -> "HeldPermits":
        """With no permit: what was leased rests on limits that hold no more."""
        return replace(self, lease=Lease(0, _LONG_AGO))

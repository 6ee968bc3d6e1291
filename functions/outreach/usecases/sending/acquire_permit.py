"""Wait for a turn to send, as long as that is worth waiting for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.domain.sending.rate_limiter import Permit, Wait

if TYPE_CHECKING:
    from outreach.ports.clock import Clock
    from outreach.ports.sending import RateLimiter

PATIENCE = timedelta(seconds=3)
"""How long a function sleeps for a turn; beyond, a waiting machine is cheaper than a sleeping function."""
_LEAD = timedelta(milliseconds=100)
"""What claiming takes, with room to spare."""


def acquire_permit(
    sends: int = 1, *, marketing: bool, rate_limiter: RateLimiter, clock: Clock, patience: timedelta
) -> Permit | Wait:
    """Come back shortly before so many messages, or fewer, may go; or with the moment to ask again.

    There is time to claim them, and then to sleep until the very moment (`until_permit`): the rate is kept
    by calls that leave when they should.
    """
    give_up_at = clock.now() + patience
    while True:
        now = clock.now()
        match rate_limiter.take(sends, marketing=marketing, now=now):
            case Permit() as permit:
                clock.sleep(permit.at - _LEAD - now)
                return permit
            case Wait() as wait if wait.until > give_up_at:
                return wait
            case Wait(until):
                clock.sleep(until - now)


def until_permit(permit: Permit, clock: Clock) -> None:
    """Sleep the rest of the way to the turn, right before sending."""
    clock.sleep(permit.at - clock.now())

"""Wait for a turn to send, as long as that is worth waiting for."""

from datetime import timedelta

from outreach.domain.pacing import Grant, Wait
from outreach.ports import Clock, Pacer

PATIENCE = timedelta(seconds=3)
"""How long a function sleeps for a turn; beyond, a waiting machine is cheaper than a sleeping function."""


def take_turn(
    sends: int = 1, *, marketing: bool, pacer: Pacer, clock: Clock, patience: timedelta
) -> Grant | Wait:
    """Come back when so many messages, or fewer, may go; or with the moment to ask again, if far off."""
    give_up_at = clock.now() + patience
    while True:
        now = clock.now()
        match pacer.take(sends, marketing=marketing, now=now):
            case Grant() as grant:
                clock.sleep(grant.at - now)
                return grant
            case Wait() as wait if wait.until > give_up_at:
                return wait
            case Wait(until):
                clock.sleep(until - now)

"""Wait for a turn to send, as long as that is worth waiting for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.domain.pacing import Grant, Wait

if TYPE_CHECKING:
    from outreach.ports import Clock, Pacer

PATIENCE = timedelta(seconds=3)
"""How long a function sleeps for a turn; beyond, a waiting machine is cheaper than a sleeping function."""
_LEAD = timedelta(milliseconds=100)
"""What claiming takes, with room to spare."""


def take_turn(
    sends: int = 1, *, marketing: bool, pacer: Pacer, clock: Clock, patience: timedelta
) -> Grant | Wait:
    """Come back shortly before so many messages, or fewer, may go; or with the moment to ask again.

    There is time to claim them, and then to sleep until the very moment (`until_turn`): the rate is kept
    by calls that leave when they should.
    """
    give_up_at = clock.now() + patience
    while True:
        now = clock.now()
        match pacer.take(sends, marketing=marketing, now=now):
            case Grant() as grant:
                clock.sleep(grant.at - _LEAD - now)
                return grant
            case Wait() as wait if wait.until > give_up_at:
                return wait
            case Wait(until):
                clock.sleep(until - now)


def until_turn(turn: Grant, clock: Clock) -> None:
    """Sleep the rest of the way to the turn, right before sending."""
    clock.sleep(turn.at - clock.now())

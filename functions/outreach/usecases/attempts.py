"""Attempts at what others may want at the same moment, each a little later than the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.back_off import pause_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.ports.clock import Clock

ATTEMPTS = 5
"""How often a lost race is run again before the queue's own retry, or a person's, takes over."""


def attempts(clock: Clock, whose: str, most: int = ATTEMPTS) -> Iterator[int]:
    """From 1 to `most`; it waits before each but the first. `whose` tells rivals apart."""
    for attempt in range(1, most + 1):
        if attempt > 1:
            clock.sleep(pause_after(attempt - 1, whose))
        yield attempt

"""The recent permits: what keeps any second from holding more messages than it may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(seconds=1.03)
"""The service's second, and 30 ms by which two calls may arrive closer together than planned."""
_GRAIN = timedelta(milliseconds=50)
"""Permits closer together than this are stored as one, so that the row stays small."""
_LONGEST_GRAIN = timedelta(milliseconds=100)
"""Permits that are stored as one take less than this, even if each is used 30 ms late."""


@dataclass(frozen=True, slots=True)
class IssuedPermit:
    """Messages that are sent at one instant, or at several within a short while."""

    since: datetime
    until: datetime
    sends: int


type IssuedPermits = tuple[IssuedPermit, ...]
"""In order of time."""


def with_permit(permits: IssuedPermits, since: datetime, until: datetime, sends: int) -> IssuedPermits:
    """With one more permit, not before the last one."""
    if permits and since - permits[-1].since < _GRAIN:
        last = permits[-1]
        return (*permits[:-1], IssuedPermit(last.since, max(last.until, until), last.sends + sends))
    return (*permits, IssuedPermit(since, until, sends))


def still_counting(permits: IssuedPermits, at: datetime) -> IssuedPermits:
    """The permits that share a second with one at `at`, or are later."""
    return tuple(permit for permit in permits if permit.until > at - WINDOW)


def has_lease(permits: IssuedPermits) -> bool:
    """Whether some of them may be used at any instant of a longer while."""
    return any(permit.until - permit.since > _LONGEST_GRAIN for permit in permits)


def taken(permits: Iterable[IssuedPermit], at: datetime, span: timedelta = timedelta()) -> int:
    """Messages that may share a second with one at `at`, or at any instant of the `span` after it."""
    until = at + span + WINDOW
    return sum(permit.sends for permit in permits if permit.until > at - WINDOW and permit.since < until)


def first_fit(permits: IssuedPermits, earliest: datetime, sends: int, room: int) -> tuple[datetime, int]:
    """The first instant with room for at least half of the `sends`, and how many fit there.

    Half, because waiting for all of them would leave seconds unused when sizes differ, and taking any small
    rest would cut every later call into small ones too.
    """
    asked = min(sends, room)
    instants = sorted({permit.until + WINDOW for permit in permits if permit.until + WINDOW > earliest})
    for instant in (earliest, *instants):
        free = room - taken(permits, instant)
        if 2 * free >= asked:
            return instant, min(asked, free)
    raise AssertionError("unreachable: after the last permit every second is empty")

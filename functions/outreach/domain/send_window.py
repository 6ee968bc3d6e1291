"""The turns that were given lately: what keeps any second from holding more messages than it may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(seconds=1.03)
"""The service's second, and 30 ms by which two calls may come closer together than they were planned."""
_GRAIN = timedelta(milliseconds=50)
"""Turns nearer than this are remembered as one, so that the memory stays small."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Messages that go at one moment, or at several within a short while."""

    since: datetime
    until: datetime
    sends: int


type Turns = tuple[Turn, ...]
"""In order of time."""


def with_turn(turns: Turns, since: datetime, until: datetime, sends: int) -> Turns:
    """With one more turn, not before the last one."""
    if turns and since - turns[-1].since < _GRAIN:
        last = turns[-1]
        return (*turns[:-1], Turn(last.since, max(last.until, until), last.sends + sends))
    return (*turns, Turn(since, until, sends))


def still_counting(turns: Turns, at: datetime) -> Turns:
    """Those that share a second with something that goes at `at`, or later."""
    return tuple(turn for turn in turns if turn.until > at - WINDOW)


def taken(turns: Iterable[Turn], at: datetime) -> int:
    """Messages that may share a second with one that goes at `at`, before or after it."""
    return sum(turn.sends for turn in turns if turn.until > at - WINDOW and turn.since < at + WINDOW)


def first_fit(turns: Turns, earliest: datetime, sends: int, room: int) -> tuple[datetime, int]:
    """The first moment with room for at least half of the `sends`, and how many fit there.

    Half, because waiting for all of them would leave seconds unused when sizes differ, and taking any
    crumb of room would cut every later call into crumbs too.
    """
    asked = min(sends, room)
    moments = sorted({turn.until + WINDOW for turn in turns if turn.until + WINDOW > earliest})
    for moment in (earliest, *moments):
        free = room - taken(turns, moment)
        if 2 * free >= asked:
            return moment, min(asked, free)
    raise AssertionError("unreachable: after the last turn every second is empty")

"""Wakes of campaign shards and who sweeps them, in memory."""

from datetime import datetime, timedelta

from outreach.ports.sweeps import NextLook

LEASE = timedelta(minutes=16)

type Shard = tuple[str, int]


class FakeWakeTimer:
    """Executions by campaign, shard and minute: those that wait, and those that came and went."""

    def __init__(self) -> None:
        self.armed: set[tuple[str, int, datetime]] = set()
        self.gone: set[tuple[str, int, datetime]] = set()

    def wake_at(self, campaign: str, shard: int, minute: datetime) -> bool:
        wake = campaign, shard, minute
        if wake in self.gone:
            return False
        self.armed.add(wake)
        return True

    def take(self, until: datetime) -> tuple[str, int, datetime] | None:
        """The first wake that comes by then; it is gone from now on."""
        due = sorted((wake for wake in self.armed if wake[2] <= until), key=lambda wake: (wake[2], wake[:2]))
        if not due:
            return None
        self.armed.remove(due[0])
        self.gone.add(due[0])
        return due[0]


class FakeShardLease:
    """Who holds which shard until when, and whether they were asked to sweep once more."""

    def __init__(self) -> None:
        self.held: dict[Shard, tuple[str, datetime]] = {}
        self.asked: set[Shard] = set()
        self.looks: dict[Shard, NextLook] = {}

    def acquire(self, campaign: str, shard: int, *, owner: str, now: datetime) -> bool:
        place = campaign, shard
        holder, until = self.held.get(place, (owner, now))
        if holder != owner and until > now:
            self.asked.add(place)
            return False
        self.held[place] = owner, now + LEASE
        return True

    def release(self, campaign: str, shard: int, *, owner: str, look: NextLook | None = None) -> bool:
        place = campaign, shard
        if self.held.get(place, ("", None))[0] != owner:
            return True
        if place in self.asked:
            self.asked.remove(place)
            return False
        del self.held[place]
        self.looks.pop(place, None)
        if look is not None:
            self.looks[place] = look
        return True

    def abandon(self, campaign: str, shard: int, *, owner: str) -> None:
        place = campaign, shard
        if self.held.get(place, ("", None))[0] == owner:
            del self.held[place]
            self.asked.discard(place)

    def next_look(self, campaign: str, shard: int) -> datetime | None:
        look = self.looks.get((campaign, shard))
        return None if look is None else look.at

    def attended_until(self, campaign: str, shard: int) -> datetime | None:
        place = campaign, shard
        moments = [self.held[place][1]] if place in self.held else []
        moments += [self.looks[place].at] if place in self.looks and self.looks[place].is_held else []
        return max(moments, default=None)

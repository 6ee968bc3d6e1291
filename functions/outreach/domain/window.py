"""Local hours in which mail may go out, and which zone a customer lives in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EVERY_DAY = frozenset(range(7))
"""Monday is 0, as in `datetime.weekday`."""
_LONGEST_SEARCH = 9
"""Days: a week, and one either side for zones that skip a whole day."""
_PRIORITY_STEP = timedelta(seconds=6)
_HIGHEST_PRIORITY = 100


@dataclass(frozen=True, slots=True)
class Window:
    """From one local hour to another, on some days. `opens == closes` is the whole day.

    A window whose `closes` is before its `opens` runs over midnight and belongs to the day it opens.
    """

    opens: time
    closes: time
    days: frozenset[int] = EVERY_DAY

    def is_open(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether mail may go out now. The closing minute itself is closed."""
        local = moment.astimezone(zone)
        clock = local.time()
        if self.opens == self.closes:
            return local.weekday() in self.days
        if self.opens < self.closes:
            return self.opens <= clock < self.closes and local.weekday() in self.days
        if clock >= self.opens:
            return local.weekday() in self.days
        return clock < self.closes and (local.weekday() - 1) % 7 in self.days

    def next_open(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first moment, not before `moment`, at which the window is open (UTC).

        An opening hour that a clock change skips counts as the first minute after the gap; one that
        happens twice counts the first time.
        """
        if self.is_open(moment, zone):
            return moment
        today = moment.astimezone(zone).date()
        for days_ahead in range(-1, _LONGEST_SEARCH):
            day = today + timedelta(days=days_ahead)
            if day.weekday() not in self.days:
                continue
            opening = self._opening(datetime.combine(day, self.opens, zone), zone)
            if opening >= moment and self.is_open(opening, zone):
                return opening
        raise ValueError("a window without a day never opens")  # the campaign file refuses it

    @staticmethod
    def _opening(wall: datetime, zone: ZoneInfo) -> datetime:
        """The instant of a wall clock time; inside a gap, the instant the gap ends."""
        instant = wall.astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
            return instant
        # PEP 495: in a gap, fold=0 reads the clock with the offset before the change.
        after = wall.replace(fold=1).utcoffset() or timedelta()
        before = wall.replace(fold=0).utcoffset() or timedelta()
        low = wall.replace(tzinfo=UTC) - max(before, after)
        high = wall.replace(tzinfo=UTC) - min(before, after)
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) / 2
            if middle.astimezone(zone).replace(tzinfo=None) < wall.replace(tzinfo=None):
                low = middle
            else:
                high = middle
        return high.replace(microsecond=0)


ANY_TIME = Window(time(0), time(0))


def head_start(priority: int) -> timedelta:
    """How long a send waits after a window or cap opens, so that higher priorities go first."""
    return (_HIGHEST_PRIORITY - priority) * _PRIORITY_STEP


def zone_of(time_zone: str | None, country: str | None, zones: Mapping[str, str], default: str) -> ZoneInfo:
    """The customer's own zone, else their country's, else the shop's default.

    `zones` maps ISO country codes to zone names; a name that the zone database does not know counts
    as not given.
    """
    for name in (time_zone, zones.get((country or "").upper()), default):
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return ZoneInfo("UTC")

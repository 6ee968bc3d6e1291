"""Local hours in which mail may be sent, and which zone a customer lives in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EVERY_DAY = frozenset(range(7))
"""Monday is 0, as in `datetime.weekday`."""
_LONGEST_SEARCH = 16
"""Days: a little over two weeks, for hours on one weekday in a zone that skips that day."""
_PRIORITY_STEP = timedelta(seconds=6)
_HIGHEST_PRIORITY = 100


@dataclass(frozen=True, slots=True)
class DeliveryHours:
    """From one local hour to another, on some days. `opens == closes` is the whole day.

    Hours whose `closes` is before their `opens` run over midnight and belong to the day they open.
    """

    opens: time
    closes: time
    days: frozenset[int] = EVERY_DAY

    def is_open(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Whether mail may be sent now. The closing minute itself is closed."""
        local = instant.astimezone(zone)
        clock = local.time()
        if self.opens == self.closes:
            return local.weekday() in self.days
        if self.opens < self.closes:
            return self.opens <= clock < self.closes and local.weekday() in self.days
        if clock >= self.opens:
            return local.weekday() in self.days
        return clock < self.closes and (local.weekday() - 1) % 7 in self.days

    def next_open(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """The first instant, not before `instant`, at which the hours are open.

        An opening hour that a clock change skips counts as the first instant after the gap; hours that happen
        twice are open both times.
        """
        if self.is_open(instant, zone):
            return instant
        today = instant.astimezone(zone).date()
        for days_ahead in range(_LONGEST_SEARCH):
            opening = self._opening_on(today + timedelta(days=days_ahead), instant, zone)
            if opening is not None:
                change = _clock_change(instant, opening, zone)
                return change if change is not None and self.is_open(change, zone) else opening
        raise ValueError("a window without a day never opens")  # the campaign file refuses it

    def permit(self, instant: datetime, zone: ZoneInfo, priority: int) -> datetime:
        """When a send of this priority may go: at once while open, else a little after the opening.

        The delay lets higher priorities go first; hours too short for it have no order.
        """
        opening = self.next_open(instant, zone)
        if opening == instant:
            return instant
        later = opening + start_delay(priority)
        return later if self.is_open(later, zone) else opening

    def _opening_on(self, day: date, instant: datetime, zone: ZoneInfo) -> datetime | None:
        """The first instant of that day's opening hour that is not past; None when there is none."""
        wall = datetime.combine(day, time(0) if self.opens == self.closes else self.opens, zone)
        instants = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        return min((each for each in instants if each >= instant and self.is_open(each, zone)), default=None)


def _clock_change(start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """When the zone's clocks change between two instants that are days apart; None when they do not.

    No zone changes its clocks twice within the two weeks that delivery hours may stay closed.
    """
    offset = end.astimezone(zone).utcoffset()
    low, high = int(start.timestamp()), int(end.timestamp())
    if start.astimezone(zone).utcoffset() == offset:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


ANY_TIME = DeliveryHours(time(0), time(0))


def start_delay(priority: int) -> timedelta:
    """How long a send waits after delivery hours or a cap open, so that higher priorities go first."""
    return (_HIGHEST_PRIORITY - priority) * _PRIORITY_STEP


def zone_of(time_zone: str | None, country: str | None, zones: Mapping[str, str], default: str) -> ZoneInfo:
    """The customer's own zone, else their country's, else the shop's default.

    `zones` maps ISO country codes to zone names; a name that the zone database does not know counts as
    missing.
    """
    for name in (time_zone, zones.get((country or "").upper()), default):
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return ZoneInfo("UTC")

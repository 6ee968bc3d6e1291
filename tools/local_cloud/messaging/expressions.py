"""Schedule expressions: `at(...)`, `rate(...)` and `cron(...)`, in any time zone.

After the EventBridge Scheduler user guide. Local times that a DST change skips do not fire; those it repeats
fire once.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local_cloud.errors import AwsError

_FORM = re.compile(r"(at|rate|cron)\((.+)\)$")
_UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_HORIZON_DAYS = 366 * 5
_CRON_FIELDS = 6


def _invalid(expression: str) -> AwsError:
    return AwsError("ValidationException", f"Invalid Schedule Expression {expression}.")


@dataclass(frozen=True, slots=True)
class _Once:
    moment: float

    def after(self, moment: float) -> float | None:
        return self.moment if self.moment > moment else None


@dataclass(frozen=True, slots=True)
class _Rate:
    seconds: int

    def after(self, moment: float) -> float:
        return moment + self.seconds


@dataclass(frozen=True, slots=True)
class _Cron:
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    last_day: bool
    months: frozenset[int]
    weekdays: frozenset[int]
    years: frozenset[int]
    zone: ZoneInfo

    def after(self, moment: float) -> float | None:
        day = datetime.fromtimestamp(moment, self.zone).date()
        for _ in range(_HORIZON_DAYS):
            if self._on(day):
                for hour in self.hours:
                    for minute in self.minutes:
                        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
                        when = local.timestamp()
                        skipped = datetime.fromtimestamp(when, self.zone).hour != hour
                        if when > moment and not skipped:
                            return when
            day += timedelta(days=1)
        return None

    def _on(self, day: date) -> bool:
        is_last = (day + timedelta(days=1)).month != day.month
        return (
            day.month in self.months
            and day.year in self.years
            and (day.day in self.days or (self.last_day and is_last))
            and day.isoweekday() % 7 + 1 in self.weekdays
        )


type Schedule = _Once | _Rate | _Cron


def parse_schedule(expression: str, zone_name: str = "UTC") -> Schedule:
    """Read a schedule expression.

    Raises AwsError (ValidationException) when the expression or the time zone is not valid.
    """
    try:
        zone = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError):
        raise AwsError("ValidationException", f"The time zone {zone_name} is not valid.") from None
    form = _FORM.fullmatch(expression)
    if form is None:
        raise _invalid(expression)
    kind, body = form.groups()
    try:
        if kind == "at":
            return _Once(datetime.fromisoformat(body).replace(tzinfo=zone).timestamp())
        if kind == "rate":
            return _rate(body)
        return _cron(body, zone)
    except ValueError:
        raise _invalid(expression) from None


def _rate(body: str) -> _Rate:
    count, unit = body.split()
    if (int(count) == 1) == unit.endswith("s") or int(count) < 1 or unit.removesuffix("s") not in _UNITS:
        raise ValueError(body)
    return _Rate(int(count) * _UNITS[unit.removesuffix("s")])


def _cron(body: str, zone: ZoneInfo) -> _Cron:
    fields = body.upper().split()
    if len(fields) != _CRON_FIELDS:
        raise ValueError(body)
    minute, hour, day, month, weekday, year = fields
    # One of the two day fields has to be left open; AWS refuses both or neither.
    if (day == "?") == (weekday == "?"):
        raise ValueError(body)
    return _Cron(
        minutes=tuple(sorted(_numbers(minute, 0, 59))),
        hours=tuple(sorted(_numbers(hour, 0, 23))),
        days=frozenset() if day == "L" else _numbers(day, 1, 31),
        last_day=day == "L",
        months=_numbers(month, 1, 12, _MONTHS),
        weekdays=_numbers(weekday, 1, 7, _DAYS),
        years=_numbers(year, 1970, 2199),
        zone=zone,
    )


def _numbers(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    for number, name in enumerate(names, start=1):
        field = field.replace(name, str(number))
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span in {"*", "?"}:
            first, last = low, high
        elif "-" in span:
            first, last = (int(end) for end in span.split("-"))
        else:
            first = int(span)
            last = high if step else first
        if not low <= first <= last <= high:
            raise ValueError(field)
        found |= set(range(first, last + 1, int(step or 1)))
    return frozenset(found)


def as_utc_text(moment: float) -> str:
    """A time as AWS writes it in events: `2026-03-02T09:00:00Z`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""When a fact's date or time is, and when a day begins where a customer lives."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""RFC 3339, full-date. (`date.fromisoformat` takes other forms, such as weeks, too.)"""


def instant_of(value: object, zone: ZoneInfo) -> datetime | None:
    """The instant that a fact gives, in UTC; None when it gives none.

    A fact is a datetime, the RFC 3339 text of one, or a plain date such as `2026-03-05`: the start of that
    day in the customer's zone. A time without an offset is ambiguous, so it gives none.
    """
    try:
        if isinstance(value, str):
            is_date = _PLAIN_DATE.fullmatch(value) is not None
            value = date.fromisoformat(value) if is_date else datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return None if value.tzinfo is None else value.astimezone(UTC)
        return start_of(value, zone) if isinstance(value, date) else None
    except (ValueError, OverflowError):
        return None


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, in UTC.

    Where clocks skip midnight, the day begins after the gap; where midnight happens twice, with the first.
    Raises OverflowError beyond the years that a calendar holds.
    """
    midnights = (datetime.combine(day, time(0), zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    # In a gap one of the two readings is in the day before (PEP 495).
    return min(each for each in midnights if each.astimezone(zone).date() >= day)

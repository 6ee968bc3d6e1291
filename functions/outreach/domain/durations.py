"""Durations as campaign files write them: `45m`, `12h`, `3d`, `2w`, `1d12h`."""

import re
from datetime import timedelta

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_PART = re.compile(r"([0-9]+)([wdhm])")
_WHOLE = re.compile(r"(?:[0-9]{1,9}[wdhm])+")
LONGEST = timedelta(days=365)
"""A Standard Step Functions execution runs at most one year (AWS quota), so no wait may be longer."""


def parse_duration(text: str) -> timedelta:
    """Read a duration such as `3d` or `1d12h`.

    Raises ValueError for any other text, for an empty one, and for more than a year.
    """
    compact = text.strip().lower()
    if not _WHOLE.fullmatch(compact):
        raise ValueError("not a duration; write a number and a unit, such as 45m, 12h, 3d or 2w")
    parts = {_UNITS[unit]: 0 for _, unit in _PART.findall(compact)}
    for number, unit in _PART.findall(compact):
        parts[_UNITS[unit]] += int(number)
    if max(parts.values()) > LONGEST.total_seconds():
        raise ValueError("longer than a year; a wait may last 365d at most")
    duration = timedelta(**parts)
    if duration <= timedelta(0):
        raise ValueError("no time at all; leave the wait out instead")
    if duration > LONGEST:
        raise ValueError("longer than a year; a wait may last 365d at most")
    return duration


def format_duration(duration: timedelta) -> str:
    """Write a duration as a campaign file writes it, such as `1d12h`."""
    minutes = round(duration.total_seconds() / 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    text = "".join(f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if n)
    return text or "0m"

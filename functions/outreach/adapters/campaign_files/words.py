"""Durations, hours and labels of a campaign in plain words, for people who read no YAML."""

from datetime import timedelta

from outreach.domain.durations import format_duration
from outreach.domain.journeys.campaign import END
from outreach.domain.sending.delivery_hours import ANY_TIME, EVERY_DAY, DeliveryHours

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def duration_words(span: timedelta) -> str:
    """Such as `1 day 12 hours`."""
    words = []
    for name, unit in _UNITS:
        count, span = divmod(span, unit)
        if count:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(words) or format_duration(span)


def hours_words(hours: DeliveryHours) -> str:
    """Such as `from 08:00 to 20:00, every day, in the customer's own time zone`."""
    if hours == ANY_TIME:
        return "at any hour"
    chosen = ", ".join(_DAYS[day] for day in sorted(hours.days))
    days = "every day" if hours.days == EVERY_DAY else f"on {chosen}"
    if hours.opens == hours.closes:
        return f"at any hour, {days}"
    return f"from {hours.opens:%H:%M} to {hours.closes:%H:%M}, {days}, in the customer's own time zone"


def going_on_words(label: str) -> str:
    """Where a jump leads."""
    return "the campaign ends" if label == END else f"go on at {label}"

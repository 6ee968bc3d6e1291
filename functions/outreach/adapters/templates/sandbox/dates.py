"""Dates as people write them, in the customer's own time zone.

Babel knows more, but takes longer to import than an e-mail takes to send; what messages need fits on a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import pass_context

from outreach.adapters.templates.sandbox.limits import FactProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.runtime import Context

NO_INSTANT = "date needs a date and time; put {% if %} around it if it may not be known"


@dataclass(frozen=True, slots=True)
class Calendar:
    """How one language writes a date; `pattern` is for this year, `pattern_with_year` for any other."""

    days: tuple[str, ...]
    """Monday first."""
    months: tuple[str, ...]
    pattern: str
    pattern_with_year: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CALENDARS: Mapping[str, Calendar] = {
    "en": Calendar(
        _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        _words("January February March April May June July August September October November December"),
        "{day}, {number} {month}",
        "{day}, {number} {month} {year}",
    ),
    "fr": Calendar(
        _words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        _words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        "{day} {number} {month}",
        "{day} {number} {month} {year}",
    ),
    "es": Calendar(
        _words("lunes martes miércoles jueves viernes sábado domingo"),
        _words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        "{day}, {number} de {month}",
        "{day}, {number} de {month} de {year}",
    ),
    "de": Calendar(
        _words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        _words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        "{day}, {number}. {month}",
        "{day}, {number}. {month} {year}",
    ),
    "it": Calendar(
        _words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        _words(
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
        ),
        "{day} {number} {month}",
        "{day} {number} {month} {year}",
    ),
    "nl": Calendar(
        _words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        _words("januari februari maart april mei juni juli augustus september oktober november december"),
        "{day} {number} {month}",
        "{day} {number} {month} {year}",
    ),
    "pt": Calendar(
        _words("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"),
        _words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        "{day}, {number} de {month}",
        "{day}, {number} de {month} de {year}",
    ),
}


def date_filter(language: str) -> Callable[..., str]:
    """`{{ order.promised_at | date }}` in that language (English for an unknown one)."""
    calendar = CALENDARS.get(language.split("-", 1)[0].lower(), CALENDARS["en"])

    @pass_context
    def date(context: Context, instant: object) -> str:
        """The day of an instant, as `Monday, 2 March`; the year is shown only when it is not this one."""
        if not isinstance(instant, datetime) or instant.tzinfo is None:
            raise FactProblemError(NO_INSTANT)
        zone = _zone(context)
        local = instant.astimezone(zone)
        now = context.get("now")
        this_year = isinstance(now, datetime) and now.astimezone(zone).year == local.year
        return (calendar.pattern if this_year else calendar.pattern_with_year).format(
            day=calendar.days[local.weekday()],
            number=local.day,
            month=calendar.months[local.month - 1],
            year=local.year,
        )

    return date


def _zone(context: Context) -> tzinfo:
    customer = context.get("customer")
    name = context.environment.getattr(customer, "time_zone") if customer else None
    return zone_called(name) if name else UTC


@lru_cache(maxsize=512)
def zone_called(name: str) -> tzinfo:
    """The zone of that IANA name; UTC for an unknown one: a wrong hour is better than no message."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfo's errors for "no such zone"
        return UTC

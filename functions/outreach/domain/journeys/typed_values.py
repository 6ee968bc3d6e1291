"""Reads attributes and properties by their declared types; what does not fit counts as missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from outreach.domain.journeys.amount import Amount, amount_of, value_of
from outreach.domain.journeys.dates import instant_of, start_of
from outreach.domain.journeys.declared_facts import FactType

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from outreach.domain.journeys.declared_facts import DeclaredFact

_PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*", re.IGNORECASE)
_YES_OR_NO: Mapping[object, bool] = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that counts as missing because it does not fit its declared type."""

    path: str
    """Where it stands, such as `event.properties.items[].price`; never the value, which may be personal."""
    expected: str
    """The type, or that it is one of some values."""


type Report = Callable[[Misfit], None]


def ignore(_misfit: Misfit) -> None:
    """For callers that report nothing."""


def typed_values(
    given: Mapping[str, object],
    declared: Mapping[str, DeclaredFact],
    zone: ZoneInfo,
    path: str,
    report: Report,
) -> Mapping[str, object]:
    """`given`, each declared fact as its type says, in the zone where the customer lives.

    A declared fact that is missing or does not fit has its default, or else is left out. What is not declared
    stays as it came. `path` is what the names belong to, such as `customer.attributes`.
    """
    if not declared:
        return given
    read = dict(given)
    for name, fact in declared.items():
        value = _value_or_none(given.get(name), fact, zone, f"{path}.{name}", report)
        if value is None and fact.default is not None:
            value = _value(fact.default, fact, zone, path, report)
        if value is None:
            read.pop(name, None)
        else:
            read[name] = value
    return read


def fits(value: object, fact: DeclaredFact, zone: ZoneInfo) -> bool:
    """Whether a value is of the declared type, and one of the declared values."""
    return _one_of(_value(value, fact, zone, "", ignore), fact) is not None


def _value_or_none(given: object, fact: DeclaredFact, zone: ZoneInfo, path: str, report: Report) -> object:
    if given is None:
        return None
    value = _value(given, fact, zone, path, report)
    if value is None:
        report(Misfit(path, fact.type))
        return None
    chosen = _one_of(value, fact)
    if chosen is None:
        report(Misfit(path, f"one of its {len(fact.one_of)} values"))
    return chosen


def _one_of(value: object, fact: DeclaredFact) -> object:
    return value if not fact.one_of or value in fact.one_of else None


def _value(given: object, fact: DeclaredFact, zone: ZoneInfo, path: str, report: Report) -> object:
    """None for what does not fit."""
    if fact.type is FactType.LIST_OF:
        return _list(given, fact, zone, path, report)
    return _PLAIN[fact.type](given, zone)


def _list(given: object, fact: DeclaredFact, zone: ZoneInfo, path: str, report: Report) -> object:
    """The entries that fit; those that do not are left out."""
    if not isinstance(given, list | tuple):
        return None
    inside, entries = f"{path}[]", []
    for each in given:
        if fact.entry is not None:
            value = _value_or_none(each, fact.entry, zone, inside, report)
            entries += [] if value is None else [value]
        elif isinstance(each, Mapping):
            entries.append(typed_values(each, fact.fields, zone, inside, report))
        else:
            report(Misfit(inside, "an object with names and values"))
    return entries


def _text(given: object, _zone: ZoneInfo) -> str | None:
    return given if isinstance(given, str) else None


def _number(given: object, _zone: ZoneInfo) -> object:
    if isinstance(given, str) and not isinstance(given, Amount) and _NUMBER.fullmatch(given):
        return float(given) if "." in given else int(given)
    return None if isinstance(given, str) or value_of(given) is None else given


def _money(given: object, _zone: ZoneInfo) -> Amount | None:
    return amount_of(given)


def _date(given: object, zone: ZoneInfo) -> datetime | None:
    """The beginning of the day, where the customer lives."""
    try:
        if isinstance(given, str) and _PLAIN_DATE.fullmatch(given):
            given = date.fromisoformat(given)
        if isinstance(given, datetime) or not isinstance(given, date):
            return None
        return start_of(given, zone).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _moment(given: object, zone: ZoneInfo) -> datetime | None:
    """An instant needs its offset: a plain date is none."""
    if isinstance(given, str) and _PLAIN_DATE.fullmatch(given):
        return None
    if not isinstance(given, str | datetime):
        return None
    instant = instant_of(given, zone)
    try:
        return None if instant is None else instant.astimezone(zone)
    except OverflowError:
        return None


def _yes_no(given: object, _zone: ZoneInfo) -> bool | None:
    if isinstance(given, bool):
        return given
    return _YES_OR_NO.get(given.lower()) if isinstance(given, str) else None


def _url(given: object, _zone: ZoneInfo) -> str | None:
    return given if isinstance(given, str) and _WEB_ADDRESS.fullmatch(given) else None


_PLAIN: Mapping[FactType, Callable[[object, ZoneInfo], object]] = {
    FactType.TEXT: _text,
    FactType.NUMBER: _number,
    FactType.MONEY: _money,
    FactType.DATE: _date,
    FactType.MOMENT: _moment,
    FactType.YES_NO: _yes_no,
    FactType.URL: _url,
}

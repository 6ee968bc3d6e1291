"""The kinds of values in an event: ids, times, money, places, addresses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import category

from pydantic import BeforeValidator, Field, WithJsonSchema

from outreach.adapters.events.envelope.address import LONGEST_ADDRESS, mailable
from outreach.adapters.events.envelope.ids import LONGEST_ID, is_id
from outreach.adapters.events.envelope.limits import attributes_problems, properties_problems
from outreach.adapters.validation.suggest import did_you_mean
from outreach.adapters.validation.zone_names import zone_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OLDEST_YEAR, _NEWEST_YEAR = 1990, 2100
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_MONEY = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,4})?")
_LOCALE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{1,8})*)")
_LONGEST_LOCALE = 35
LONGEST_WEB_ADDRESS = 2000
_WEB = re.compile(r"https?://[!#$%&'()*+,./:;=?@\[\]_~A-Za-z0-9-]+")
_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories: control characters and line ends. Joiners and hard spaces belong to real names."""
_LENGTH_OF_SCRIPT = 4
_LENGTH_OF_COUNTRY = 2


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise ValueError("must be text")
    return given


def _id(given: object) -> str:
    text = _text(given)
    if not is_id(text):
        raise ValueError(f"must be 1 to {LONGEST_ID} printable characters, without spaces at either end")
    return text


def _timestamp(given: object) -> datetime:
    text = _text(given)
    if not _RFC_3339.fullmatch(text):
        raise ValueError(
            "must be RFC 3339 text with its offset, such as 2026-03-02T09:00:00Z or ...T10:00:00+01:00"
        )
    try:
        instant = datetime.fromisoformat(text.upper()).astimezone(UTC)  # it does not know a small z
    except (ValueError, OverflowError):
        raise ValueError("must be a valid date and time, such as 2026-03-02T09:00:00Z") from None
    if not _OLDEST_YEAR <= instant.year <= _NEWEST_YEAR:
        raise ValueError(f"must lie between the years {_OLDEST_YEAR} and {_NEWEST_YEAR}")
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def _email(given: object) -> str:
    return mailable(_text(given))


def _locale(given: object) -> str:
    text = _text(given).strip()
    match = _LOCALE.fullmatch(text)
    if match is None or len(text) > _LONGEST_LOCALE:
        raise ValueError("must be a language and perhaps a country, such as en, es-ES or zh-Hant-TW (BCP 47)")
    subtags = [_cased(subtag) for subtag in re.split("[-_]", match[2])[1:]]
    return "-".join([match[1].lower(), *subtags])


def _cased(subtag: str) -> str:
    if len(subtag) == _LENGTH_OF_SCRIPT and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == _LENGTH_OF_COUNTRY else subtag.lower()


def _country(given: object) -> str:
    text = _text(given).strip()
    if len(text) != _LENGTH_OF_COUNTRY or not (text.isascii() and text.isalpha()):
        raise ValueError("must be the two letters of ISO 3166, such as ES")
    return text.upper()


def _time_zone(given: object) -> str:
    text = _text(given).strip()
    if text not in zone_names():
        hint = did_you_mean(text, zone_names()) if len(text) <= LONGEST_ID else ""
        near = f"; {hint}" if hint.startswith("did") else ""
        raise ValueError(f"must be a name of the IANA zone database, such as Europe/Madrid{near}")
    return text


def _money(given: object) -> str:
    if not isinstance(given, str) or not _MONEY.fullmatch(given):
        raise ValueError(
            'must be an amount as text, such as "59.90": a JSON number would lose cents in floating point'
        )
    return given


def _currency(given: object) -> str:
    text = _text(given).strip()
    if len(text) != 3 or not (text.isascii() and text.isalpha()):  # noqa: PLR2004 - ISO 4217
        raise ValueError("must be the three letters of ISO 4217, such as EUR")
    return text.upper()


def _web_address(given: object) -> str:
    text = _text(given).strip()
    if len(text) > LONGEST_WEB_ADDRESS or not _WEB.fullmatch(text):
        raise ValueError("must be a web address, such as https://example.com/orders/1")
    return text


def _free_form(problems_of: Callable[[object], Iterator[str]]) -> BeforeValidator:
    def free_form(given: object) -> object:
        if not isinstance(given, dict):
            raise ValueError("must be an object of names and values")
        for problem in problems_of(given):
            raise ValueError(problem)
        return given

    return BeforeValidator(free_form)


def line(longest: int) -> BeforeValidator:
    """One line of text of 1 to `longest` characters; spaces at its ends are cut off."""

    def one_line(given: object) -> str:
        text = _text(given).strip()
        if not text or len(text) > longest or any(category(each) in _NOT_IN_A_LINE for each in text):
            raise ValueError(f"must be one line of 1 to {longest} characters, without control characters")
        return text

    return BeforeValidator(one_line, json_schema_input_type=Annotated[str, Field(max_length=longest)])


def words(given: object) -> object:
    """Text that people type, perhaps on several lines, put on one."""
    return " ".join(given.split()) if isinstance(given, str) else given


def _schema(**more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string"} | more)


def _may_be_blank(pattern: str) -> str:
    """A blank text counts as missing, and spaces at the ends are cut off."""
    return rf"^\s*({pattern})?\s*$"


_MOMENT_TEXT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
)
_ID_TEXT = r"^\S(.*\S)?$"
_EMAIL_TEXT = (
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{0,63}"
    r"@[^@\s]+[.\u3002\uff0e\uff61][^@\s]+"  # the full stops that IDNA knows (RFC 3490, 3.1)
)
_LOCALE_TEXT = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*"
_ZONE_TEXT = r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*"
_AMOUNT = _schema(pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?$", examples=["59.90"])

Id = Annotated[str, BeforeValidator(_id), _schema(minLength=1, maxLength=LONGEST_ID, pattern=_ID_TEXT)]
Timestamp = Annotated[
    datetime,
    BeforeValidator(_timestamp),
    _schema(format="date-time", pattern=_MOMENT_TEXT, examples=["2026-03-02T09:00:00Z"]),
]
Email = Annotated[
    str,
    BeforeValidator(_email),
    _schema(maxLength=LONGEST_ADDRESS, pattern=_may_be_blank(_EMAIL_TEXT), examples=["ana@example.com"]),
]
Locale = Annotated[
    str,
    BeforeValidator(_locale),
    _schema(maxLength=_LONGEST_LOCALE, pattern=_may_be_blank(_LOCALE_TEXT), examples=["es-ES"]),
]
Country = Annotated[str, BeforeValidator(_country), _schema(pattern="^[A-Za-z]{2}$", examples=["ES"])]
TimeZone = Annotated[
    str, BeforeValidator(_time_zone), _schema(pattern=_may_be_blank(_ZONE_TEXT), examples=["Europe/Madrid"])
]
MoneyText = Annotated[str, BeforeValidator(_money), _AMOUNT]
Money = Annotated[Decimal, BeforeValidator(_money), _AMOUNT]
Currency = Annotated[str, BeforeValidator(_currency), _schema(pattern="^[A-Za-z]{3}$", examples=["EUR"])]
WebAddress = Annotated[
    str,
    BeforeValidator(_web_address),
    _schema(
        pattern="^https?://",
        maxLength=LONGEST_WEB_ADDRESS,
        examples=["https://shop.example.com/orders/o-1"],
    ),
]
_FREE_FORM = WithJsonSchema({"type": "object", "additionalProperties": True})
Attributes = Annotated[dict[str, Any], _free_form(attributes_problems), _FREE_FORM]
Properties = Annotated[dict[str, Any], _free_form(properties_problems), _FREE_FORM]

"""The kinds of values in a campaign file: names, events, durations, hours, shares and expressions."""

import re
from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, StrictStr, WithJsonSchema

from outreach.domain.durations import parse_duration

LONGEST_NAME = 40
"""Characters. Names go into SES message tags, table keys and execution names, which are all bounded."""
NAME_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
EVENT_PATTERN = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
VALUE_NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
WORDS = {
    NAME_PATTERN: "must be lowercase letters and digits with single hyphens between, such as first-steps",
    EVENT_PATTERN: "must be an event's name: noun.verb_in_past, such as order.placed",
    VALUE_NAME_PATTERN: "must be lowercase letters, digits and underscores, such as coupon_code",
}
"""What each pattern asks for, in plain words."""

_HIGHEST_HOLDOUT = 0.9
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_FORM = "must be days such as mon-fri, or [mon, wed, sat], or any"
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*%")
_REENTRY_WORDS = ("never", "after_exit", "restart")
_REENTRY = re.compile(r"after\s+(\S+)")


def _duration(given: object) -> timedelta:
    if not isinstance(given, str):
        raise ValueError("must be a number and a unit, such as 45m, 12h, 3d or 2w")
    return parse_duration(given)


def _clock(given: object) -> time:
    if given == "24:00":
        return time(0)
    match = _CLOCK.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        raise ValueError('must be an hour of the day as "HH:MM", such as "08:00"')
    return time(int(match[1]), int(match[2]))


def _days(given: object) -> frozenset[int]:
    if given == "any":
        return frozenset(range(7))
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, list) or not parts or not all(isinstance(part, str) for part in parts):
        raise ValueError(_DAYS_FORM)
    days: set[int] = set()
    for part in parts:
        first, _, last = part.strip().lower().partition("-")
        if first not in WEEK or (last or first) not in WEEK:
            raise ValueError(f"{_DAYS_FORM}; a day has three letters")
        start, length = WEEK.index(first), (WEEK.index(last or first) - WEEK.index(first)) % 7
        days.update((start + ahead) % 7 for ahead in range(length + 1))
    return frozenset(days)


def _share(given: object) -> float:
    match = _SHARE.fullmatch(given) if isinstance(given, str) else None
    if match is not None:
        share = float(match[1]) / 100
    elif isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < 1:
        share = float(given)
    else:
        raise ValueError("must be a share such as 10% or 0.1")
    if share > _HIGHEST_HOLDOUT:
        raise ValueError("leaves out nearly every customer; 90% is the most")
    return share


def _reentry(given: object) -> str:
    if isinstance(given, str) and given in _REENTRY_WORDS:
        return given
    match = _REENTRY.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        raise ValueError(
            "must be one of never, after_exit, restart, or after and a duration, such as after 30d"
        )
    try:
        parse_duration(match[1])
    except ValueError as error:
        raise ValueError(f"after {error}") from None
    return f"after {match[1]}"


def _constant(given: object) -> str | float | bool:
    if not isinstance(given, str | float | int):
        raise ValueError("must be text, a number, true or false")
    return given


def _expression(given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError("must be an expression as text, such as customer.orders > 0")
    return given.strip()


_DURATION_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*([0-9]+[wdhmWDHM])+\s*$",
    "examples": ["45m", "12h", "3d", "2w", "1d12h"],
}
Name = Annotated[StrictStr, Field(pattern=NAME_PATTERN, max_length=LONGEST_NAME)]
EventName = Annotated[StrictStr, Field(pattern=EVENT_PATTERN, max_length=64)]
ValueName = Annotated[StrictStr, Field(pattern=VALUE_NAME_PATTERN, max_length=LONGEST_NAME)]
Expression = Annotated[
    StrictStr, BeforeValidator(_expression), Field(max_length=500, examples=["customer.orders > 0"])
]
Constant = Annotated[
    str | int | float | bool,
    PlainValidator(_constant),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Duration = Annotated[timedelta, BeforeValidator(_duration), WithJsonSchema(_DURATION_SCHEMA)]
Clock = Annotated[
    time,
    BeforeValidator(_clock),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "examples": ["08:00"]}
    ),
]
Days = Annotated[
    frozenset[int],
    BeforeValidator(_days),
    PlainSerializer(lambda days: ",".join(WEEK[day] for day in sorted(days))),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["mon-fri", "any"]},
                {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 1,
                    "examples": [["mon", "wed", "sat"]],
                },
            ]
        }
    ),
]
Share = Annotated[
    float,
    BeforeValidator(_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,4})?\s*%$", "examples": ["10%"]},
                {"type": "number", "minimum": 0, "maximum": _HIGHEST_HOLDOUT},
            ]
        }
    ),
]
ReentryWord = Annotated[
    str,
    BeforeValidator(_reentry),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(_REENTRY_WORDS)},
                {"type": "string", "pattern": r"^after\s+([0-9]+[wdhm])+$", "examples": ["after 30d"]},
            ]
        }
    ),
]

"""A campaign as a JSON document: the fields of the domain, durations and hours as the file writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import time, timedelta
from typing import Any

from outreach.adapters.campaign_files.steps.registry import SPEC_OF_STEP
from outreach.domain.durations import format_duration
from outreach.domain.journeys.campaign import Campaign, Condition

type Json = str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None


def campaign_json(campaign: Campaign) -> Mapping[str, Json]:
    """Everything the file says, with its defaults filled in; what is not set is left out."""
    return _fields(campaign)


def _json(value: Any) -> Json:
    match value:
        case timedelta():
            return format_duration(value)
        case time():
            return f"{value:%H:%M}"
        case Mapping():
            return {str(name): _json(each) for name, each in value.items()}
        case frozenset():
            return sorted(value)
        case list() | tuple():
            return [_json(each) for each in value]
        case _ if is_dataclass(value):
            return _fields(value)
    plain: Json = value
    return plain


def _fields(value: Any) -> dict[str, Json]:
    spec = SPEC_OF_STEP.get(type(value))
    document: dict[str, Json] = {} if spec is None else {"step": spec.verb}
    for field in fields(value):
        given = getattr(value, field.name)
        if isinstance(given, Condition):
            document |= _fields(given)
        elif given not in (None, (), {}, ""):
            document[field.name] = _json(given)
    return document

"""Reads fields of an SES event, and names the one that is wrong, never its value."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from outreach.domain.errors import InvalidFeedbackError, Problem

type Json = Mapping[str, Any]


def parsed(words: str, where: str) -> Json:
    """JSON text that must be one object."""
    try:
        message = json.loads(words)
    except (ValueError, RecursionError):  # the last for brackets within brackets
        raise invalid(where, "is not JSON; it must be an event of SES") from None
    if not isinstance(message, dict):
        raise invalid(where, "must be a JSON object")
    return message


def part(holder: Json, name: str) -> Json:
    """A field that must be an object."""
    part = holder.get(name)
    if not isinstance(part, dict):
        raise invalid(name, "is missing or no object")
    return part


def items(block: Json, where: str, name: str) -> list[Any]:
    """A field that must be a list."""
    found = block.get(name)
    if not isinstance(found, list):
        raise invalid(f"{where}.{name}", "is missing or no list")
    return found


def text(block: Json, where: str, name: str) -> str:
    """A field that must be text, and not empty."""
    found = block.get(name)
    if not isinstance(found, str) or not found:
        raise invalid(f"{where}.{name}", "is missing or no text")
    return found


def instant(block: Json, where: str, name: str) -> datetime:
    """A field that must be a time; one without an offset is UTC."""
    try:
        found = datetime.fromisoformat(text(block, where, name))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid(f"{where}.{name}", "is no date and time, such as 2026-03-02T09:00:00.000Z") from None


def word(value: object) -> str | None:
    """One of SES's own codes; any other text might hold personal data."""
    return value if isinstance(value, str) and value.isascii() and value.isalpha() else None


def invalid(where: str, what: str) -> InvalidFeedbackError:
    return InvalidFeedbackError((Problem(where, what),))

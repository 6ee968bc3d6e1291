"""How much an event may carry: limits that keep one event from filling a row, a message or the memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_EVENT = 200_000
"""Bytes of JSON. EventBridge takes 256 KB for a whole entry; the rest is room for its own fields."""
DEEPEST = 6
"""Nesting of objects and lists inside `attributes` and `properties`."""
MOST_VALUES = 200
"""Values in all inside `attributes`, which every message of the customer reads."""
LARGEST_PROPERTIES = 64 * 1024
"""Bytes of JSON in `properties`: room for a cart of a hundred lines and more."""
LONGEST_VALUE = 2000
"""Characters of one text."""
LONGEST_KEY = 64


def size_problem(detail: object) -> str | None:
    """What is wrong with an event as a whole, as JSON; None when nothing is."""
    try:
        size = len(json.dumps(detail, ensure_ascii=False, allow_nan=False).encode())
    except UnicodeEncodeError:
        return "holds half a character (a lone surrogate); send valid Unicode"
    except (ValueError, TypeError):
        return "must be JSON: no NaN, no Infinity, no other kinds of values"
    except RecursionError:
        return "is nested too deeply"
    if size > LARGEST_EVENT:
        return f"is too large: {LARGEST_EVENT:,} bytes of JSON at most; leave out what no message needs"
    return None


def attributes_problems(value: object) -> Iterator[str]:
    """What is wrong with `attributes`, whose names are the producer's own."""
    values, _ = _measured(value, 0)
    if values > MOST_VALUES:
        yield f"holds too many values: {MOST_VALUES} at most"
    yield from _free_form_problems(value)


def properties_problems(value: object) -> Iterator[str]:
    """What is wrong with `properties`, whose names are the producer's own too."""
    yield from _free_form_problems(value)
    size = len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
    if size > LARGEST_PROPERTIES:
        yield f"is too large: {LARGEST_PROPERTIES:,} bytes of JSON at most; leave out what no message needs"


def _free_form_problems(value: object) -> Iterator[str]:
    _, deepest = _measured(value, 0)
    if deepest > DEEPEST:
        yield f"is nested too deeply: {DEEPEST} levels at most"
    if _has_long_text(value, 0):
        yield f"has a name longer than {LONGEST_KEY} or a text longer than {LONGEST_VALUE} characters"


def _measured(value: object, depth: int) -> tuple[int, int]:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if depth > DEEPEST or not inner:
        return (1 if depth else 0), depth
    measures = [_measured(each, depth + 1) for each in inner]
    return sum(count for count, _ in measures), max(deep for _, deep in measures)


def _has_long_text(value: object, depth: int) -> bool:
    if depth > DEEPEST:
        return False
    if isinstance(value, str):
        return len(value) > LONGEST_VALUE
    if isinstance(value, dict):
        return any(
            not 0 < len(name) <= LONGEST_KEY or _has_long_text(each, depth + 1)
            for name, each in value.items()
        )
    return isinstance(value, list) and any(_has_long_text(each, depth + 1) for each in value)

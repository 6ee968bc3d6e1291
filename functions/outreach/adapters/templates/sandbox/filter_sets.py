"""The filters of our templates: Jinja's harmless ones and ours, bounded and never on a missing value."""

from __future__ import annotations

from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jinja2.filters import FILTERS as JINJA

from outreach.adapters.templates.sandbox import filters, ordering
from outreach.adapters.templates.sandbox.comparing import compared, forgivingly_compared, key
from outreach.adapters.templates.sandbox.dates import NO_INSTANT, date_filter
from outreach.adapters.templates.sandbox.filters import HARMLESS, Filters
from outreach.adapters.templates.sandbox.limits import FactProblemError, rounds, touch
from outreach.adapters.templates.sandbox.money import money_filter
from outreach.adapters.templates.sandbox.showing import show, unknown
from outreach.adapters.templates.sandbox.sizes import size_of, small
from outreach.adapters.templates.sandbox.wrapping import underline, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

ON_TEXT = frozenset({
    "capitalize", "lower", "replace", "string", "title", "trim", "truncate", "upper",
    "underline", "url", "url_part", "wordcount", "wrap",
})  # fmt: skip
"""Filters that make a text of any value; so they get only values that could be shown themselves."""


def _guarded(
    name: str, function: Callable[..., Any], unknown_fact: Callable[[], object]
) -> Callable[..., Any]:
    """The filter, counted by its input, and with a bound on its result."""
    place = 1 if hasattr(function, "jinja_pass_arg") else 0
    on_text = name in ON_TEXT

    @wraps(function)
    def filtered(*arguments: Any, **options: Any) -> Any:
        value = arguments[place]
        size = size_of(value)
        if options or len(arguments) > place + 1:
            size += sum(map(size_of, (*arguments[place + 1 :], *options.values())))
        touch(size)
        if value is None:
            return unknown_fact()
        if on_text:
            show(value)
        return small(function(*arguments, **options))

    return filtered


def _refuse() -> object:
    raise unknown()


def _nothing() -> object:
    return None


def _no_instant() -> object:
    raise FactProblemError(NO_INSTANT)


def _filters(unknown_fact: Callable[[], object], own: Filters) -> Filters:
    for_known = {
        **{name: JINJA[name] for name in HARMLESS},
        "round": filters.rounded,
        "url": filters.url,
        "url_part": filters.url_part,
        "replace": filters.replace,
        "join": filters.join,
        "trim": filters.trim,
        "sort": ordering.sort,
        "unique": ordering.unique,
        "min": ordering.smallest,
        "max": ordering.largest,
        "sum": ordering.total,
        "wrap": wrap,
        "underline": underline,
    }
    return MappingProxyType(
        {
            **{name: _guarded(name, function, unknown_fact) for name, function in for_known.items()},
            "default": filters.default,
            "d": filters.default,
            "(rounds)": rounds,
            "(small)": small,
            "(touched)": filters.touched,
            "(part)": filters.part,
            "(key)": key,
            **own,
        }
    )


FILTERS = _filters(_refuse, {"(joined)": filters.joined, "(compared)": compared})
"""For messages: a missing fact cannot be shown."""
FORGIVING_FILTERS = _filters(
    _nothing, {"(joined)": filters.forgivingly_joined, "(compared)": forgivingly_compared}
)
"""For expressions: a missing fact stays missing."""


def filters_of_language(language: str) -> Filters:
    """The filters whose answer depends on the language of the message."""
    return {
        "date": _guarded("date", date_filter(language), _no_instant),
        "money": _guarded("money", money_filter(language), _refuse),
    }

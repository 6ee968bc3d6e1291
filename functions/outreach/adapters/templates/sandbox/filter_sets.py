"""The filters of our templates: Jinja's harmless ones and ours, each of them in time and never on nothing."""

from collections.abc import Callable
from functools import wraps
from types import MappingProxyType
from typing import Any

from jinja2.filters import FILTERS as JINJA

from outreach.adapters.templates.sandbox import filters
from outreach.adapters.templates.sandbox.dates import date_filter
from outreach.adapters.templates.sandbox.filters import HARMLESS, Filters
from outreach.adapters.templates.sandbox.limits import rounds, small, spend
from outreach.adapters.templates.sandbox.money import money_filter
from outreach.adapters.templates.sandbox.showing import show, unknown
from outreach.adapters.templates.sandbox.wrapping import underline, wrap

ON_TEXT = frozenset({
    "capitalize", "lower", "replace", "string", "title", "trim", "truncate", "upper",
    "url", "url_part", "wordcount",
})  # fmt: skip
"""Filters that make a text of whatever they get; so they get only what could be shown by itself."""


def _guarded(
    name: str, function: Callable[..., Any], unknown_fact: Callable[[], object]
) -> Callable[..., Any]:
    place = 1 if hasattr(function, "jinja_pass_arg") else 0
    on_text = name in ON_TEXT

    @wraps(function)
    def filtered(*arguments: Any, **options: Any) -> Any:
        spend()
        if arguments[place] is None:
            return unknown_fact()
        if on_text:
            show(arguments[place])
        return function(*arguments, **options)

    return filtered


def _refuse() -> object:
    raise unknown()


def _nothing() -> object:
    return None


def _filters(unknown_fact: Callable[[], object], shown: Callable[[object], object]) -> Filters:
    for_known = {
        **{name: JINJA[name] for name in HARMLESS},
        "round": filters.rounded,
        "url": filters.url,
        "url_part": filters.url_part,
        "replace": filters.replace,
        "join": filters.join,
    }
    return MappingProxyType(
        {
            **{name: _guarded(name, function, unknown_fact) for name, function in for_known.items()},
            "default": filters.default,
            "d": filters.default,
            "rounds": rounds,
            "small": small,
            "shown": shown,
            "wrap": wrap,
            "underline": underline,
        }
    )


FILTERS = _filters(_refuse, show)
"""For letters: what is not known cannot be shown."""
FORGIVING_FILTERS = _filters(_nothing, lambda value: "" if value is None else value)
"""For expressions: what is not known stays so."""


def filters_of_language(language: str) -> Filters:
    """The filters whose answer depends on the language of the message."""
    return {"date": date_filter(language), "money": money_filter(language)}

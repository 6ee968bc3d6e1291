"""The filters of our templates: Jinja's harmless ones, and ours for addresses, dates and money."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from jinja2 import pass_eval_context
from jinja2.filters import FILTERS as JINJA
from jinja2.nodes import EvalContext
from markupsafe import Markup

from outreach.adapters.templates.sandbox.dates import date_filter
from outreach.adapters.templates.sandbox.limits import LONGEST_VALUE, FactProblem, rounds, small
from outreach.adapters.templates.sandbox.money import money_filter
from outreach.adapters.templates.sandbox.wrapping import underline, wrap

HARMLESS = (
    "abs", "capitalize", "count", "d", "default", "first", "float", "int", "join", "last", "length",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr",
    "sort", "string", "sum", "title", "trim", "truncate", "unique", "upper", "wordcount",
)  # fmt: skip
"""Left out on purpose: safe (it would let data break the markup), attr, format, xmlattr, tojson ..."""
_SCHEME = re.compile(r"(?:https?://|mailto:)[^\s/]", re.IGNORECASE)
_LEGAL_IN_URL = ":/?#[]@!$&'()*+,;=%-._~"


def url(value: object) -> str:
    """An address somebody may click on; FactProblem unless it is https, http or mailto.

    Whatever has no place in an address (RFC 3986) is percent-encoded.
    """
    text = str(value).strip()
    if not _SCHEME.match(text):
        raise FactProblem("it is used as a link, so it must begin with https://, http:// or mailto:")
    escaped = hasattr(value, "__html__")
    encoded = text if text.isascii() and text.isalnum() else quote(text, safe=_LEGAL_IN_URL)
    return Markup(encoded) if escaped else encoded  # noqa: S704 - it was escaped, and quote() adds no markup


def url_part(value: object) -> str:
    """A fact inside an address: whatever could change where it leads is percent-encoded (RFC 3986)."""
    return quote(str(value), safe="/-._~")


@pass_eval_context
def replace(context: EvalContext, value: object, old: str, new: str) -> str:
    """Jinja's replace, bounded."""
    if str(value).count(str(old)) * len(str(new)) > LONGEST_VALUE:
        raise FactProblem(f"a value made here is longer than {LONGEST_VALUE} characters")
    replaced: str = small(JINJA["replace"](context, value, old, new))
    return replaced


@pass_eval_context
def join(context: EvalContext, value: object, separator: str = "", attribute: str | int | None = None) -> str:
    """Jinja's join, bounded."""
    joined: str = small(JINJA["join"](context, value, separator, attribute))
    return joined


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        **{name: JINJA[name] for name in HARMLESS},
        "url": url,
        "url_part": url_part,
        "replace": replace,
        "join": join,
        "rounds": rounds,
        "small": small,
        "wrap": wrap,
        "underline": underline,
    }
)


def filters_of_language(language: str) -> Mapping[str, Callable[..., Any]]:
    """The filters whose answer depends on the language of the message."""
    return {"date": date_filter(language), "money": money_filter(language)}

"""What our filters do where Jinja's own would do too much, or harm."""

import re
from collections.abc import Callable, Iterable, Mapping
from math import ceil, floor
from typing import Any
from urllib.parse import quote

from jinja2 import Undefined, pass_eval_context
from jinja2.filters import FILTERS as JINJA
from jinja2.nodes import EvalContext
from markupsafe import Markup

from outreach.adapters.templates.sandbox.limits import LONGEST_VALUE, FactProblem, rounds, small
from outreach.adapters.templates.sandbox.showing import show

type Filters = Mapping[str, Callable[..., Any]]

HARMLESS = (
    "abs", "capitalize", "count", "first", "float", "int", "last", "length",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr",
    "sort", "string", "sum", "title", "trim", "truncate", "unique", "upper", "wordcount",
)  # fmt: skip
"""Left out on purpose: safe (it would let data break the markup), attr, format, xmlattr, tojson ..."""
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)[^\s/]", re.IGNORECASE)
MOST_DIGITS = 9
ROUNDING: Mapping[str, Callable[[float], float]] = {"common": round, "ceil": ceil, "floor": floor}
_LEGAL_IN_URL = ":/?#[]@!$&'()*+,;=%-._~"


def url(value: object) -> str:
    """An address somebody may click on; FactProblem unless it is https, http, mailto or tel.

    Whatever has no place in an address (RFC 3986) is percent-encoded.
    """
    text = str(value).strip()
    if not _SCHEME.match(text):
        raise FactProblem("it is used as a link, so it must begin with https://, http://, mailto: or tel:")
    escaped = hasattr(value, "__html__")
    encoded = text if text.isascii() and text.isalnum() else quote(text, safe=_LEGAL_IN_URL)
    return Markup(encoded) if escaped else encoded  # noqa: S704 - it was escaped, and quote() adds no markup


def url_part(value: object) -> str:
    """A fact inside an address: whatever could change where it leads is percent-encoded (RFC 3986)."""
    return quote(str(value), safe="/-._~")


@pass_eval_context
def replace(context: EvalContext, value: object, old: str, new: str) -> str:
    """Jinja's replace, bounded."""
    if str(value).count(str(show(old))) * len(str(show(new))) > LONGEST_VALUE:
        raise FactProblem(f"a value made here is longer than {LONGEST_VALUE} characters")
    replaced: str = small(JINJA["replace"](context, value, old, new))
    return replaced


@pass_eval_context
def join(context: EvalContext, values: Iterable[object], separator: str = "") -> str:
    """Jinja's join, bounded, and of such things only as could be shown by themselves."""
    pieces = [show(value) for value in rounds(values)]
    joined: str = small(JINJA["join"](context, pieces, show(separator)))
    return joined


def default(value: object, other: object = "", boolean: bool = False) -> object:
    """Jinja's default, which here also stands in for what is known of others, and not of this customer."""
    if value is None or isinstance(value, Undefined) or (boolean and not value):
        return other
    return value


def rounded(value: float, precision: int = 0, method: str = "common") -> float:
    """Jinja's round, whose precision is bounded here; `method` is common, ceil or floor."""
    if not 0 <= precision <= MOST_DIGITS or method not in ROUNDING:
        raise FactProblem(f"round goes from 0 to {MOST_DIGITS} digits, by {', '.join(ROUNDING)}")
    scale = 10**precision
    return float(ROUNDING[method](small(value) * scale) / scale)

"""Our replacements for those of Jinja's filters that would do too much, or harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from math import ceil, floor
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Undefined, pass_eval_context
from jinja2.filters import FILTERS as JINJA
from jinja2.runtime import markup_join, str_join
from markupsafe import Markup

from outreach.adapters.templates.sandbox.limits import (
    LONGEST_VALUE,
    OF_AN_ENTRY,
    FactProblemError,
    rounds,
    spend,
    touch,
)
from outreach.adapters.templates.sandbox.showing import show
from outreach.adapters.templates.sandbox.sizes import TOO_LONG_VALUE, number, size_of, small

if TYPE_CHECKING:
    from jinja2.nodes import EvalContext

type Filters = Mapping[str, Callable[..., Any]]

HARMLESS = (
    "abs", "capitalize", "count", "first", "float", "int", "last", "length",
    "list", "lower", "map", "reject", "rejectattr", "reverse", "select", "selectattr",
    "string", "title", "truncate", "upper", "wordcount",
)  # fmt: skip
"""Left out on purpose: safe (it would let data break the markup), attr, format, xmlattr, tojson ..."""
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)[^\s/]", re.IGNORECASE)
MOST_DIGITS = 9
MOST_TRIMMED = 100
"""Different characters that `trim` takes off: it looks for each of them at every step."""
ROUNDING: Mapping[str, Callable[[float], float]] = {"common": round, "ceil": ceil, "floor": floor}
_LEGAL_IN_URL = ":/?#[]@!$&'()*+,;=%-._~"


def url(value: object) -> str:
    """An address for a link; FactProblemError unless it is https, http, mailto or tel.

    Whatever is not allowed in an address (RFC 3986) is percent-encoded.
    """
    text = str(value).strip()
    if not _SCHEME.match(text):
        raise FactProblemError(
            "it is used as a link, so it must begin with https://, http://, mailto: or tel:"
        )
    escaped = hasattr(value, "__html__")
    encoded = text if text.isascii() and text.isalnum() else quote(text, safe=_LEGAL_IN_URL)
    return Markup(encoded) if escaped else encoded  # noqa: S704 - it was escaped, and quote() adds no markup


def url_part(value: object) -> str:
    """A fact inside an address: characters that could change its target are percent-encoded (RFC 3986)."""
    return quote(str(value), safe="/-._~")


@pass_eval_context
def replace(context: EvalContext, value: object, old: str, new: str) -> str:
    """Jinja's replace, bounded."""
    if str(value).count(str(show(old))) * len(str(show(new))) > LONGEST_VALUE:
        raise FactProblemError(TOO_LONG_VALUE)
    replaced: str = JINJA["replace"](context, value, old, new)
    return replaced


@pass_eval_context
def join(context: EvalContext, values: Iterable[object], separator: str = "") -> str:
    """Jinja's join, bounded, and only of values that could be shown themselves."""
    pieces = [show(value) for value in rounds(values)]
    _fits(pieces, len(str(show(separator))) * len(pieces))
    text: str = JINJA["join"](context, pieces, separator)
    return text


@pass_eval_context
def joined(context: EvalContext, values: tuple[object, ...]) -> str:
    """The result of `~`, bounded, and only of values that could be shown themselves.

    Jinja's own would turn a missing value into the text `None`.
    """
    return _concatenated(context, [show(value) for value in values])


@pass_eval_context
def forgivingly_joined(context: EvalContext, values: tuple[object, ...]) -> str:
    """The same in expressions, where a missing value is an empty text."""
    return _concatenated(context, ["" if value is None else value for value in values])


def _concatenated(context: EvalContext, values: list[object]) -> str:
    _fits(values, 0)
    return markup_join(values) if context.autoescape else str_join(values)


def _fits(values: list[object], more: int) -> None:
    """A text is refused before it is made: a thousand long ones would fill the memory."""
    size = more + sum(map(size_of, values))
    if size > LONGEST_VALUE:
        raise FactProblemError(TOO_LONG_VALUE)
    touch(size + len(values) * OF_AN_ENTRY)


def default(value: object, other: object = "", boolean: bool = False) -> object:
    """Jinja's default, which here also replaces facts that other customers have and this one has not."""
    spend()
    if value is None or isinstance(value, Undefined) or (boolean and not value):
        return other
    return value


def touched(value: object) -> object:
    """The value itself, counted."""
    touch(size_of(value))
    return value


def part(value: Any, *bounds: int | None) -> Any:
    """What `value[1:5]` is."""
    touch(size_of(value))
    return small(value[slice(*bounds)])


def trim(value: object, characters: str | None = None) -> str:
    """Jinja's trim, which takes off a few different characters here."""
    if characters is not None and len(str(show(characters))) > MOST_TRIMMED:
        raise FactProblemError(f"trim takes off up to {MOST_TRIMMED} different characters")
    trimmed: str = JINJA["trim"](value, characters)
    return trimmed


def rounded(value: float, precision: int = 0, method: str = "common") -> float:
    """Jinja's round, whose precision is bounded here; `method` is common, ceil or floor."""
    exact = number(value, "round")
    if precision not in range(MOST_DIGITS + 1) or method not in ROUNDING:
        raise FactProblemError(f"round goes from 0 to {MOST_DIGITS} digits, by {', '.join(ROUNDING)}")
    scale = 10**precision
    return float(ROUNDING[method](exact * scale) / scale)

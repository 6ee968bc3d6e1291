"""Filters that compare or add up the entries of a list: of plain values only, so that each step is small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, pass_environment
from jinja2.filters import FILTERS as JINJA
from jinja2.filters import make_attrgetter, make_multi_attrgetter

from outreach.adapters.templates.sandbox.limits import OF_AN_ENTRY, FactProblemError, touch
from outreach.adapters.templates.sandbox.sizes import alike, entries_of, listed, number, size_of, small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

type Attribute = str | int | None


@pass_environment
def sort(
    environment: Environment,
    values: Iterable[Any],
    reverse: bool = False,
    case_sensitive: bool = False,
    attribute: Attribute = None,
) -> list[Any]:
    """Jinja's sort; FactProblemError for a list of lists."""
    entries = _of_plain_keys("sort", environment, values, attribute)
    ordered: list[Any] = JINJA["sort"](environment, entries, reverse, case_sensitive, attribute)
    return ordered


@pass_environment
def unique(
    environment: Environment,
    values: Iterable[Any],
    case_sensitive: bool = False,
    attribute: Attribute = None,
) -> list[Any]:
    """Jinja's unique; FactProblemError for a list of lists."""
    entries = _of_plain_keys("unique", environment, values, attribute)
    return list(JINJA["unique"](environment, entries, case_sensitive, attribute))


@pass_environment
def smallest(
    environment: Environment,
    values: Iterable[Any],
    case_sensitive: bool = False,
    attribute: Attribute = None,
) -> Any:
    """Jinja's min; FactProblemError for a list of lists."""
    entries = _of_plain_keys("min", environment, values, attribute)
    return JINJA["min"](environment, entries, case_sensitive, attribute)


@pass_environment
def largest(
    environment: Environment,
    values: Iterable[Any],
    case_sensitive: bool = False,
    attribute: Attribute = None,
) -> Any:
    """Jinja's max; FactProblemError for a list of lists."""
    entries = _of_plain_keys("max", environment, values, attribute)
    return JINJA["max"](environment, entries, case_sensitive, attribute)


@pass_environment
def total(
    environment: Environment, values: Iterable[Any], attribute: Attribute = None, start: float = 0
) -> Any:
    """Jinja's sum, of numbers only: it would join lists without bound."""
    get: Callable[[Any], Any] = (
        (lambda value: value) if attribute is None else make_attrgetter(environment, attribute)
    )
    found = number(start, "sum")
    for value in listed(values):
        left, right = alike(found, number(get(value), "sum"))
        found = small(left + right)
    return found


def _of_plain_keys(
    name: str, environment: Environment, values: Iterable[Any], attribute: Attribute
) -> list[Any]:
    """The entries, when what they are compared by are plain values."""
    entries = listed(values)
    keys = make_multi_attrgetter(environment, attribute)
    size = 0
    for entry in entries:
        for key in keys(entry):
            if entries_of(key) is not None:
                raise FactProblemError(
                    f"{name} takes no list of lists or mappings; name what it goes by, "
                    f"such as {name}(attribute='name')"
                )
            size += OF_AN_ENTRY + size_of(key)
    touch(size * len(entries).bit_length())
    return entries

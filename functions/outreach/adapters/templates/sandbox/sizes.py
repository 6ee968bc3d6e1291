"""How large a value is, and the bound on every value that a template makes.

A list that holds another list twice is as large as both: code that walks it meets every entry twice. So
entries are counted wherever they lie, and no comparison, sort or hash can meet more of them than are counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from jinja2 import Undefined

from outreach.adapters.templates.sandbox.facts import FACT_KINDS
from outreach.adapters.templates.sandbox.limits import (
    LARGEST_NUMBER,
    LONGEST_VALUE,
    OF_AN_ENTRY,
    TOUCHED_PER_UNIT,
    FactProblemError,
    touch,
)
from outreach.domain.journeys.amount import Amount, value_of

NUMBERS = (int, float, Decimal)
TIMES = (date, timedelta)
PLAIN = (str, *NUMBERS, *TIMES, type(None), Undefined)
"""Values without entries; comparing two of them is one step, or one for each character."""
_LISTS = (list, tuple, Mapping, AbstractSet)
_WITHOUT_SIZE = frozenset({int, float, bool, Decimal, datetime, type(None)})
"""The usual kinds of facts, checked first: testing for Mapping takes longer than most filters."""
_AT_A_GLANCE = _WITHOUT_SIZE | {str}
TOO_LONG_VALUE = f"a value made here is longer than {LONGEST_VALUE} characters"


def size_of(value: object) -> int:
    """What an operator touches which looks at each character or entry once: see `limits.touch`."""
    kind = type(value)
    if kind is str:
        return len(value)  # type: ignore[arg-type]  # a str, as the line above says
    if kind in _WITHOUT_SIZE:
        return 0
    if isinstance(value, str):
        return len(value)
    return len(value) * OF_AN_ENTRY if isinstance(value, _LISTS) else 0


def small(value: Any) -> Any:
    """The value itself, and a list instead of an iterator.

    Raises FactProblemError when it is longer than LONGEST_VALUE, or a number beyond any use.
    """
    if isinstance(value, str):
        if len(value) > LONGEST_VALUE:
            raise FactProblemError(TOO_LONG_VALUE)
    elif isinstance(value, NUMBERS):
        if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            raise FactProblemError("a number made here is too large")
    elif isinstance(value, _LISTS):
        touch(_weight(value) * OF_AN_ENTRY)
    elif isinstance(value, Iterator):
        return small(listed(value))
    return value


def listed(values: Iterable[Any]) -> list[Any]:
    """All of them; FactProblemError when they are more than LONGEST_VALUE."""
    found = list(islice(values, LONGEST_VALUE + 1))
    if len(found) > LONGEST_VALUE:
        raise FactProblemError(f"a list made here has more than {LONGEST_VALUE} entries")
    return found


def _weight(value: object) -> int:
    """Entries with all that they hold, a long text as one for each 100 characters."""
    weight, left = 0, [value]
    while left:
        each = left.pop()
        weight += 1
        if isinstance(each, str):
            weight += len(each) // TOUCHED_PER_UNIT
        elif isinstance(each, Mapping):
            left.extend(each)
            left.extend(each.values())
        elif isinstance(each, list | tuple | AbstractSet):
            left.extend(each)
        if weight + len(left) > LONGEST_VALUE:
            raise FactProblemError(
                f"a list made here holds more than {LONGEST_VALUE} entries, counting those inside"
            )
    return weight


def entries_of(value: object) -> Iterable[object] | None:
    """What a list, mapping or object of facts holds; None for a plain value."""
    if type(value) in _AT_A_GLANCE or isinstance(value, PLAIN):
        return None
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, list | tuple | AbstractSet):
        return value
    if type(value) in FACT_KINDS:
        return [getattr(value, field.name) for field in fields(value)]  # type: ignore[arg-type]  # FACT_KINDS are dataclasses
    return None


def is_nested(value: object) -> bool:
    """Whether it is a list or mapping that holds lists or mappings."""
    return any(entries_of(entry) is not None for entry in entries_of(value) or ())


def number(value: Any, what: str) -> Any:
    """The value itself; FactProblemError when it is no number, naming `what` needs one."""
    if isinstance(value, Undefined):
        float(value)  # its error says what is missing
    if isinstance(value, Amount):
        return value_of(value)
    if not isinstance(value, NUMBERS) or isinstance(value, bool):
        raise FactProblemError(f"{what} takes numbers only; | float makes a number of a text")
    return small(value)


def alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both sides of a calculation, as numbers that Python calculates with: an amount counts as its value.

    Python adds no float to a Decimal, so a float beside an amount is read as it is written.
    """
    if not isinstance(left, Amount | Decimal) and not isinstance(right, Amount | Decimal):
        return left, right
    values = value_of(left), value_of(right)
    return (left, right) if None in values else values

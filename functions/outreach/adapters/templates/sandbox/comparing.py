"""Comparisons and tests that cost what they are counted for: lists of lists are refused."""

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, cast

from jinja2 import Undefined
from jinja2.tests import TESTS as JINJA

from outreach.adapters.templates.sandbox.limits import FactProblemError, spend, touch
from outreach.adapters.templates.sandbox.showing import show
from outreach.adapters.templates.sandbox.sizes import PLAIN, entries_of, is_nested, number, size_of

type Compare = Callable[..., bool]
type Tests = Mapping[str, Callable[..., bool]]

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "in": lambda value, values: value in values,
    "notin": lambda value, values: value not in values,
    **_ORDER,
}
_OPERATOR_OF_TEST = {
    "==": "eq",
    "eq": "eq",
    "equalto": "eq",
    "!=": "ne",
    "ne": "ne",
    "in": "in",
    "<": "lt",
    "lt": "lt",
    "lessthan": "lt",
    "<=": "lteq",
    "le": "lteq",
    ">": "gt",
    "gt": "gt",
    "greaterthan": "gt",
    ">=": "gteq",
    "ge": "gteq",
}
"""Jinja's names of the tests that compare."""
_OF_KIND = frozenset({
    "boolean", "callable", "defined", "escaped", "false", "float", "integer", "iterable", "mapping", "none",
    "number", "sameas", "sequence", "string", "true", "undefined",
})  # fmt: skip
"""Tests that look at the value's kind, and not into it."""
_OF_NUMBER = frozenset({"divisibleby", "even", "odd"})
"""Tests by `%`, which would format a text."""
_OF_TEXT = frozenset({"lower", "upper"})
_OF_NAME = frozenset({"filter", "test"})


def key(value: object) -> object:
    """What finds something in a mapping or list.

    Raises FactProblemError for a list, whose hash can take unbounded time.
    """
    if entries_of(value) is not None:
        raise FactProblemError("a list or mapping cannot be a key; use a text or a number")
    return value


def compared(left: object, *rest: Any) -> bool:
    """Left with operator, right, operator, right ...: true when every comparison is."""
    return _all(_compare, left, rest)


def forgivingly_compared(left: object, *rest: Any) -> bool:
    """The same in expressions: an unknown fact is neither before nor after anything."""
    return _all(_compare_known, left, rest)


def _all(compare: Callable[[str, Any, Any], bool], left: object, rest: tuple[Any, ...]) -> bool:
    for name, right in zip(rest[::2], rest[1::2], strict=True):
        if not compare(name, left, right):
            return False
        left = right
    return True


def _compare_known(name: str, left: Any, right: Any) -> bool:
    if name in _ORDER and (_is_unknown(left) or _is_unknown(right)):
        return False
    return _compare(name, left, right)


def _compare(name: str, left: Any, right: Any) -> bool:
    touch(size_of(left) + size_of(right))
    if name in {"in", "notin"}:
        _can_be_in(left, right)
    elif not isinstance(left, PLAIN) and not isinstance(right, PLAIN):
        _can_be_compared(left, right)
    try:
        return bool(_OPERATORS[name](left, right))
    except TypeError:
        if name in _ORDER:
            kinds = type(left).__name__, type(right).__name__
            raise FactProblemError("a {} cannot be compared with a {}".format(*kinds)) from None
        raise


def _can_be_compared(left: object, right: object) -> None:
    if entries_of(left) and entries_of(right) and (is_nested(left) or is_nested(right)):
        raise FactProblemError("lists of lists cannot be compared; compare one value of each")


def _can_be_in(value: object, values: object) -> None:
    if isinstance(values, (*PLAIN, range)):
        return
    if entries_of(value) is not None:
        raise FactProblemError("a list or mapping cannot be looked for; look for a text or a number")
    if not isinstance(values, Mapping) and is_nested(values):
        raise FactProblemError(
            "nothing can be looked for in a list of lists or mappings; name what you mean, "
            "such as order.items | map(attribute='sku')"
        )


def _is_unknown(value: object) -> bool:
    return value is None or isinstance(value, Undefined)


def _tests(compare: Callable[[str, Any, Any], bool]) -> Tests:
    def comparing(name: str) -> Callable[..., bool]:
        return lambda value, other: compare(name, value, other)

    return MappingProxyType(
        {
            **{name: _counted(_jinja(name), lambda _: None) for name in _OF_KIND},
            **{name: _counted(_jinja(name), _number_for(name)) for name in _OF_NUMBER},
            **{name: _counted(_jinja(name), show) for name in _OF_TEXT},
            **{name: _counted(_jinja(name), key) for name in _OF_NAME},
            **{name: comparing(compares) for name, compares in _OPERATOR_OF_TEST.items()},
        }
    )


def _jinja(name: str) -> Callable[..., bool]:
    return cast("Callable[..., bool]", JINJA[name])


def _number_for(name: str) -> Callable[[object], object]:
    return lambda value: number(value, name)


def _counted(test: Callable[..., bool], check: Callable[[object], object]) -> Callable[..., bool]:
    if hasattr(test, "jinja_pass_arg"):

        def in_environment(environment: object, value: object, *arguments: object) -> bool:
            spend()
            check(value)
            return test(environment, value, *arguments)

        in_environment.jinja_pass_arg = test.jinja_pass_arg  # type: ignore[attr-defined]  # Jinja's own mark
        return in_environment

    def counted(value: object, *arguments: object) -> bool:
        touch(size_of(value))
        check(value)
        return test(value, *arguments)

    return counted


TESTS = _tests(_compare)
"""For messages."""
FORGIVING_TESTS = _tests(_compare_known)
"""For expressions: an unknown fact is neither before nor after anything."""

"""EventBridge event patterns: also the language of filters on queues.

After "Creating Amazon EventBridge event patterns". An unknown operator is refused when the pattern is made,
because a rule that silently never matches is the worst kind of bug.
"""

import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.access.policies import matches as matches_wildcard
from local_cloud.errors import AwsError

type _Test = Callable[[Any], bool]
_MISSING = object()


def _invalid(why: str) -> AwsError:
    return AwsError("InvalidEventPatternException", f"Event pattern is not valid. Reason: {why}")


class Pattern:
    """A compiled pattern."""

    def __init__(self, source: str | Mapping[str, Any]) -> None:
        try:
            parsed = json.loads(source) if isinstance(source, str) else source
        except ValueError as error:
            raise _invalid(f"it is no JSON: {error}") from None
        if not isinstance(parsed, Mapping):
            raise _invalid("it must be an object")
        self._test = _object(parsed)

    def matches(self, event: Any) -> bool:
        return self._test(event)


def _object(pattern: Mapping[str, Any]) -> _Test:
    tests: list[_Test] = []
    for key, rule in pattern.items():
        if key == "$or":
            tests.append(_either([_object(choice) for choice in rule]))
        elif isinstance(rule, Mapping):
            tests.append(_nested(key, _object(rule)))
        elif isinstance(rule, list):
            tests.append(_field(key, rule))
        else:
            raise _invalid(f'"{key}" must be an object or an array')
    return lambda event: all(test(event) for test in tests)


def _either(choices: list[_Test]) -> _Test:
    return lambda event: any(choice(event) for choice in choices)


def _nested(key: str, inner: _Test) -> _Test:
    def test(event: Any) -> bool:
        value = event.get(key, _MISSING) if isinstance(event, Mapping) else _MISSING
        if isinstance(value, list):
            # Objects inside an array: one of them has to match as a whole.
            return any(inner(each) for each in value)
        return inner({} if value is _MISSING else value)

    return test


def _field(key: str, choices: list[Any]) -> _Test:
    tests = [_choice(choice) for choice in choices]

    def test(event: Any) -> bool:
        value = event.get(key, _MISSING) if isinstance(event, Mapping) else _MISSING
        if isinstance(value, list):
            return any(t(each) for t in tests for each in value or [_MISSING])
        return any(t(value) for t in tests)

    return test


def _choice(choice: Any) -> _Test:
    if isinstance(choice, Mapping):
        if len(choice) != 1:
            raise _invalid(f"{json.dumps(choice)} must have exactly one operator")
        ((operator, operand),) = choice.items()
        make = _OPERATORS.get(operator)
        if make is None:
            raise _invalid(f"unknown operator {operator}: use one of {', '.join(sorted(_OPERATORS))}")
        return make(operand)
    return lambda value: _same(value, choice)


def _same(value: Any, wanted: Any) -> bool:
    # True == 1 in Python, but not in JSON.
    return (
        value is not _MISSING
        and isinstance(value, bool) == isinstance(wanted, bool)
        and bool(value == wanted)
    )


def _text(test: Callable[[str], bool]) -> _Test:
    return lambda value: isinstance(value, str) and test(value)


def _prefix(operand: Any) -> _Test:
    if isinstance(operand, Mapping):
        start = str(operand["equals-ignore-case"]).lower()
        return _text(lambda value: value.lower().startswith(start))
    return _text(lambda value: value.startswith(operand))


def _suffix(operand: Any) -> _Test:
    if isinstance(operand, Mapping):
        end = str(operand["equals-ignore-case"]).lower()
        return _text(lambda value: value.lower().endswith(end))
    return _text(lambda value: value.endswith(operand))


def _ignoring_case(operand: Any) -> _Test:
    wanted = [str(w).lower() for w in (operand if isinstance(operand, list) else [operand])]
    return _text(lambda value: value.lower() in wanted)


def _wildcard(operand: Any) -> _Test:
    # In an event pattern only * is special.
    globs = [str(w).replace("?", "\0") for w in (operand if isinstance(operand, list) else [operand])]
    return _text(lambda value: any(matches_wildcard(g, value.replace("?", "\0")) for g in globs))


def _anything_but(operand: Any) -> _Test:
    if isinstance(operand, Mapping):
        ((operator, inner),) = operand.items()
        make = _OPERATORS[operator]
        tests = [make(each) for each in (inner if isinstance(inner, list) else [inner])]
    else:
        tests = [_choice(each) for each in (operand if isinstance(operand, list) else [operand])]
    return lambda value: value is not _MISSING and not any(test(value) for test in tests)


def _exists(operand: Any) -> _Test:
    return lambda value: (value is not _MISSING) == bool(operand)


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _numeric(operand: Any) -> _Test:
    pairs = list(zip(operand[::2], operand[1::2], strict=True))
    if any(sign not in _COMPARE for sign, _ in pairs):
        raise _invalid(f"numeric {json.dumps(operand)}: signs are {', '.join(_COMPARE)}")

    def test(value: Any) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and all(_COMPARE[sign](value, limit) for sign, limit in pairs)

    return test


def _cidr(operand: Any) -> _Test:
    network = ipaddress.ip_network(operand)

    def test(value: str) -> bool:
        try:
            return ipaddress.ip_address(value) in network
        except ValueError:
            return False

    return _text(test)


_OPERATORS: dict[str, Callable[[Any], _Test]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _ignoring_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "exists": _exists,
    "numeric": _numeric,
    "cidr": _cidr,
}

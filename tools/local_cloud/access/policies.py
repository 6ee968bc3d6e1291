"""Evaluation of IAM policies, as far as the policies of a serverless stack need it.

The rule is AWS's: an explicit Deny wins, otherwise one Allow is enough, otherwise the call is refused.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

type Context = Mapping[str, tuple[str, ...]]
type Statement = Mapping[str, Any]


class UnknownConditionError(NotImplementedError):
    """A condition operator that the local cloud cannot evaluate; guessing would hide a missing permission."""


def as_list(value: Any) -> list[Any]:
    """A policy may give one thing or a list of things; here it is always a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def admits(principal: Any, service: str) -> bool:
    """Whether a statement of a resource policy is for a service."""
    if principal == "*":
        return True
    return isinstance(principal, dict) and service in as_list(principal.get("Service", []))


@functools.lru_cache(maxsize=4096)
def _pattern(glob: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in glob)
    return re.compile("".join(parts), re.DOTALL)


def matches(glob: str, text: str) -> bool:
    """Whether an IAM pattern (`*`, `?`) covers a text."""
    return _pattern(glob).fullmatch(text) is not None


def _any_like(wanted: list[str], have: str) -> bool:
    return any(matches(w, have) for w in wanted)


def _same_ignoring_case(wanted: list[str], have: str) -> bool:
    return have.lower() in [w.lower() for w in wanted]


def _number_test(compare: Callable[[float, float], bool]) -> Callable[[list[str], str], bool]:
    return lambda wanted, have: any(compare(float(have), float(w)) for w in wanted)


_TESTS: dict[str, Callable[[list[str], str], bool]] = {
    "StringEquals": lambda wanted, have: have in wanted,
    "StringNotEquals": lambda wanted, have: have not in wanted,
    "StringEqualsIgnoreCase": _same_ignoring_case,
    "StringLike": _any_like,
    "StringNotLike": lambda wanted, have: not _any_like(wanted, have),
    "ArnEquals": _any_like,
    "ArnLike": _any_like,
    "ArnNotLike": lambda wanted, have: not _any_like(wanted, have),
    "Bool": _same_ignoring_case,
    "NumericEquals": _number_test(lambda have, wanted: have == wanted),
    "NumericLessThanEquals": _number_test(lambda have, wanted: have <= wanted),
    "NumericGreaterThanEquals": _number_test(lambda have, wanted: have >= wanted),
}
_NEGATED = ("StringNot", "ArnNot")


def _holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    quantifier, _, plain = operator.rpartition(":")
    if_exists = plain.endswith("IfExists")
    plain = plain.removesuffix("IfExists")
    have = next((values for name, values in context.items() if name.lower() == key.lower()), ())
    if plain == "Null":
        return (not have) == (wanted == ["true"])
    if not have:
        return if_exists or quantifier == "ForAllValues" or plain.startswith(_NEGATED)
    test = _TESTS.get(plain)
    if test is None:
        raise UnknownConditionError(
            f"condition operator {operator}: use one of {', '.join(sorted(_TESTS))}, Null"
        )
    results = (test(wanted, value) for value in have)
    return all(results) if quantifier == "ForAllValues" or plain.startswith(_NEGATED) else any(results)


def _conditions_hold(statement: Statement, context: Context) -> bool:
    return all(
        _holds(operator, key, [_text(w) for w in as_list(wanted)], context)
        for operator, tests in statement.get("Condition", {}).items()
        for key, wanted in tests.items()
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _covers_action(statement: Statement, action: str) -> bool:
    if "Action" in statement:
        return any(matches(a.lower(), action.lower()) for a in as_list(statement["Action"]))
    return not any(matches(a.lower(), action.lower()) for a in as_list(statement["NotAction"]))


def _covers_resource(statement: Statement, resources: tuple[str, ...]) -> bool:
    if "NotResource" in statement:
        return not any(matches(p, r) for p in as_list(statement["NotResource"]) for r in resources)
    return any(matches(p, r) for p in as_list(statement.get("Resource", "*")) for r in resources)


def decide(
    statements: Iterable[Statement], action: str, resources: tuple[str, ...], context: Context
) -> bool:
    """Whether the statements allow `action` on any one of `resources`."""
    allowed = False
    for statement in statements:
        if (
            _covers_action(statement, action)
            and _covers_resource(statement, resources)
            and _conditions_hold(statement, context)
        ):
            if statement["Effect"] == "Deny":
                return False
            allowed = True
    return allowed

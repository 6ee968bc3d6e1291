"""One item's update or condition, built part by part, so that each name and value is in it once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.literals import ReturnValuesOnConditionCheckFailureType
    from mypy_boto3_dynamodb.type_defs import (
        ConditionCheckTypeDef,
        PutTypeDef,
        UpdateTypeDef,
    )

    from outreach.adapters.dynamodb.items.attributes import Attribute
    from outreach.adapters.dynamodb.keys import Key


PLAIN = frozenset(
    {
        "claims", "due_at", "due_shard", "email", "erased_at", "facts", "mailed", "marketing", "r", "run",
        "s", "sends", "step", "stopped", "suppressed", "topics_off", "version",
    }
)  # fmt: skip
"""Names that need no placeholder: none is a reserved word of DynamoDB, and every placeholder saved is CPU for
every message."""


class _Expressions(TypedDict):
    """The common part of updates, puts and checks."""

    ConditionExpression: NotRequired[str]
    ExpressionAttributeNames: NotRequired[dict[str, str]]
    ExpressionAttributeValues: NotRequired[dict[str, Any]]
    ReturnValuesOnConditionCheckFailure: NotRequired[ReturnValuesOnConditionCheckFailureType]


class Change:
    """Collects what is set and removed, and under which conditions.

    Names are replaced by placeholders, because some (`status`, `token`) are reserved words and labels of
    steps hold hyphens; except those that every message writes (see `PLAIN`).
    """

    def __init__(self) -> None:
        self._sets: list[str] = []
        self._removes: list[str] = []
        self._conditions: list[str] = []
        self._names: dict[str, str] = {}
        self._values: dict[str, Attribute] = {}

    def path(self, *names: str) -> str:
        """An attribute, or a place inside one, as expressions name it."""
        return ".".join(
            name if name in PLAIN else self._names.setdefault(name, f"#n{len(self._names)}") for name in names
        )

    def value(self, attribute: Attribute) -> str:
        """A value as expressions name it."""
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = attribute
        return placeholder

    def set(self, attribute: Attribute, *names: str) -> None:
        self._sets.append(f"{self.path(*names)} = {self.value(attribute)}")

    def remove(self, name: str) -> None:
        self._removes.append(self.path(name))

    def require(self, condition: str) -> None:
        """Add a condition; all of them must hold."""
        self._conditions.append(condition)

    def require_version(self, version: int) -> None:
        """The row must be as it was read; version 0 is a row that does not exist yet."""
        if version == 0:
            self.require(f"attribute_not_exists({self.path('version')})")
        else:
            self.require(f"{self.path('version')} = {self.value({'N': str(version)})}")

    def update(self, table: str, key: Key) -> UpdateTypeDef:
        """As an update of one item."""
        parts = []
        if self._sets:
            parts.append("SET " + ", ".join(self._sets))
        if self._removes:
            parts.append("REMOVE " + ", ".join(self._removes))
        return {"TableName": table, "Key": key, "UpdateExpression": " ".join(parts), **self._expressions()}

    def put(self, table: str, item: dict[str, Attribute]) -> PutTypeDef:
        """As the whole of one item; only the conditions count."""
        return {"TableName": table, "Item": item, **self._expressions()}

    def check(self, table: str, key: Key) -> ConditionCheckTypeDef:
        """As a condition inside a transaction, without a change."""
        expressions = self._expressions()
        return {
            "TableName": table,
            "Key": key,
            "ConditionExpression": expressions.pop("ConditionExpression"),
            **expressions,
        }

    def _expressions(self) -> _Expressions:
        expressions: _Expressions = {}
        if self._conditions:
            expressions["ConditionExpression"] = " AND ".join(self._conditions)
        if self._names:
            expressions["ExpressionAttributeNames"] = {place: name for name, place in self._names.items()}
        if self._values:
            expressions["ExpressionAttributeValues"] = self._values
        return expressions

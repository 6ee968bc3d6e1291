"""Brings the rows of an earlier time, in a table of their own, back into the stack's table."""

from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.batch_get import batch_get, name_of
from outreach.adapters.dynamodb.items.attributes import number
from outreach_tools.operations.restoring.carried_over import (
    belongs_to_the_stack,
    says_what_holds_now,
    with_decisions_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Item

RESTORED = "restored"
"""Attribute of an enrollment's row that was brought back: it needs an execution that stands where it does."""
_TOGETHER = 100
"""Rows of one BatchGetItem (AWS limit)."""
_WRITTEN_TOGETHER = 25
"""Rows of one BatchWriteItem (AWS limit)."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What one copy did."""

    written: int
    deleted: int
    left: int
    """Rows that were the same, or that belong to the stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBack:
    """A repeat does no harm, and finishes one that was interrupted.

    Events that were taken in while it ran may have changed rows that it then brought back. So the records of
    events are copied last: whatever was taken in meanwhile is then taken in again by the replay.
    """

    client: "DynamoDBClient"
    source: str
    """The table with the rows of the earlier time."""
    target: str

    def __call__(self) -> Copied:
        written, left = self._bring_back()
        deleted = self._delete(events=False) + self._delete(events=True)
        return Copied(written, deleted, left)

    def _bring_back(self) -> tuple[int, int]:
        written = left = 0
        for page in self._rows(self.source):
            today = batch_get(self.client, self.target, [_key(row) for row in page])
            puts = []
            for row in page:
                known = today.get(name_of(_key(row)))
                if belongs_to_the_stack(row):
                    if known is None and not says_what_holds_now(row):
                        puts.append(row)
                    continue
                meant = with_decisions_of(known, row)
                if known is None or _without_mark(known) != meant:
                    puts.append(_marked(meant))
            self._write([{"PutRequest": {"Item": row}} for row in puts])
            written += len(puts)
            left += len(page) - len(puts)
        return written, left

    def _delete(self, *, events: bool) -> int:
        """Rows that did not exist at the earlier time: of events that were taken in, or all others."""
        deleted = 0
        for page in self._rows(self.target, keys_only=True):
            mine = [
                row
                for row in page
                if not belongs_to_the_stack(row) and row[keys.SORT]["S"].startswith("EVENT#") is events
            ]
            then = batch_get(self.client, self.source, [_key(row) for row in mine]) if mine else {}
            gone = [row for row in mine if name_of(_key(row)) not in then]
            self._write([{"DeleteRequest": {"Key": _key(row)}} for row in gone])
            deleted += len(gone)
        return deleted

    def _rows(self, table: str, *, keys_only: bool = False) -> "Iterator[Sequence[Item]]":
        names: dict[str, Any] = {"ProjectionExpression": "PK, SK"} if keys_only else {}
        pages = self.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True, **names)
        for page in pages:
            yield from batched(page["Items"], _TOGETHER, strict=False)

    def _write(self, requests: "Sequence[Mapping[str, Any]]") -> None:
        for batch in batched(requests, _WRITTEN_TOGETHER, strict=False):
            left: Any = {self.target: list(batch)}
            while left:
                left = self.client.batch_write_item(RequestItems=left).get("UnprocessedItems")


def _key(row: "Item") -> keys.Key:
    return {keys.PARTITION: row[keys.PARTITION], keys.SORT: row[keys.SORT]}


def _marked(row: "Item") -> "Item":
    """Enrollments get a mark, by which the end of the restore finds them."""
    is_enrollment = row[keys.SORT]["S"].startswith(keys.ENROLLMENTS)
    return {**row, RESTORED: number(1)} if is_enrollment else row


def _without_mark(row: "Item") -> "Item":
    return {name: value for name, value in row.items() if name != RESTORED}

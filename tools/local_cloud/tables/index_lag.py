"""Secondary indexes that are behind the table: AWS makes them eventually consistent, moto's are immediate."""

import copy
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

type Key = tuple[DynamoType, DynamoType | None]

_MARK = "_outreach_recent_writes"


@dataclass(frozen=True, slots=True)
class IndexLag:
    """Lets a query of an index see the table as it was so many seconds ago."""

    now: Callable[[], float]
    seconds: float

    def note(self, table: Table, key: Key) -> None:
        """An item is about to be written: keep what the indexes go on showing."""
        if not self.seconds:
            return
        items = table.items.get(key[0], {})
        old = items.get(key[1]) if key[1] is not None else None
        recent: deque[tuple[float, Key, Item | None]] = table.__dict__.setdefault(_MARK, deque())
        recent.append((self.now(), key, copy.deepcopy(old)))

    def seen(self, table: Table, index: str, value: DynamoType, items: list[Item]) -> list[Item]:
        """The items of a partition of an index as a query shows them, from those that are in it now."""
        recent: deque[tuple[float, Key, Item | None]] = table.__dict__.get(_MARK, deque())
        while recent and recent[0][0] <= self.now() - self.seconds:
            recent.popleft()
        if not recent:
            return items
        before: dict[Key, Item | None] = {}
        for _, key, old in recent:
            before.setdefault(key, old)
        shown = [item for item in items if (item.hash_key, item.range_key) not in before]
        return shown + [
            old for old in before.values() if old is not None and _is_in(old, table, index, value)
        ]


def _is_in(item: Item, table: Table, index: str, value: DynamoType) -> bool:
    """Whether the item has all keys of the index, and this partition key."""
    (schema,) = [each.schema for each in table.all_indexes() if each.name == index]
    (partition,) = [part["AttributeName"] for part in schema if part["KeyType"] == "HASH"]
    has_keys = all(part["AttributeName"] in item.attrs for part in schema)
    return has_keys and item.attrs[partition].cast_value == value.cast_value

"""The changes that one API call makes to tables, written to the streams when the call has succeeded.

moto writes stream records at once: it keeps those of a transaction that is rolled back, and makes two of an
update that creates an item.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard, Table

from local_cloud.access.callers import REGION
from local_cloud.patches import Patches

type Deliver = Callable[[str, dict[str, Any]], None]
"""(stream ARN, record)"""


@dataclass(slots=True)
class _Change:
    table: Table
    old: dict[str, Any] | None
    new: Item | None
    keys: dict[str, Any]


class Changes:
    """Collects changes between `begin` and `commit`."""

    def __init__(
        self, deliver: Deliver, has_readers: Callable[[str], bool], now: Callable[[], float]
    ) -> None:
        self._deliver = deliver
        self._has_readers = has_readers
        self._now = now
        self._pending: dict[tuple[str, str], _Change] = {}
        self._numbers: dict[str, int] = {}
        self.by_ttl = False
        """Whether the changes come from DynamoDB's own expiry, as the records say."""

    def install(self, patches: Patches) -> None:
        def add(shard: StreamShard, old: Item | None, new: Item | None) -> None:
            self._note(shard.table, old, new)

        patches.replace(StreamShard, "add", add)

    def begin(self) -> None:
        self._pending.clear()

    def commit(self) -> None:
        """Write the records; a change without effect leaves none, as on AWS."""
        pending = list(self._pending.values())
        self._pending.clear()
        for change in pending:
            record = self._record(change)
            if record is not None:
                self._deliver(stream_arn(change.table), record)

    def _note(self, table: Table, old: Item | None, new: Item | None) -> None:
        if not self._has_readers(stream_arn(table)):
            return
        item = new if new is not None else old
        if item is None:
            return
        keys = {table.hash_key_attr: item.hash_key.to_json()}
        if table.range_key_attr and item.range_key is not None:
            keys[table.range_key_attr] = item.range_key.to_json()
        place = (table.name, str(keys))
        first = self._pending.get(place)
        before = first.old if first else _image(old)
        self._pending[place] = _Change(table, before, new, keys)

    def _record(self, change: _Change) -> dict[str, Any] | None:
        new = _image(change.new)
        if change.old == new:
            return None
        view = (change.table.stream_specification or {})["StreamViewType"]
        number = self._numbers[change.table.name] = self._numbers.get(change.table.name, 0) + 1
        body: dict[str, Any] = {
            "ApproximateCreationDateTime": float(int(self._now())),
            "Keys": change.keys,
            "SequenceNumber": f"{number:021d}",
            "SizeBytes": len(str(new or change.old)),
            "StreamViewType": view,
        }
        if new is not None and view in {"NEW_IMAGE", "NEW_AND_OLD_IMAGES"}:
            body["NewImage"] = new
        if change.old is not None and view in {"OLD_IMAGE", "NEW_AND_OLD_IMAGES"}:
            body["OldImage"] = change.old
        name = "INSERT" if change.old is None else "REMOVE" if new is None else "MODIFY"
        record = {
            "eventID": f"{number:032x}",
            "eventName": name,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": body,
            "eventSourceARN": stream_arn(change.table),
        }
        if self.by_ttl:
            record["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
        return record


def stream_arn(table: Table) -> str:
    """The ARN of a table's stream."""
    return f"{table.table_arn}/stream/{table.latest_stream_label}"


def _image(item: Item | None) -> dict[str, Any] | None:
    return None if item is None else item.to_json()["Attributes"]

"""moto's DynamoDB made linear in what a call touches, instead of in the size of the table.

moto copies a whole table once per action of every transaction, and sorts every item of a table for every
query: at 8,000 items a two-action transaction takes half a second. The answers stay the same (tests/local
compares them with plain moto's on random histories); only the work changes:
- a transaction remembers the items it touches and puts them back when it fails;
- a query looks only at the items of its partition, kept in buckets per index.
"""

import copy
import inspect
from collections.abc import Callable
from typing import Any

from moto.dynamodb import models as backend_module
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from local_cloud.patches import Patches
from local_cloud.tables.index_lag import IndexLag

type _Key = tuple[DynamoType, DynamoType | None]
type _Spot = tuple[str, str, Any]
"""Index, type and value: an attribute's own object may be changed in place by an update."""

_MARK = "_outreach_buckets"


class _Untouched:
    """Replaces a table in moto's backup before a transaction; nothing has to be copied, see `_undoing`."""


class _CheapCopies:
    """Replaces the `copy` module inside moto's models."""

    def __getattr__(self, name: str) -> Any:
        return getattr(copy, name)

    def deepcopy(self, value: Any, memo: Any = None) -> Any:
        if isinstance(value, Table):
            return _Untouched()
        return copy.deepcopy(value, memo)


class _Buckets:
    """For every index: hash value -> the items that have it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._items: dict[_Spot, dict[_Key, Item]] = {}
        self._places: dict[_Key, list[_Spot]] = {}
        for hash_set in table.items.values():
            for item in hash_set.values():
                self.place((item.hash_key, item.range_key), item)

    def place(self, key: _Key, item: Item | None) -> None:
        for spot in self._places.pop(key, ()):
            self._items[spot].pop(key, None)
        if item is None:
            return
        spots: list[_Spot] = []
        for index in self._table.all_indexes():
            hashes = [part["AttributeName"] for part in index.schema if part["KeyType"] == "HASH"]
            if len(hashes) == 1 and hashes[0] in item.attrs:
                spot = _spot(index.name, item.attrs[hashes[0]])
                self._items.setdefault(spot, {})[key] = item
                spots.append(spot)
        self._places[key] = spots

    def items_at(self, index: str, value: DynamoType) -> list[Item]:
        return list(self._items.get(_spot(index, value), {}).values())


def _spot(index: str, value: DynamoType) -> _Spot:
    return index, value.type, value.cast_value


def _buckets(table: Table) -> _Buckets:
    found = table.__dict__.get(_MARK)
    if found is None:
        found = table.__dict__[_MARK] = _Buckets(table)
    return found


def _typed_key(table: Table, attributes: dict[str, Any]) -> _Key:
    range_key = DynamoType(attributes[table.range_key_attr]) if table.range_key_attr else None
    return DynamoType(attributes[table.hash_key_attr]), range_key


def _reindex(table: Table, attributes: dict[str, Any]) -> None:
    # moto stores a table without a sort key in another way, and all_items is then fast enough for it.
    if table.range_key_attr and table.all_indexes():
        key = _typed_key(table, attributes)
        _buckets(table).place(key, table.items.get(key[0], {}).get(key[1]))


def _reindexing(plain: Callable[..., Any], lag: IndexLag) -> Callable[..., Any]:
    def write(
        backend: DynamoDBBackend, table_name: str, key_or_item: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        table = backend.get_table(table_name)
        if table.range_key_attr and table.all_indexes():
            lag.note(table, _typed_key(table, key_or_item))
        result = plain(backend, table_name, key_or_item, *args, **kwargs)
        _reindex(backend.get_table(table_name), key_or_item)
        return result

    return write


def _undoing(plain: Callable[..., Any]) -> Callable[..., Any]:
    def transact(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> Any:
        before = [found for item in transact_items[:100] if (found := _before(backend, item))]
        try:
            return plain(backend, transact_items)
        except BaseException:
            for table, attributes, item in before:
                backend.tables[table.name] = table
                _put_back(table, attributes, item)
            raise

    return transact


def _before(
    backend: DynamoDBBackend, action: dict[str, Any]
) -> tuple[Table, dict[str, Any], Item | None] | None:
    """The table, key and present item of an action, None for an action that moto will refuse anyway."""
    operation = next(iter(action.values()))
    table = backend.tables.get(operation.get("TableName"))
    attributes = operation.get("Key") or operation.get("Item")
    if table is None or not attributes or table.hash_key_attr not in attributes:
        return None
    if table.range_key_attr and table.range_key_attr not in attributes:
        return None
    key = _typed_key(table, attributes)
    item = table.items.get(key[0], {}).get(key[1]) if table.range_key_attr else table.items.get(key[0])
    return table, attributes, copy.deepcopy(item)  # type: ignore[return-value] # without a sort key moto keeps the item itself


def _put_back(table: Table, attributes: dict[str, Any], item: Item | None) -> None:
    hash_key, range_key = _typed_key(table, attributes)
    if table.range_key_attr is None:
        if item is None:
            table.items.pop(hash_key, None)
        else:
            table.items[hash_key] = item  # type: ignore[assignment] # how moto stores it
    elif item is None:
        table.items.get(hash_key, {}).pop(range_key, None)
    else:
        table.items[hash_key][range_key] = item
    _reindex(table, attributes)


_CANDIDATES = "_outreach_candidates"


def _query_few(plain: Callable[..., Any], lag: IndexLag) -> Callable[..., Any]:
    # After the table and the hash key; binding the whole signature costs more than a small query.
    names = list(inspect.signature(plain).parameters)[2:]
    index_at, conditions_at = names.index("index_name"), names.index("hash_key_conditions")

    def query(table: Table, hash_key: DynamoType | None, *args: Any, **kwargs: Any) -> Any:
        index = args[index_at] if len(args) > index_at else kwargs.get("index_name")
        conditions = args[conditions_at] if len(args) > conditions_at else kwargs.get("hash_key_conditions")
        conditions = conditions or []
        if table.range_key_attr and index is None:
            table.__dict__[_CANDIDATES] = list(table.items.get(hash_key, {}).values())
        elif table.range_key_attr and index is not None and len(conditions) == 1:
            value = conditions[0][1]
            current = _buckets(table).items_at(index, value)
            table.__dict__[_CANDIDATES] = lag.seen(table, index, value, current)
        try:
            return plain(table, hash_key, *args, **kwargs)
        finally:
            table.__dict__.pop(_CANDIDATES, None)

    return query


def _few_items(plain: Callable[..., Any]) -> Callable[..., Any]:
    def all_items(table: Table) -> list[Item]:
        few = table.__dict__.get(_CANDIDATES)
        # The query itself sorts its result, by keys that leave no ties.
        return plain(table) if few is None else few  # type: ignore[no-any-return] # moto's own list

    return all_items


def make_linear(patches: Patches, lag: IndexLag) -> None:
    """Install the replacement."""
    patches.replace(backend_module, "copy", _CheapCopies())
    for name in ("put_item", "update_item", "delete_item"):
        patches.replace(DynamoDBBackend, name, _reindexing(getattr(DynamoDBBackend, name), lag))
    patches.replace(DynamoDBBackend, "transact_write_items", _undoing(DynamoDBBackend.transact_write_items))
    patches.replace(Table, "query", _query_few(Table.query, lag))
    patches.replace(Table, "all_items", _few_items(Table.all_items))

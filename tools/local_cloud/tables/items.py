"""moto's items made cheaper: measured once, compared without detours, copied only to be changed."""

import copy
from collections.abc import Callable
from typing import Any

from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import table as table_module
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

from local_cloud.patches import Patches


def _init_item(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    item.hash_key = hash_key
    item.range_key = range_key
    item.attrs = LimitedSizeDict()
    # moto sums up the whole item for every attribute that it adds.
    for name, value in attrs.items():
        dict.__setitem__(item.attrs, name, DynamoType(value))
    if item.size() > _ITEM_LIMIT:
        raise ItemSizeTooLarge


_ITEM_LIMIT = 405_000  # bytes, moto's own
_plain_cast_value: Any = vars(DynamoType)["cast_value"]


def _cast_value(value: DynamoType) -> Any:
    # Sorting and looking up call this on keys all the time, and keys are mostly strings.
    return value.value if value.type == "S" else _plain_cast_value.__get__(value)


class _ReadOnlyCopies:
    """Replaces the `copy` module in moto's tables.

    What a query or a scan finds is only read and turned into an answer, so it need not be copied first.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(copy, name)

    def deepcopy(self, value: Any, memo: Any = None) -> Any:
        if isinstance(value, Item):
            return value
        if isinstance(value, list) and value and isinstance(value[0], Item):
            return list(value)
        return copy.deepcopy(value, memo)


def _projecting(plain: Callable[..., Any]) -> Callable[..., Any]:
    def project(item: Item, projection_expressions: list[list[str]]) -> Any:
        # moto turns the whole item into Python values and back, once for every requested attribute.
        if any(len(path) > 1 or "[" in path[0] for path in projection_expressions):
            return plain(item, projection_expressions)
        found = copy.copy(item)
        found.attrs = LimitedSizeDict()
        for (name,) in projection_expressions:
            if name in item.attrs:
                dict.__setitem__(found.attrs, name, item.attrs[name])
        return found

    return project


def make_items_cheap(patches: Patches) -> None:
    """Install the replacements."""
    patches.replace(Item, "__init__", _init_item)
    patches.replace(Item, "project", _projecting(Item.project))
    patches.replace(table_module, "copy", _ReadOnlyCopies())
    patches.replace(DynamoType, "cast_value", property(_cast_value))

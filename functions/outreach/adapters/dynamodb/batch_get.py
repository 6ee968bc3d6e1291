"""Many rows in as few requests as DynamoDB allows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.domain.back_off import pause_after
from outreach.domain.errors import OutreachError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeysAndAttributesTypeDef

    from outreach.adapters.dynamodb.items.attributes import Item
    from outreach.adapters.dynamodb.keys import Key

_AT_ONCE = 100
"""Items in one BatchGetItem (AWS quota)."""
ASKED_IN_VAIN = 8
"""This many empty answers in a row are too many: about five seconds."""

type Name = tuple[str, str]
"""A key as a dictionary key."""


class TableIsBusyError(OutreachError):
    """DynamoDB returned none of the requested rows, several times in a row."""


def name_of(key: Item) -> Name:
    """Of a key, or of a row by its key."""
    return key[keys.PARTITION]["S"], key[keys.SORT]["S"]


def batch_get(
    client: DynamoDBClient,
    table: str,
    wanted: Iterable[Key],
    *,
    only: str | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[Name, Item]:
    """The rows that exist, consistently read; with `only`, no more than the key and this attribute.

    DynamoDB may leave some for another request, because the answer would be too large or because it is too
    busy. They are requested again; after a pause if nothing at all came. Raises TableIsBusyError.
    """
    asked = list({name_of(key): key for key in wanted}.values())
    rows: dict[Name, Item] = {}
    in_vain = 0
    while asked:
        now, asked = asked[:_AT_ONCE], asked[_AT_ONCE:]
        request: KeysAndAttributesTypeDef = {"Keys": now, "ConsistentRead": True}
        if only is not None:
            request["ProjectionExpression"] = f"{keys.PARTITION}, {keys.SORT}, {only}"
        answer = client.batch_get_item(RequestItems={table: request})
        rows |= {name_of(row): row for row in answer["Responses"].get(table, [])}
        left = answer["UnprocessedKeys"].get(table)
        again = [] if left is None else left["Keys"]
        asked += again
        in_vain = in_vain + 1 if len(again) == len(now) else 0
        if in_vain == ASKED_IN_VAIN:
            raise TableIsBusyError(f"{len(asked)} rows were asked for {in_vain} times, and none came")
        if in_vain:
            sleep(pause_after(in_vain, "/".join(name_of(now[0]))).total_seconds())
    return rows

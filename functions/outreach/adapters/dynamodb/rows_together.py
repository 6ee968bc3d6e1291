"""Many rows in as few requests as DynamoDB allows."""

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.attributes import Item
    from outreach.adapters.dynamodb.keys import Key

_AT_ONCE = 100
"""Items in one BatchGetItem (AWS quota)."""

type Name = tuple[str, str]
"""A key as Python can look it up."""


def name_of(key: "Item") -> Name:
    """Of a key, or of a row by its key."""
    return key[keys.PARTITION]["S"], key[keys.SORT]["S"]


def rows_together(client: "DynamoDBClient", table: str, wanted: "Iterable[Key]") -> "dict[Name, Item]":
    """What of it is there, consistently read.

    DynamoDB may leave some for another request; they are asked for again.
    """
    asked = list({name_of(key): key for key in wanted}.values())
    rows: dict[Name, Item] = {}
    while asked:
        now, asked = asked[:_AT_ONCE], asked[_AT_ONCE:]
        answer = client.batch_get_item(RequestItems={table: {"Keys": now, "ConsistentRead": True}})
        rows |= {name_of(row): row for row in answer["Responses"].get(table, [])}
        left = answer["UnprocessedKeys"].get(table)
        asked += [] if left is None else left["Keys"]
    return rows

"""All rows of one kind that a customer has, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Item


def rows_of(client: DynamoDBClient, table: str, customer_id: str, prefix: str) -> Iterator[Item]:
    """Those whose sort key begins with the prefix; read consistently, page by page."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        ConsistentRead=True,
        KeyConditionExpression="PK = :customer AND begins_with(SK, :rows)",
        ExpressionAttributeValues={
            ":customer": text(keys.partition_of(customer_id)),
            ":rows": text(prefix),
        },
    )
    for page in pages:
        yield from page["Items"]

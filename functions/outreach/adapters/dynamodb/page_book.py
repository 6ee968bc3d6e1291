"""Pages in the order of time, one partition a shard, and a mark for how far they are settled."""

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.attributes import text
from outreach.adapters.dynamodb.page_item import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.page import Page

_BEGINNING = "0"
"""Sorts before every moment."""


class DynamoPageBook:
    """Keeps the port PageBook."""

    def __init__(self, client: "DynamoDBClient", table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def shards(self) -> range:
        """Every shard that pages are kept for."""
        return range(self._shards)

    def unsettled(self, shard: int, until: "datetime") -> "Iterator[Page]":
        """The pages after the mark, opened before `until`, the oldest first."""
        # The next place after the mark: a space sorts before anything an id may hold.
        return self._between(shard, f"{self._mark(shard)} ", keys.page_moment(until))

    def around(self, page: "Page", span: "timedelta") -> "Iterator[Page]":
        """Itself and those opened at most so long before or after."""
        return self._between(page.shard, keys.page_moment(page.at - span), keys.page_moment(page.at + span))

    def _between(self, shard: int, after: str, until: str) -> "Iterator[Page]":
        answers = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :pages AND SK BETWEEN :after AND :until",
            ExpressionAttributeValues={
                ":pages": text(keys.pages(shard)),
                ":after": text(after),
                ":until": text(until),
            },
        )
        for answer in answers:
            for row in answer["Items"]:
                yield read_page(shard, row)

    def settled(self, page: "Page") -> None:
        """Move the mark. Whoever moves it last has read the farthest, or the same pages again."""
        key = keys.page(page.shard, page.at, page.id)
        self._client.put_item(
            TableName=self._table,
            Item={**keys.settled_pages(page.shard), "up_to": text(key[keys.SORT]["S"])},
        )

    def _mark(self, shard: int) -> str:
        row = self._client.get_item(
            TableName=self._table, Key=keys.settled_pages(shard), ConsistentRead=True
        ).get("Item")
        return _BEGINNING if row is None else row["up_to"]["S"]

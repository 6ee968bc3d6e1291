"""Pages in the order of time, one partition a shard, and a mark for how far they are settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.page import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.sending.page import Page

_BEGINNING = "0"
"""Sorts before every moment."""
_NEIGHBOURS = 4
"""Pages read on either side, itself among them."""


class DynamoPageLog:
    """Keeps the port PageBook."""

    def __init__(self, client: DynamoDBClient, table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def shards(self) -> range:
        """Every shard that pages are kept for."""
        return range(self._shards)

    def unresolved(self, shard: int, until: datetime) -> Iterator[Page]:
        """The pages after the mark, opened before `until`, the oldest first."""
        # The next place after the mark: a space sorts before anything an id may hold.
        between = self._range(shard, f"{self._mark(shard)} ", keys.page_instant(until))
        for answer in self._client.get_paginator("query").paginate(**between):
            for row in answer["Items"]:
                yield read_page(shard, row)

    def neighbours(self, page: Page, span: timedelta) -> list[Page]:
        """The nearest few that were opened at most so long before it, and after."""
        place = keys.page(page.shard, page.at, page.id)[keys.SORT]["S"]
        before = keys.page_instant(page.at - span), place
        after = place, keys.page_instant(page.at + span)
        return [
            read_page(page.shard, row)
            for (low, high), forward in ((before, False), (after, True))
            for row in self._client.query(
                **self._range(page.shard, low, high), ScanIndexForward=forward, Limit=_NEIGHBOURS
            )["Items"]
            if row[keys.SORT]["S"] != place
        ]

    def _range(self, shard: int, low: str, high: str) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "PK = :pages AND SK BETWEEN :low AND :high",
            "ExpressionAttributeValues": {
                ":pages": text(keys.pages(shard)),
                ":low": text(low),
                ":high": text(high),
            },
        }

    def resolved(self, page: Page) -> None:
        """Move the mark. Whoever moves it last has read the farthest, or the same pages again."""
        key = keys.page(page.shard, page.at, page.id)
        self._client.put_item(
            TableName=self._table,
            Item={**keys.resolved_pages(page.shard), "up_to": text(key[keys.SORT]["S"])},
        )

    def _mark(self, shard: int) -> str:
        row = self._client.get_item(
            TableName=self._table, Key=keys.resolved_pages(shard), ConsistentRead=True
        ).get("Item")
        return _BEGINNING if row is None else row["up_to"]["S"]

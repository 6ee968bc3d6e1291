"""Asks each shard of the due index for its first entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import instant, milliseconds, number, text

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDueShards:
    """Keeps the port DueShards: one query per shard, of one row."""

    def __init__(self, client: DynamoDBClient, table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def first_due(self, campaign: str) -> dict[int, datetime]:
        """Per shard that waits for anything at all, the moment its first enrollment is due."""
        found = {shard: self._first(campaign, shard) for shard in range(self._shards)}
        return {shard: first for shard, first in found.items() if first is not None}

    def next_due(self, campaign: str, shard: int, after: datetime) -> datetime | None:
        """The first moment after that one at which something is due in the shard."""
        return self._first(campaign, shard, after)

    def _first(self, campaign: str, shard: int, after: datetime | None = None) -> datetime | None:
        condition = f"{keys.DUE_SHARD} = :shard"
        values = {":shard": text(keys.due_shard(campaign, shard))}
        if after is not None:
            condition += f" AND {keys.DUE_AT} > :after"
            values[":after"] = number(milliseconds(after))
        page = self._client.query(
            TableName=self._table,
            IndexName=keys.DUE_INDEX,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            Limit=1,
        )
        return instant(int(page["Items"][0][keys.DUE_AT]["N"])) if page["Items"] else None

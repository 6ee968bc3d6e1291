"""Asks each shard of the due index for its first entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import instant, text

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

    def _first(self, campaign: str, shard: int) -> datetime | None:
        page = self._client.query(
            TableName=self._table,
            IndexName=keys.DUE_INDEX,
            KeyConditionExpression=f"{keys.DUE_SHARD} = :shard",
            ExpressionAttributeValues={":shard": text(keys.due_shard(campaign, shard))},
            Limit=1,
        )
        return instant(int(page["Items"][0][keys.DUE_AT]["N"])) if page["Items"] else None

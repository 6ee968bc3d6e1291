"""The names of all campaigns that ever had something in the due index: the index itself cannot tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys

if TYPE_CHECKING:
    from collections.abc import Collection

    from mypy_boto3_dynamodb import DynamoDBClient

_NAMES = "campaigns"


class DynamoSweptCampaigns:
    """Keeps the port SweptCampaigns: one row with a set of names."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def swept_campaigns(self) -> frozenset[str]:
        """All that were remembered."""
        answer = self._client.get_item(TableName=self._table, Key=keys.swept_campaigns(), ConsistentRead=True)
        return frozenset(answer.get("Item", {}).get(_NAMES, {"SS": []})["SS"])

    def remember_swept(self, names: Collection[str]) -> None:
        """Add these, for good."""
        self._client.update_item(
            TableName=self._table,
            Key=keys.swept_campaigns(),
            UpdateExpression=f"ADD {_NAMES} :names",
            ExpressionAttributeValues={":names": {"SS": sorted(names)}},
        )

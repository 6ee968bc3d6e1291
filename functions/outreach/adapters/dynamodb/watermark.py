"""Up to when feedback has come in: a sign that it flows."""

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.attributes import milliseconds, moment, number
from outreach.adapters.dynamodb.change import Change
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoWatermark:
    """Keeps the port FeedbackWatermark."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def newest(self) -> "datetime | None":
        """When the newest message was sent that SES has confirmed; None before the first."""
        key = keys.watermark()
        row = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return None if row is None else moment(int(row["at"]["N"]))

    def rise(self, sent_at: "datetime") -> None:
        """To this moment, unless it is higher already."""
        change = Change()
        at = change.path("at")
        change.set(number(milliseconds(sent_at)), "at")
        lower = f"{at} < {change.value(number(milliseconds(sent_at)))}"
        change.require(f"(attribute_not_exists({at}) OR {lower})")
        with refused_when_conditions_fail():
            self._client.update_item(**change.update(self._table, keys.watermark()))

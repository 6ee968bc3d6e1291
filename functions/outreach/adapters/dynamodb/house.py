"""Whether mail may go out, as the table says: pauses by people, and the breaker."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.house_item import breaker_put, pause_item, read_breaker, read_pause
from outreach.domain.gate import Rules
from outreach.domain.sending import Sending

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.breaker import Breaker
    from outreach.domain.sending import Pause
    from outreach.ports import Clock

FRESH = timedelta(seconds=5)
"""How long what was read may be used: a pause takes effect within this time."""


class DynamoHouse:
    """Keeps the ports House, SendingSwitch and BreakerBook."""

    def __init__(self, client: "DynamoDBClient", table: str, *, clock: "Clock") -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._read: tuple[datetime, Rules] | None = None

    def rules(self) -> Rules:
        """Caps and pauses, at most five seconds old."""
        now = self._clock.now()
        if self._read is None or not self._read[0] <= now < self._read[0] + FRESH:
            sending = self.sending()
            rules = Rules(marketing_paused=sending.marketing_paused, all_paused=sending.all_paused)
            self._read = now, rules
        return self._read[1]

    def sending(self) -> Sending:
        """As it is now."""
        answer = self._client.query(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :house",
            ExpressionAttributeValues={":house": keys.sending()[keys.PARTITION]},
        )
        rows = {row[keys.SORT]["S"]: row for row in answer["Items"]}
        return Sending(
            read_pause(rows.get(keys.sending()[keys.SORT]["S"], {})),
            read_breaker(rows.get(keys.breaker()[keys.SORT]["S"], {})),
        )

    def pause(self, pause: "Pause") -> None:
        """From now on; a pause that was there before is replaced."""
        self._client.put_item(TableName=self._table, Item=pause_item(pause))

    def resume(self, breaker: "Breaker") -> None:
        """No pause, and the breaker as given. Raises Conflict when it counted meanwhile."""
        with conflict_when_changed("the breaker"):
            self._client.transact_write_items(
                TransactItems=[
                    {"Delete": {"TableName": self._table, "Key": keys.sending()}},
                    {"Put": breaker_put(breaker, self._table)},
                ]
            )

    def breaker(self) -> "Breaker":
        """What it has counted."""
        key = keys.breaker()
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return read_breaker(answer.get("Item", {}))

    def count(self, breaker: "Breaker") -> None:
        """Store a breaker that counted more. Raises Conflict when another did so meanwhile."""
        with conflict_when_changed("the breaker"):
            self._client.put_item(**breaker_put(breaker, self._table))

"""Who sweeps a campaign shard: one row for each, written under conditions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail
from outreach.adapters.dynamodb.items.attributes import instant, milliseconds, number, text

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Item
    from outreach.ports.sweeps import NextLook

LEASE = timedelta(minutes=16)
"""A call of a function lives for 15 minutes at most (AWS limit); an owner that let it lapse has crashed."""
_UNTIL = "until"
_NAMES = {"#owner": "owner", "#until": _UNTIL, "#again": "again"}
"""Behind placeholders: some are words that DynamoDB reserves."""


class DynamoShardLease:
    """Keeps the port ShardLease."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def acquire(self, campaign: str, shard: int, *, owner: str, now: datetime) -> bool:
        """Take it if it is free, one's own or over; else have its owner sweep once more."""
        while True:
            is_taken = self._update(
                campaign,
                shard,
                "SET #owner = :owner, #until = :until",
                "attribute_not_exists(#owner) OR #owner = :owner OR #until <= :now",
                {":owner": text(owner), ":until": _moment(now + LEASE), ":now": _moment(now)},
                "#owner", "#until",
            )  # fmt: skip
            if is_taken:
                return True
            is_asked = self._update(
                campaign,
                shard,
                "SET #again = :yes",
                "attribute_exists(#owner) AND #owner <> :owner AND #until > :now",
                {":yes": {"BOOL": True}, ":owner": text(owner), ":now": _moment(now)},
                "#owner", "#until", "#again",
            )  # fmt: skip
            if is_asked:
                return False
            # It was released between the two writes.

    def release(self, campaign: str, shard: int, *, owner: str, look: NextLook | None = None) -> bool:
        """Release it, unless its owner was asked to sweep again: then that is taken note of."""
        update = "REMOVE #owner, #until, #again, look_at, is_held"
        values: dict[str, Any] = {":owner": text(owner)}
        if look is not None:
            update = "SET look_at = :at, is_held = :held REMOVE #owner, #until, #again"
            values |= {":at": _moment(look.at), ":held": {"BOOL": look.is_held}}
        is_released = self._update(
            campaign,
            shard,
            update,
            "#owner = :owner AND attribute_not_exists(#again)",
            values,
            "#owner", "#until", "#again",
        )  # fmt: skip
        if is_released:
            return True
        is_asked = self._update(
            campaign,
            shard,
            "REMOVE #again",
            "#owner = :owner AND attribute_exists(#again)",
            {":owner": text(owner)},
            "#owner", "#again",
        )  # fmt: skip
        return not is_asked  # else the lease was over, and is another's

    def abandon(self, campaign: str, shard: int, *, owner: str) -> None:
        """Release it whatever was asked."""
        self._update(
            campaign,
            shard,
            "REMOVE #owner, #until, #again",
            "#owner = :owner",
            {":owner": text(owner)},
            "#owner", "#until", "#again",
        )  # fmt: skip

    def next_look(self, campaign: str, shard: int) -> datetime | None:
        """The time of the look that the newest sweep stored."""
        row = self._row(campaign, shard)
        return instant(int(row["look_at"]["N"])) if "look_at" in row else None

    def attended_until(self, campaign: str, shard: int) -> datetime | None:
        """The later of the end of the lease and the end of the hold."""
        row = self._row(campaign, shard)
        names = (_UNTIL, "look_at") if row.get("is_held", {"BOOL": False})["BOOL"] else (_UNTIL,)
        return max((instant(int(row[name]["N"])) for name in names if name in row), default=None)

    def _row(self, campaign: str, shard: int) -> Item:
        key = keys.shard_lease(campaign, shard)
        return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})

    def _update(
        self, campaign: str, shard: int, update: str, condition: str, values: dict[str, Any], *names: str
    ) -> bool:
        """Whether the condition held."""
        with refused_when_conditions_fail() as outcome:
            self._client.update_item(
                TableName=self._table,
                Key=keys.shard_lease(campaign, shard),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeNames={name: _NAMES[name] for name in names},
                ExpressionAttributeValues=values,
            )
        return not outcome.is_refused


def _moment(at: datetime) -> Any:
    return number(milliseconds(at))

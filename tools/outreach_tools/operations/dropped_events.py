"""The record of the events and reports that an operator dropped: which, why, when, and by whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import Attribute, Item, instant, milliseconds, number, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach_tools.operations.redrive import DeadLetter

KEPT_FOR = timedelta(days=400)
"""As long as the id of an event that was taken in is remembered."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """One entry; it holds ids, and nothing of the message's content."""

    id: str
    name: str
    source: str
    refused_because: str
    why: str
    by: str
    at: datetime


class DroppedEvents:
    """Rows of one partition, by SQS's id of the message: dropping the same one again changes nothing else."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def record(self, dead_letter: "DeadLetter", *, why: str, by: str, now: datetime) -> None:
        """Record that it is dropped."""
        heading = dead_letter.heading
        item: dict[str, Attribute] = {
            **keys.dropped(dead_letter.message_id),
            "id": text(dead_letter.shown_id),
            "name": text(heading.name or ""),
            "source": text(heading.source or ""),
            "refused_because": text(dead_letter.reason),
            "why": text(why),
            "dropped_by": text(by),
            "at": number(milliseconds(now)),
            keys.EXPIRES: number(int((now + KEPT_FOR).timestamp())),
        }
        self._client.put_item(TableName=self._table, Item=item)

    def all(self) -> list[Dropped]:
        """Every entry, the oldest first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :partition",
            ExpressionAttributeValues={":partition": text(keys.DROPPED)},
        )
        return sorted((_read(item) for page in pages for item in page["Items"]), key=lambda each: each.at)


def _read(item: Item) -> Dropped:
    return Dropped(
        id=item["id"]["S"],
        name=item["name"]["S"],
        source=item["source"]["S"],
        refused_because=item["refused_because"]["S"],
        why=item["why"]["S"],
        by=item["dropped_by"]["S"],
        at=instant(int(item["at"]["N"])),
    )

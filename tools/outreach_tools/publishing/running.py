"""The active enrollments of a campaign: a scan for operators, which costs what it reads."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.domain.journeys.campaign import Campaign, Driver
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus

SMALL = 100 * 1024 * 1024
"""Bytes of a table that is scanned without asking: about 12,800 read units."""
BYTES_A_UNIT = 8192
"""One read unit reads 4 KB, or 8 KB if it may be slightly old (DynamoDB's pricing)."""
DOLLARS_A_MILLION = 0.125
"""On-demand read units in us-east-1; other regions differ a little."""
_AT_ONCE = 100
"""Rows of one BatchGetItem (AWS limit)."""


@dataclass(frozen=True, slots=True)
class Running:
    """Finds active enrollments in the table of a stack."""

    client: Any
    table: str
    shards: int

    def of(self, campaign: str, versions: Sequence[Campaign]) -> Iterator[Enrollment]:
        """All of one campaign; `versions` are those that they may be pinned to.

        Where a sweep drives all of them, the due index names them, and little is read. Otherwise the whole
        table is scanned: enrollments lie with their customers.
        """
        swept = versions and all(version.driver is Driver.SWEEP for version in versions)
        found = self._due(campaign) if swept else self._everywhere(campaign)
        return (each for each in found if each.is_active)

    def is_small(self) -> bool:
        """Whether scanning the table is cheap enough to do it without asking."""
        return self._size() <= SMALL

    def cost(self) -> str:
        """The cost of scanning the table, in words."""
        units = -(-self._size() // BYTES_A_UNIT)
        return f"about {units} read units (${units * DOLLARS_A_MILLION / 1e6:.2f} in us-east-1)"

    def _size(self) -> int:
        """Bytes of the table, as DynamoDB counted them within the last six hours."""
        size: int = self.client.describe_table(TableName=self.table)["Table"].get("TableSizeBytes", 0)
        return size

    def _everywhere(self, campaign: str) -> Iterator[Enrollment]:
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="begins_with(SK, :enrollments) AND #status = :active",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":enrollments": keys.enrollment(EnrollmentId("", campaign, ""))[keys.SORT],
                ":active": text(EnrollmentStatus.ACTIVE),
            },
        )
        return (read_enrollment(keys.enrollment_id(row), row) for page in pages for row in page["Items"])

    def _due(self, campaign: str) -> Iterator[Enrollment]:
        for shard in range(self.shards):
            pages = self.client.get_paginator("query").paginate(
                TableName=self.table,
                IndexName=keys.DUE_INDEX,
                KeyConditionExpression=f"{keys.DUE_SHARD} = :shard",
                ExpressionAttributeValues={":shard": text(keys.due_shard(campaign, shard))},
            )
            for page in pages:
                for start in range(0, len(page["Items"]), _AT_ONCE):
                    yield from self._together(page["Items"][start : start + _AT_ONCE])

    def _together(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[Enrollment]:
        wanted = [{name: row[name] for name in (keys.PARTITION, keys.SORT)} for row in rows]
        while wanted:
            answer = self.client.batch_get_item(
                RequestItems={self.table: {"Keys": wanted, "ConsistentRead": True}}
            )
            for row in answer["Responses"][self.table]:
                yield read_enrollment(keys.enrollment_id(row), row)
            wanted = answer["UnprocessedKeys"].get(self.table, {}).get("Keys", [])


def status(enrollments: Iterator[Enrollment]) -> Counter[tuple[str, str]]:
    """How many stand at which step of which version."""
    return Counter((each.bundle, each.step) for each in enrollments)

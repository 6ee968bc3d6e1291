"""What sweeps did, a row for each call: a call that died has left its beginning."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import facts, milliseconds, number, read_facts, text
from outreach.domain.sweeps.counts import SweepCounts, SweepReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Attribute, Item
    from outreach.domain.sweeps.counts import SweepCall

KEPT = timedelta(days=90)
"""As long as Step Functions remembers executions."""


class DynamoSweepLog:
    """Keeps the port SweepBook, and reads what is in it."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, call: SweepCall) -> None:
        """From now on the call is known, and has not said yet what it did."""
        self._client.put_item(TableName=self._table, Item=_row(call))

    def end(self, call: SweepCall, counts: SweepCounts) -> None:
        """What the call did."""
        numbers = {name: value for name, value in counts.numbers().items() if value}
        item: dict[str, Attribute] = {**_row(call), "ended": {"BOOL": True}, "facts": facts(numbers)}
        self._client.put_item(TableName=self._table, Item=item)

    def reports(self, since: datetime) -> Iterator[SweepReport]:
        """What sweeps did that began at `since` or later, the oldest first, campaign by campaign."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :sweeps AND SK >= :since",
            ExpressionAttributeValues={
                ":sweeps": text(keys.SWEEPS),
                ":since": text(keys.sweep_instant(since)),
            },
        )
        rows = (row for page in pages for row in page["Items"])
        for (sweep, campaign), calls in groupby(rows, keys.sweep_and_campaign):
            yield _report(sweep, campaign, calls)


def _row(call: SweepCall) -> dict[str, Attribute]:
    expires = milliseconds(call.sweep + KEPT) // 1000
    return {**keys.sweep_call(call.sweep, call.campaign, call.id), keys.EXPIRES: number(expires)}


def _report(sweep: datetime, campaign: str, calls: Iterable[Item]) -> SweepReport:
    counts, count, silent = SweepCounts(), 0, 0
    for row in calls:
        count += 1
        silent += "ended" not in row
        counts.add(SweepCounts(**read_facts(row)))
    return SweepReport(sweep, campaign, counts, count, silent)

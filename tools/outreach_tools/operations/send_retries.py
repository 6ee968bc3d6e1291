"""Finds messages that ended unsent, in a scan of the whole table, for operators."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.domain.operations.send_retries import Unsent, Wanted, unsent

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.journeys.enrollment import Enrollment


@dataclass(frozen=True, slots=True)
class UnsentRun:
    """A run, with those of its messages that ended unsent, the earliest first."""

    enrollment: "Enrollment"
    messages: tuple[Unsent, ...]


def unsent_runs(
    client: "DynamoDBClient", table: str, wanted: Wanted, *, campaign: str | None = None
) -> Iterator[UnsentRun]:
    """Those of one campaign or of all, in no order; earlier runs of a customer too."""
    newest, earlier = (keys.ENROLLMENTS, keys.RUNS) if campaign is None else keys.runs_of(campaign)
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression="begins_with(SK, :newest) OR begins_with(SK, :earlier)",
        ExpressionAttributeValues={":newest": text(newest), ":earlier": text(earlier)},
    )
    for row in (row for page in pages for row in page["Items"]):
        enrollment = read_enrollment(keys.enrollment_id(row), row)
        is_newest_run = row[keys.SORT]["S"].startswith(newest)
        found = unsent(enrollment, wanted, is_newest_run=is_newest_run)
        if found:
            yield UnsentRun(enrollment, found)


def enrolled_campaigns(client: "DynamoDBClient", table: str) -> set[str]:
    """The names of all campaigns that a customer was ever enrolled in; deleted ones too."""
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="begins_with(SK, :enrollment)",
        ExpressionAttributeValues={":enrollment": text(keys.ENROLLMENTS)},
    )
    return {keys.enrollment_id(row).campaign for page in pages for row in page["Items"]}

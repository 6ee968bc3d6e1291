"""Finds the sends of a campaign that ended without going: a look through the whole table, for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.attributes import text
from outreach.adapters.dynamodb.enrollment_item import read_enrollment
from outreach.domain.enrollment import SkipReason
from outreach.domain.sends import SendStatus
from outreach.usecases.retry_send import retriable, retriable_skip

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.enrollment import Enrollment
    from outreach.domain.sends import Send


@dataclass(frozen=True, slots=True)
class Ended:
    """A send that ended without going."""

    enrollment: "Enrollment"
    step: str
    may_be_retried: bool
    """False once its run went on to other messages, ended early, or was replaced by a newer one."""

    @property
    def send(self) -> "Send | None":
        """None for a message that waited for an address in vain: it was never claimed."""
        return None if self.step in self.enrollment.skips else self.enrollment.sends[self.step]


def ended_sends(
    client: "DynamoDBClient",
    table: str,
    campaign: str,
    statuses: frozenset[SendStatus],
    *,
    no_address: bool = False,
) -> Iterator[Ended]:
    """Those of all runs, in no order; of a run that a newer one took the place of, none may be retried.

    `no_address`: those too that waited for an address in vain.
    """
    newest, earlier = keys.runs_of(campaign)
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression="begins_with(SK, :newest) OR begins_with(SK, :earlier)",
        ExpressionAttributeValues={":newest": text(newest), ":earlier": text(earlier)},
    )
    for row in (row for page in pages for row in page["Items"]):
        enrollment = read_enrollment(keys.enrollment_id(row), row)
        is_newest = row[keys.SORT]["S"].startswith(newest)
        again = retriable(enrollment, statuses) if is_newest and statuses else None
        for step, send in enrollment.sends.items():
            if send.status in statuses or step == again:
                yield Ended(enrollment, step, may_be_retried=step == again)
        skipped = retriable_skip(enrollment) if is_newest else None
        for step, skip in enrollment.skips.items():
            if no_address and skip.reason is SkipReason.NO_ADDRESS:
                yield Ended(enrollment, step, may_be_retried=step == skipped)


def enrolled_campaigns(client: "DynamoDBClient", table: str) -> set[str]:
    """The names of all campaigns that a customer was ever enrolled in; deleted ones too."""
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="begins_with(SK, :enrollment)",
        ExpressionAttributeValues={":enrollment": text(keys.ENROLLMENTS)},
    )
    return {keys.enrollment_id(row).campaign for page in pages for row in page["Items"]}

"""Finds active journeys without a running execution, in a scan of the whole table, for operators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.adapters.stepfunctions.executions import StepFunctionsExecutions
from outreach.domain.errors import UnknownEnrollmentError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus
from outreach.ports.clock import Clock
from outreach.ports.journeys import Enrollments
from outreach.ports.operations import Successor

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

YOUNG = timedelta(minutes=15)
"""An enrollment is stored before its execution is started; a retry of the queue may come in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckEnrollments:
    """Finds them in one table, and restarts them."""

    dynamodb: "DynamoDBClient"
    table: str
    enrollments: Enrollments
    executions: StepFunctionsExecutions
    clock: Clock

    def find(self) -> Iterator[Enrollment]:
        """In no order. Rows that changed meanwhile are read again, so none is reported wrongly."""
        old = self.clock.now() - YOUNG
        found = [
            each for each in _active(self.dynamodb, self.table) if not each.swept and each.started_at <= old
        ]
        running = frozenset(self.executions.running()) if found else frozenset()
        for each in found:
            if each.execution_name in running:
                continue
            try:
                newest = self.enrollments.get(each.id)
            except UnknownEnrollmentError:
                continue
            if newest.is_active and newest.run == each.run:
                yield newest

    def begin_again(self, enrollment: Enrollment) -> bool:
        """Start an execution where it stands; False if another process did just now."""
        return self.executions.begin_anew(enrollment) is Successor.STARTED


def _active(client: "DynamoDBClient", table: str) -> Iterator[Enrollment]:
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="begins_with(SK, :enrollments) AND #status = :active",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            ":enrollments": text(keys.ENROLLMENTS),
            ":active": text(EnrollmentStatus.ACTIVE),
        },
    )
    for row in (row for page in pages for row in page["Items"]):
        yield read_enrollment(keys.enrollment_id(row), row)

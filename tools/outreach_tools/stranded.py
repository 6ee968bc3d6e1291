"""Finds journeys under way that no execution carries: a look through the whole table, for people."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import DynamoTable, keys
from outreach.adapters.dynamodb.attributes import text
from outreach.adapters.dynamodb.enrollment_item import read_enrollment
from outreach.domain.enrollment import Enrollment, EnrollmentStatus
from outreach.domain.errors import UnknownEnrollment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_stepfunctions import SFNClient

YOUNG = timedelta(minutes=15)
"""An enrollment is stored before its execution is started; a retry of the queue may come in between."""
_SUFFIXES = re.compile(r"(-r[0-9a-f]+)?(\.\d+)?$")
"""What is added to the name of a run's first execution for those that carry it later."""


def stranded(
    dynamodb: "DynamoDBClient",
    step_functions: "SFNClient",
    *,
    table: str,
    machine: str,
    now: datetime,
) -> Iterator[Enrollment]:
    """In no order. What changed while the table was looked through is read again, so none is told wrongly."""
    found = [each for each in _active(dynamodb, table) if not each.swept and each.started_at <= now - YOUNG]
    carried = _running(step_functions, machine) if found else frozenset()
    enrollments = DynamoTable(dynamodb, table, shards=1).enrollments  # reading one asks for no shard
    for each in found:
        if each.execution_name in carried:
            continue
        try:
            newest = enrollments.get(each.id)
        except UnknownEnrollment:
            continue
        if newest.is_active and newest.run == each.run:
            yield newest


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


def _running(client: "SFNClient", machine: str) -> frozenset[str]:
    """The runs that are carried, under the names of their first executions."""
    pages = client.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
    return frozenset(_SUFFIXES.sub("", each["name"]) for page in pages for each in page["executions"])

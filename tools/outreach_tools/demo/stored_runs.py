"""Reads what the stack stored of every run of every enrollment."""

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.enrollment import read_enrollment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.journeys.enrollment import Enrollment

_KINDS = (keys.ENROLLMENTS, "RUN#")


def stored_runs(client: "DynamoDBClient", table: str) -> "Iterator[Enrollment]":
    """Each enrollment as it stands, and each earlier run that sent something: the whole table."""
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for row in page["Items"]:
            if row[keys.SORT]["S"].startswith(_KINDS):
                yield read_enrollment(keys.enrollment_id(row), row)

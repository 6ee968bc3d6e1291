"""Enrollments in the table, and the index of those that are due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items.attributes import milliseconds, number, text
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.adapters.dynamodb.journeys.enrollment_change import new_row, saved
from outreach.adapters.dynamodb.journeys.trigger_properties import completed
from outreach.domain.errors import UnknownEnrollmentError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId


class DynamoEnrollments:
    """Implements the port Enrollments."""

    def __init__(self, client: DynamoDBClient, table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def get(self, enrollment_id: EnrollmentId) -> Enrollment:
        """Always the newest. Raises UnknownEnrollmentError."""
        key = keys.enrollment(enrollment_id)
        row = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if row is None:
            raise UnknownEnrollmentError(f"no such enrollment in campaign {enrollment_id.campaign}")
        return completed(self._client, self._table, read_enrollment(enrollment_id, row))

    def of_customer(self, customer_id: str) -> Mapping[EnrollmentId, Enrollment]:
        """Each newest run, ended ones too."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :customer AND begins_with(SK, :enrollments)",
            ExpressionAttributeValues={
                ":customer": text(keys.partition_of(customer_id)),
                ":enrollments": text(keys.ENROLLMENTS),
            },
        )
        rows = [row for page in pages for row in page["Items"]]
        found = (read_enrollment(keys.enrollment_id(row), row) for row in rows)
        return {each.id: completed(self._client, self._table, each) for each in found}

    def save(self, enrollment: Enrollment) -> Enrollment:
        """Store where it stands now. Raises ConflictError when it changed since it was read.

        Returns it with its new version. Feedback about sent messages is kept.
        """
        key = keys.enrollment(enrollment.id)
        with conflict_when_changed("the enrollment"):
            if enrollment.version == 0:
                change = Change()
                change.require_version(0)
                item = new_row(enrollment, key, self._shards)
                self._client.put_item(**change.put(self._table, item))
            else:
                self._client.update_item(**saved(enrollment, self._shards).update(self._table, key))
        return replace(enrollment, version=enrollment.version + 1)

    def due(self, campaign: str, shard: int, now: datetime, limit: int) -> tuple[EnrollmentId, ...]:
        """Sweep-driven enrollments of one shard whose `due_at` has come, the longest due first.

        The index lags behind the table: read each enrollment before acting on it.
        """
        page = self._client.query(
            TableName=self._table,
            IndexName=keys.DUE_INDEX,
            KeyConditionExpression=f"{keys.DUE_SHARD} = :shard AND {keys.DUE_AT} <= :now",
            ExpressionAttributeValues={
                ":shard": text(keys.due_shard(campaign, shard)),
                ":now": number(milliseconds(now)),
            },
            Limit=limit,
        )
        return tuple(keys.enrollment_id(row) for row in page["Items"])

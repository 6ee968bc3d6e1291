"""All records of one customer, for operators and support."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.adapters.dynamodb.items.page import read_page
from outreach.adapters.dynamodb.items.profile import read_profile
from outreach.adapters.dynamodb.journeys.trigger_properties import properties_key, with_properties
from outreach.domain.journeys.hash_share import shard_of
from outreach.ports.operations import CustomerRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.domain.sending.page import Receipt
    from outreach.domain.sending.send import Send, SendId


class DynamoCustomerRecords:
    """Implements the port CustomerRecords."""

    def __init__(self, client: DynamoDBClient, table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def record(self, customer_id: str) -> CustomerRecord:
        """The customer's whole partition: one query for each megabyte."""
        partition = keys.partition_of(customer_id)
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :customer",
            ExpressionAttributeValues={":customer": text(partition)},
        )
        rows = {row[keys.SORT]["S"]: row for page in pages for row in page["Items"]}

        def runs(prefix: str) -> tuple[Enrollment, ...]:
            found = (row for name, row in rows.items() if name.startswith(prefix))
            read = [read_enrollment(keys.enrollment_id(row), row) for row in found]
            return tuple(
                with_properties(each, rows.get(properties_key(each)[keys.SORT]["S"])) for each in read
            )

        profile = rows.get(keys.profile(customer_id)[keys.SORT]["S"], {})
        return CustomerRecord(read_profile(customer_id, profile), runs(keys.ENROLLMENTS), runs(keys.RUNS))

    def receipts(self, claimed: Mapping[SendId, Send]) -> dict[SendId, Receipt]:
        """One query for each instant at which something was claimed: a page has the time of its claims.

        The row of a send does not name its page, so pages cannot be read by their keys.
        """
        found: dict[SendId, Receipt] = {}
        places = {(shard_of(each.customer_id, self._shards), send.at) for each, send in claimed.items()}
        for shard, at in sorted(places):
            answer = self._client.query(
                TableName=self._table,
                ConsistentRead=True,
                KeyConditionExpression="PK = :pages AND begins_with(SK, :at)",
                ExpressionAttributeValues={
                    ":pages": text(keys.pages(shard)),
                    ":at": text(f"{keys.page_instant(at)}#"),
                },
            )
            for row in answer["Items"]:
                receipts = read_page(shard, row).receipts
                found |= {send_id: receipts[send_id] for send_id in claimed if send_id in receipts}
        return found

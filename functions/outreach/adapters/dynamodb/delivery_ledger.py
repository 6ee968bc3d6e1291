"""The sends in the table as feedback sees them: looked up by what SES repeats, and moved on by rank."""

from contextlib import suppress
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys, send_item
from outreach.adapters.dynamodb.attributes import number, text
from outreach.adapters.dynamodb.change import Change
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.house_item import breaker_put
from outreach.adapters.dynamodb.send_item import read_send, send_attribute
from outreach.domain.enrollment import EnrollmentId
from outreach.domain.errors import Conflict, UnknownSend

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UpdateTypeDef

    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.breaker import Breaker
    from outreach.domain.sends import Send, SendId


class DynamoDeliveryLedger:
    """Keeps the port DeliveryLedger. It never touches where an enrollment stands."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def sent(self, send_id: "SendId") -> "Send":
        """The send as it is known now, of a run that was replaced, too. Raises UnknownSend."""
        for key in _places(send_id):
            row = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
            if row is None or int(row["run"]["N"]) != send_id.run:
                continue
            entry = row["sends"]["M"].get(send_id.step)
            if entry is not None:
                return read_send(entry["M"])
        raise UnknownSend(f"no send of step {send_id.step} in run {send_id.run} of {send_id.campaign}")

    def move(
        self, send_id: "SendId", known: "Send", told: "Send", *, breaker: "Breaker | None" = None
    ) -> None:
        """Store what is known now, if it is still as it was read; with a breaker, both or neither.

        Raises Conflict when the send or the breaker changed meanwhile.
        """
        for key in _places(send_id):
            with suppress(Conflict):
                self._write(_moved(send_id, known, told).update(self._table, key), breaker)
                return
        raise Conflict("the send, or what the breaker counted, changed since it was read")

    def newest_arrival(self, customer_id: str) -> "datetime | None":
        """When the newest message that reached this customer was sent; None when none did."""
        arrived = []
        for prefix in (keys.ENROLLMENTS, keys.RUNS):
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                ConsistentRead=True,
                KeyConditionExpression="PK = :customer AND begins_with(SK, :rows)",
                ProjectionExpression="sends",
                ExpressionAttributeValues={
                    ":customer": text(keys.partition_of(customer_id)),
                    ":rows": text(prefix),
                },
            )
            sends = [
                read_send(entry["M"])
                for page in pages
                for row in page["Items"]
                for entry in row["sends"]["M"].values()
            ]
            arrived += [send.at for send in sends if send.status.arrived]
        return max(arrived, default=None)

    def _write(self, update: "UpdateTypeDef", breaker: "Breaker | None") -> None:
        with conflict_when_changed("the send or the breaker"):
            if breaker is None:
                self._client.update_item(**update)
            else:
                self._client.transact_write_items(
                    TransactItems=[{"Update": update}, {"Put": breaker_put(breaker, self._table)}]
                )


def _places(send_id: "SendId") -> "tuple[Key, Key]":
    """The enrollment's own row, and the archive where its run lies once a newer one took its place."""
    enrollment_id = EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key)
    return keys.enrollment(enrollment_id), keys.run(enrollment_id, send_id.run)


def _moved(send_id: "SendId", known: "Send", told: "Send") -> Change:
    change = Change()
    change.require(f"{change.path('run')} = {change.value(number(send_id.run))}")
    rank = change.path("sends", send_id.step, send_item.RANK)
    change.require(f"{rank} = {change.value(number(known.status.rank))}")
    reason = change.path("sends", send_id.step, send_item.REASON)
    if known.reason is None:
        change.require(f"attribute_not_exists({reason})")
    else:
        change.require(f"{reason} = {change.value(text(known.reason))}")
    change.set(send_attribute(told), "sends", send_id.step)
    return change

"""The sends in the table as feedback sees them: looked up by what SES repeats, and moved on by rank."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.batch_get import batch_get, name_of
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items import send as send_item
from outreach.adapters.dynamodb.items.attributes import number, text
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.items.send import read_send, send_attribute
from outreach.adapters.dynamodb.items.sending_state import breaker_put
from outreach.domain.errors import ConflictError, UnknownSendError
from outreach.domain.journeys.enrollment import EnrollmentId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UpdateTypeDef

    from outreach.adapters.dynamodb.items.attributes import Item
    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.sending.breaker import Breaker
    from outreach.domain.sending.send import Send, SendId


class DynamoDeliveryLedger:
    """Keeps the port DeliveryLedger. It never touches where an enrollment stands."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def sent(self, send_id: SendId) -> Send:
        """The send as it is known now, of a run that was replaced, too. Raises UnknownSendError."""
        for key in _places(send_id):
            row = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
            send = _send_in(row, send_id)
            if send is not None:
                return send
        raise UnknownSendError(f"no send of step {send_id.step} in run {send_id.run} of {send_id.campaign}")

    def sent_many(self, send_ids: Sequence[SendId]) -> dict[SendId, Send]:
        """As `sent`, for many at once; those that the ledger does not know are left out."""
        found: dict[SendId, Send] = {}
        for place in (_own_row, _archive):
            keys_of = {send_id: place(send_id) for send_id in send_ids if send_id not in found}
            rows = batch_get(self._client, self._table, keys_of.values())
            for send_id, key in keys_of.items():
                send = _send_in(rows.get(name_of(key)), send_id)
                if send is not None:
                    found[send_id] = send
        return found

    def move(self, send_id: SendId, known: Send, told: Send, *, breaker: Breaker | None = None) -> None:
        """Store what is known now, if it is still as it was read; with a breaker, both or neither.

        Raises ConflictError when the send or the breaker changed meanwhile.
        """
        for key in _places(send_id):
            with suppress(ConflictError):
                self._write(_moved(send_id, known, told).update(self._table, key), breaker)
                return
        raise ConflictError("the send, or what the breaker counted, changed since it was read")

    def newest_arrival(self, customer_id: str) -> datetime | None:
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

    def _write(self, update: UpdateTypeDef, breaker: Breaker | None) -> None:
        with conflict_when_changed("the send or the breaker"):
            if breaker is None:
                self._client.update_item(**update)
            else:
                self._client.transact_write_items(
                    TransactItems=[{"Update": update}, {"Put": breaker_put(breaker, self._table)}]
                )


def _places(send_id: SendId) -> tuple[Key, Key]:
    return _own_row(send_id), _archive(send_id)


def _own_row(send_id: SendId) -> Key:
    return keys.enrollment(_enrollment_of(send_id))


def _archive(send_id: SendId) -> Key:
    """Where its run lies once a newer one took its place."""
    return keys.run(_enrollment_of(send_id), send_id.run)


def _enrollment_of(send_id: SendId) -> EnrollmentId:
    return EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key)


def _send_in(row: Item | None, send_id: SendId) -> Send | None:
    """What a row says of a send; None when it is another run's, or nobody claimed the send in it."""
    if row is None or int(row["run"]["N"]) != send_id.run:
        return None
    entry = row["sends"]["M"].get(send_id.step)
    return None if entry is None else read_send(entry["M"])


def _moved(send_id: SendId, known: Send, told: Send) -> Change:
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

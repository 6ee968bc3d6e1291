"""Sends that a restored table does not know, written back from SES's reports."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items.attributes import milliseconds, number, text
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.items.profile import mailed_text
from outreach.adapters.dynamodb.items.send import send_attribute
from outreach.adapters.dynamodb.journeys.enrollment_change import moved

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from outreach.domain.intake.customer import Customer
    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.domain.sending.send import SendId

KEPT_FOR = timedelta(days=35)
"""How long a report without a run is recorded: as long as reports are archived."""


class DynamoRestoredSends:
    """Implements the port RestoredSends."""

    def __init__(self, client: DynamoDBClient, table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def restore(self, enrollment: Enrollment, step: str, customer: Customer | None) -> None:
        """One transaction, for the run and for what the cap counts. Raises ConflictError."""
        send = enrollment.sends[step]
        change = moved(enrollment, self._shards)
        change.require(f"attribute_not_exists({change.path('sends', step)})")
        change.set(send_attribute(send), "sends", step)
        writes: list[TransactWriteItemTypeDef] = [
            {"Update": change.update(self._table, keys.enrollment(enrollment.id))}
        ]
        if customer is not None:
            mailed_at = tuple(sorted({*customer.mailed_at, send.at}))
            writes.append(
                {"Update": _with_place(customer, mailed_at).update(self._table, _profile(customer))}
            )
        with conflict_when_changed("the enrollment, or the customer,"):
            self._client.transact_write_items(TransactItems=writes)

    def note_unmatched(self, send_id: SendId, now: datetime) -> None:
        """By the id of the send: each is recorded once."""
        item = {
            **keys.unmatched_report(send_id),
            "send": text(send_id.encoded()),
            "at": number(milliseconds(now)),
            keys.EXPIRES: number(int((now + KEPT_FOR).timestamp())),
        }
        self._client.put_item(TableName=self._table, Item=item)


def _profile(customer: Customer) -> keys.Key:
    return keys.profile(customer.id)


def _with_place(customer: Customer, mailed_at: tuple[datetime, ...]) -> Change:
    """It counts as a claim: a sender that judged by the earlier row must judge anew."""
    change = Change()
    claims = change.path("claims")
    if customer.claims == 0:
        change.require(f"attribute_not_exists({claims})")
    else:
        change.require(f"{claims} = {change.value(number(customer.claims))}")
    change.set(number(customer.claims + 1), "claims")
    change.set(mailed_text(mailed_at), "mailed")
    return change

"""Stores all that one event changes, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.intake.address_link import relinked
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.items.event import UNEVALUATED, event_attributes, names
from outreach.adapters.dynamodb.items.order import order_attributes
from outreach.adapters.dynamodb.items.profile import profile_change
from outreach.adapters.dynamodb.journeys.enrollment_change import archived_row, new_row, saved
from outreach.adapters.dynamodb.journeys.trigger_properties import properties_row
from outreach.domain.errors import OutreachError
from outreach.domain.intake.event_effects import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from outreach.domain.intake.event import Event
    from outreach.domain.intake.event_effects import Intake
    from outreach.domain.intake.order import Order
    from outreach.domain.intake.repeats import StoredEvent
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId

MOST_CHANGES = 100
"""Actions in one DynamoDB transaction (AWS limit)."""


class TooManyChangesError(OutreachError):
    """One event changes more rows than one transaction can; nothing of it was stored."""


class DynamoIntakeStore:
    """Implements the port IntakeStore.

    botocore gives each transaction a token of its own and repeats it in its retries, so a lost answer does no
    harm.
    """

    def __init__(self, client: DynamoDBClient, table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def store(
        self, event: Event, intake: Intake, *, expires_at: datetime, known: StoredEvent | None = None
    ) -> None:
        """Store all or nothing. Raises ConflictError when any row changed since it was read.

        An event that was stored before is a conflict too, unless `known` is its record. Of an event that was
        not taken, nothing is stored. Raises TooManyChangesError beyond a hundred rows.
        """
        if intake.outcome is Outcome.ERASED:
            return
        replaced = {run.id: run for run in intake.archived}
        writes: list[TransactWriteItemTypeDef] = [
            self._event(event, intake, expires_at, known),
            self._profile(intake),
            *([] if intake.order is None else [self._order(event.customer.id, intake.order)]),
            *(self._enrollment(each, replaced.get(each.id)) for each in intake.changed),
            *(self._archived(run) for run in intake.archived),
            *(self._properties(run) for run in intake.changed if _begins(run, replaced)),
            *(
                []
                if intake.suppression_applied is None
                else relinked(intake.suppression_applied, intake.customer.id, self._table)
            ),
        ]
        if len(writes) > MOST_CHANGES:
            raise TooManyChangesError(
                f"event {event.name} changes {len(writes)} rows of one customer, and one transaction holds "
                f"{MOST_CHANGES}: let fewer campaigns, or an order with fewer product lines, share a trigger"
            )
        with conflict_when_changed("the customer, an order or an enrollment"):
            self._client.transact_write_items(TransactItems=writes)

    def _event(
        self, event: Event, intake: Intake, expires_at: datetime, known: StoredEvent | None
    ) -> TransactWriteItemTypeDef:
        attributes = event_attributes(event, expires_at, intake.unevaluated)
        item = {**keys.event(event.customer.id, event.id), **attributes}
        change = Change()
        if known is None:
            change.require(f"attribute_not_exists({change.path(keys.PARTITION)})")
        else:
            before = change.value(names(known.unevaluated))
            change.require(f"{change.path(UNEVALUATED)} = {before}")
        return {"Put": change.put(self._table, item)}

    def _profile(self, intake: Intake) -> TransactWriteItemTypeDef:
        change = profile_change(intake.customer, suppression_applied=intake.suppression_applied is not None)
        return {"Update": change.update(self._table, keys.profile(intake.customer.id))}

    def _order(self, customer_id: str, order: Order) -> TransactWriteItemTypeDef:
        change = Change()
        change.require_version(order.version)
        item = {**keys.order(customer_id, order.id), **order_attributes(order)}
        return {"Put": change.put(self._table, item)}

    def _enrollment(self, enrollment: Enrollment, replaced: Enrollment | None) -> TransactWriteItemTypeDef:
        key = keys.enrollment(enrollment.id)
        if enrollment.version == 0:
            change = Change()
            change.require_version(0)
            return {"Put": change.put(self._table, new_row(enrollment, key, self._shards))}
        change = saved(enrollment, self._shards, replaces=replaced)
        return {"Update": change.update(self._table, key)}

    def _properties(self, run: Enrollment) -> TransactWriteItemTypeDef:
        return {"Put": {"TableName": self._table, "Item": properties_row(run)}}

    def _archived(self, run: Enrollment) -> TransactWriteItemTypeDef:
        key = keys.run(run.id, run.run)
        return {"Put": {"TableName": self._table, "Item": archived_row(run, key)}}


def _begins(run: Enrollment, replaced: Mapping[EnrollmentId, Enrollment]) -> bool:
    """Whether the run begins with this event and has properties that lie apart."""
    return run.trigger.properties_apart and (run.version == 0 or run.id in replaced)

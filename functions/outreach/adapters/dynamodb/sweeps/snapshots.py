"""Enrollments with their customers and orders, in as few requests as DynamoDB allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.batch_get import batch_get, name_of
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.adapters.dynamodb.items.order import read_order
from outreach.adapters.dynamodb.items.profile import read_profile
from outreach.adapters.dynamodb.journeys.trigger_properties import properties_key, with_properties
from outreach.domain.errors import UnknownEnrollmentError
from outreach.ports.sweeps import EnrollmentSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.batch_get import Name
    from outreach.adapters.dynamodb.items.attributes import Item
    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId


class DynamoSnapshotReader:
    """Keeps the port SnapshotReader. Reads are consistent: a claim that rests on an old row is lost."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def read(
        self, enrollment_id: EnrollmentId, *, order_id: str | None = None, properties_of: int | None = None
    ) -> EnrollmentSnapshot:
        """One enrollment, in one request if the expectations are right. Raises UnknownEnrollmentError."""
        wanted = [keys.enrollment(enrollment_id), keys.profile(enrollment_id.customer_id)]
        if order_id is not None:
            wanted.append(keys.order(enrollment_id.customer_id, order_id))
        if properties_of is not None:
            wanted.append(keys.properties(enrollment_id, properties_of))
        rows = batch_get(self._client, self._table, wanted)
        row = rows.get(name_of(wanted[0]))
        if row is None:
            raise UnknownEnrollmentError(f"no such enrollment in campaign {enrollment_id.campaign}")
        enrollment = read_enrollment(enrollment_id, row)
        left = [key for key in _more_keys([enrollment]) if name_of(key) not in map(name_of, wanted)]
        rows |= batch_get(self._client, self._table, left)
        return _snapshot(enrollment, rows)

    def read_all(self, enrollment_ids: Sequence[EnrollmentId]) -> tuple[EnrollmentSnapshot, ...]:
        """In the order asked for; enrollments that are not there are left out."""
        wanted = [keys.enrollment(each) for each in enrollment_ids]
        wanted += [keys.profile(each.customer_id) for each in enrollment_ids]
        rows = batch_get(self._client, self._table, wanted)
        enrollments = [
            read_enrollment(each, rows[name])
            for each in enrollment_ids
            if (name := name_of(keys.enrollment(each))) in rows
        ]
        rows |= batch_get(self._client, self._table, _more_keys(enrollments))
        return tuple(_snapshot(enrollment, rows) for enrollment in enrollments)


def _more_keys(enrollments: Iterable[Enrollment]) -> Iterable[Key]:
    """Of their orders, and of properties that lie apart."""
    for enrollment in enrollments:
        if enrollment.trigger.properties_apart:
            yield properties_key(enrollment)
        if enrollment.trigger.order_id is not None:
            yield keys.order(enrollment.id.customer_id, enrollment.trigger.order_id)


def _snapshot(enrollment: Enrollment, rows: Mapping[Name, Item]) -> EnrollmentSnapshot:
    customer_id, order_id = enrollment.id.customer_id, enrollment.trigger.order_id
    profile = rows.get(name_of(keys.profile(customer_id)), {})
    order = None if order_id is None else rows.get(name_of(keys.order(customer_id, order_id)))
    properties = rows.get(name_of(properties_key(enrollment)))
    return EnrollmentSnapshot(
        with_properties(enrollment, properties),
        read_profile(customer_id, profile),
        None if order_id is None or order is None else read_order(order_id, order),
    )

"""Many enrollments with their customers and orders, in as few requests as DynamoDB allows."""

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.enrollment_item import read_enrollment
from outreach.adapters.dynamodb.order_item import read_order
from outreach.adapters.dynamodb.profile_item import read_profile
from outreach.ports import Party

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.attributes import Item
    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.enrollment import Enrollment, EnrollmentId

_AT_ONCE = 100
"""Items in one BatchGetItem (AWS quota)."""

type _Name = tuple[str, str]


class DynamoParties:
    """Keeps the port Parties. Reads are consistent: a claim that rests on an old row is a claim lost."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def together(self, enrollment_ids: "Sequence[EnrollmentId]") -> tuple[Party, ...]:
        """In the order asked for; enrollments that are not there are left out."""
        wanted = [keys.enrollment(each) for each in enrollment_ids]
        wanted += [keys.profile(each.customer_id) for each in enrollment_ids]
        rows = self._rows(wanted)
        enrollments = [
            read_enrollment(each, rows[name])
            for each in enrollment_ids
            if (name := _name(keys.enrollment(each))) in rows
        ]
        rows |= self._rows(_order_keys(enrollments))
        return tuple(_party(enrollment, rows) for enrollment in enrollments)

    def _rows(self, wanted: "Iterable[Key]") -> "dict[_Name, Item]":
        """What of it is there. DynamoDB may leave some for another request; they are asked for again."""
        asked = list({_name(key): key for key in wanted}.values())
        rows: dict[_Name, Item] = {}
        while asked:
            now, asked = asked[:_AT_ONCE], asked[_AT_ONCE:]
            answer = self._client.batch_get_item(
                RequestItems={self._table: {"Keys": now, "ConsistentRead": True}}
            )
            for row in answer["Responses"].get(self._table, []):
                rows[_name(row)] = row
            left = answer["UnprocessedKeys"].get(self._table)
            asked += [] if left is None else left["Keys"]
        return rows


def _order_keys(enrollments: "Iterable[Enrollment]") -> "Iterable[Key]":
    for enrollment in enrollments:
        if enrollment.trigger.order_id is not None:
            yield keys.order(enrollment.id.customer_id, enrollment.trigger.order_id)


def _party(enrollment: "Enrollment", rows: "dict[_Name, Item]") -> Party:
    customer_id, order_id = enrollment.id.customer_id, enrollment.trigger.order_id
    profile = rows.get(_name(keys.profile(customer_id)), {})
    order = None if order_id is None else rows.get(_name(keys.order(customer_id, order_id)))
    return Party(
        enrollment,
        read_profile(customer_id, profile),
        None if order_id is None or order is None else read_order(order_id, order),
    )


def _name(item: "Item") -> _Name:
    return item[keys.PARTITION]["S"], item[keys.SORT]["S"]

"""The properties of the event that began a run, in a row of their own where they are large.

They are written once, in the transaction that stores the event, and deleted when the customer is erased.
"""

from __future__ import annotations

from dataclasses import replace
from json import JSONEncoder, loads
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Attribute, Item
    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.journeys.enrollment import Enrollment

_PROPERTIES = "facts"
_compact = JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def properties_key(enrollment: Enrollment) -> Key:
    """The key of its row."""
    return keys.properties(enrollment.id, enrollment.run)


def properties_row(enrollment: Enrollment) -> dict[str, Attribute]:
    """The whole row."""
    return {**properties_key(enrollment), _PROPERTIES: text(_compact(dict(enrollment.trigger.properties)))}


def lacks_properties(enrollment: Enrollment) -> bool:
    """Whether its properties lie apart and were not read."""
    return enrollment.trigger.properties_apart and not enrollment.trigger.properties


def with_properties(enrollment: Enrollment, row: Item | None) -> Enrollment:
    """With what its row holds; without the row, which an erasure deletes first, it has none."""
    if row is None or not lacks_properties(enrollment):
        return enrollment
    trigger = replace(enrollment.trigger, properties=loads(row[_PROPERTIES]["S"]))
    return replace(enrollment, trigger=trigger)


def completed(client: DynamoDBClient, table: str, enrollment: Enrollment) -> Enrollment:
    """With its properties: one more request, only where they lie apart."""
    if not lacks_properties(enrollment):
        return enrollment
    answer = client.get_item(TableName=table, Key=properties_key(enrollment), ConsistentRead=True)
    return with_properties(enrollment, answer.get("Item"))

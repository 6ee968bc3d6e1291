"""Where events that were taken in are found: in a file of events, or in the rows of a stack's table."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.adapters.dynamodb.items.profile import read_profile
from outreach.adapters.dynamodb.journeys.trigger_properties import properties_key, with_properties
from outreach.domain.errors import OutreachError
from outreach_tools.facts.guess import Seen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_RUNS = (keys.ENROLLMENTS, keys.RUNS)


class UnreadableEventsError(OutreachError):
    """The file does not hold events."""


def seen_in_text(text: str) -> Seen:
    """Of JSON: a list of events, or one on each line, each as EventBridge delivers or takes it.

    Raises UnreadableEventsError with the number of the event.
    """
    seen = Seen()
    for number, event in enumerate(_documents(text), 1):
        name, detail = _event(event, number)
        customer = detail.get("customer")
        attributes = customer.get("attributes") if isinstance(customer, Mapping) else None
        if isinstance(attributes, Mapping) and attributes:
            seen.customers.append(dict(attributes))
        properties = detail.get("properties")
        seen.event(name, dict(properties) if isinstance(properties, Mapping) else {})
    return seen


def _documents(text: str) -> list[Any]:
    try:
        whole = json.loads(text)
    except ValueError:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise UnreadableEventsError(
                "the file is no JSON: write a list of events, or one a line"
            ) from None
    return whole if isinstance(whole, list) else [whole]


def _event(event: Any, number: int) -> tuple[str, Mapping[str, Any]]:
    entry = event if isinstance(event, Mapping) else {}
    name = entry.get("detail-type") or entry.get("DetailType")
    detail = entry.get("detail", entry.get("Detail"))
    if isinstance(detail, str):
        try:
            detail = json.loads(detail)
        except ValueError:
            detail = None
    if not isinstance(name, str) or not isinstance(detail, Mapping):
        raise UnreadableEventsError(
            f'event {number} has no name and detail: write {{"detail-type": ..., "detail": {{...}}}}, '
            "as EventBridge delivers it"
        )
    return name, detail


def seen_in_table(client: "DynamoDBClient", table: str, most: int) -> Seen:
    """Of customers' profiles, and of the events that began runs; `most` rows are read."""
    rows = {
        (row[keys.PARTITION]["S"], row[keys.SORT]["S"]): row for row in islice(_rows(client, table), most)
    }
    seen, events = Seen(), set()
    for (partition, sort), row in rows.items():
        if sort == keys.PROFILE:
            profile = read_profile(partition.removeprefix(keys.CUSTOMERS), row).profile
            if profile.attributes:
                seen.customers.append(profile.attributes)
        elif sort.startswith(_RUNS):
            run = read_enrollment(keys.enrollment_id(row), row)
            run = with_properties(run, rows.get((partition, properties_key(run)[keys.SORT]["S"])))
            trigger = run.trigger
            if (partition, trigger.event_id) not in events and (
                trigger.properties or not trigger.properties_apart
            ):
                events.add((partition, trigger.event_id))
                seen.event(trigger.name, trigger.properties)
    return seen


def _rows(client: "DynamoDBClient", table: str) -> Iterator[Any]:
    """In the order of the partitions: all rows of a customer lie together."""
    for page in client.get_paginator("scan").paginate(TableName=table):
        for row in page["Items"]:
            sort = row[keys.SORT]["S"]
            if sort == keys.PROFILE or sort.startswith((*_RUNS, keys.FACTS)):
                yield row

"""Rows of an earlier time come back; rows of the stack and operators' decisions stay as today."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from adapters.dynamodb.conftest import SHARDS
from adapters.table import create_table
from builders import NOW, a_customer, an_enrollment, an_event
from outreach.adapters.dynamodb import DynamoTable
from outreach.domain.feedback.suppression import AddressStatus
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.intake.event_effects import Intake, Outcome
from outreach.domain.journeys.enrollment import EnrollmentStatus
from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS, with_stop
from outreach_tools.operations.restoring.copy_back import RESTORED, Copied, CopyBack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LATER = NOW + timedelta(hours=5)
ADDRESS = "a" * 64


@pytest.fixture
def source(dynamodb: "DynamoDBClient") -> Iterator[str]:
    create_table(dynamodb, "rows-of-that-time")
    yield "rows-of-that-time"
    dynamodb.delete_table(TableName="rows-of-that-time")


def _rows(client: "DynamoDBClient", table: str) -> dict[tuple[str, str], Any]:
    pages = client.get_paginator("scan").paginate(TableName=table)
    return {(row["PK"]["S"], row["SK"]["S"]): row for page in pages for row in page["Items"]}


def _unmarked(rows: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    return {
        key: {name: value for name, value in row.items() if name != RESTORED} for key, row in rows.items()
    }


def _both(client: "DynamoDBClient", *tables: str) -> list[DynamoTable]:
    return [DynamoTable(client, name, shards=SHARDS) for name in tables]


def _know(table: DynamoTable, number: int) -> None:
    """A customer with an event and a run."""
    customer = a_customer(f"c-{number}")
    event = an_event(id=f"evt-{number}", customer_id=customer.id)
    run = an_enrollment(customer_id=customer.id)
    table.intake.store(event, Intake(Outcome.TAKEN, customer, changed=(run,)), expires_at=LATER)


def test_rows_that_differ_come_back_and_new_ones_go(
    dynamodb: "DynamoDBClient", table: str, source: str
) -> None:
    now, then = _both(dynamodb, table, source)
    for number in range(3):
        _know(then, number)
    for number in (0, 1, 5):
        _know(now, number)
    changed = now.enrollments.get(an_enrollment(customer_id="c-1").id)
    now.enrollments.save(changed.ended(EnrollmentStatus.FINISHED, "completed", LATER))

    copied = CopyBack(client=dynamodb, source=source, target=table)()

    assert _unmarked(_rows(dynamodb, table)) == _rows(dynamodb, source)
    assert copied == Copied(written=4, deleted=3, left=5)
    marked = {key[0] for key, row in _rows(dynamodb, table).items() if RESTORED in row}
    assert marked == {"CUSTOMER#c-1", "CUSTOMER#c-2"}, "the runs that need an execution"


def test_copying_again_changes_nothing(dynamodb: "DynamoDBClient", table: str, source: str) -> None:
    _, then = _both(dynamodb, table, source)
    for number in range(30):  # more than one write of 25
        _know(then, number)
    copy = CopyBack(client=dynamodb, source=source, target=table)
    copy()
    once = _rows(dynamodb, table)

    again = copy()

    assert (again.written, again.deleted) == (0, 0)
    assert _rows(dynamodb, table) == once


@pytest.mark.parametrize(
    "partition", ["HOUSE", "FEEDBACK", "PUBLISHED", "SWEEPS", "DROPPED", "FORMAT", "CAMPAIGN#news"]
)
def test_rows_of_the_stack_stay_as_they_are_today(
    dynamodb: "DynamoDBClient", table: str, source: str, partition: str
) -> None:
    for name, word in ((table, "today"), (source, "then")):
        for sort in ("SENDING", word):
            dynamodb.put_item(
                TableName=name, Item={"PK": {"S": partition}, "SK": {"S": sort}, "facts": {"S": word}}
            )

    CopyBack(client=dynamodb, source=source, target=table)()

    rows = _rows(dynamodb, table)
    assert rows[partition, "SENDING"]["facts"]["S"] == "today"
    assert (partition, "today") in rows
    assert ((partition, "then") in rows) is (partition != "HOUSE"), "an old pause must not come back"


def test_a_stop_of_an_operator_outlives_a_restore(
    dynamodb: "DynamoDBClient", table: str, source: str
) -> None:
    now, then = _both(dynamodb, table, source)
    for each in (now, then):
        _know(each, 1)
    ana = now.customers.customer("c-1")
    now.customers.save_stops(replace(ana, stops=with_stop({}, ALL_CAMPAIGNS, by="support", at=LATER)))

    CopyBack(client=dynamodb, source=source, target=table)()

    assert now.customers.customer("c-1").is_stopped("onboarding")


@pytest.mark.parametrize(
    ("source_of_mark", "is_kept"), [("support", True), ("feedback", False)], ids=["operator", "report"]
)
def test_a_suppression_by_an_operator_outlives_a_restore(
    dynamodb: "DynamoDBClient", table: str, source: str, source_of_mark: str, is_kept: bool
) -> None:
    """One by a report comes back with the report."""
    now, then = _both(dynamodb, table, source)
    known = then.addresses.known(ADDRESS)
    reported = known.reported(AddressStatus().soft_bounced("ses-1", NOW))
    then.addresses.save(reported)
    now.addresses.save(
        known.reported(reported.status.marked(SuppressionReason.MANUAL, LATER, source_of_mark))
    )

    CopyBack(client=dynamodb, source=source, target=table)()

    restored = now.addresses.known(ADDRESS)
    assert (restored.status.reason is SuppressionReason.MANUAL) is is_kept
    assert restored.status.soft == {"ses-1": NOW}
    assert restored.version > 0


def test_a_lifted_suppression_stays_lifted(dynamodb: "DynamoDBClient", table: str, source: str) -> None:
    now, then = _both(dynamodb, table, source)
    bounced = AddressStatus().marked(SuppressionReason.HARD_BOUNCE, NOW, "feedback")
    then.addresses.save(then.addresses.known(ADDRESS).reported(bounced))
    now.addresses.save(now.addresses.known(ADDRESS).reported(bounced.lifted(LATER)))

    CopyBack(client=dynamodb, source=source, target=table)()

    assert now.addresses.known(ADDRESS).status.reason is None

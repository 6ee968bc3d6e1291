"""Every row that 0.1.0 wrote is read by the adapters of today."""

from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from adapters.function_clients import function_client
from adapters.table import create_table
from outreach.adapters.dynamodb import DynamoTable, keys
from outreach.adapters.dynamodb.items.rate_limiter import read_rate_limiter
from outreach.adapters.dynamodb.secrets import DynamoSecrets
from outreach.adapters.dynamodb.sending.sending_state import DynamoSendingState
from outreach.adapters.system_clock import SystemClock
from outreach.domain.feedback.report import ReportSource
from upgrade.dump import SHARDS, items, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "of-0.1.0"


@pytest.fixture(scope="module")
def dynamodb() -> "Iterator[DynamoDBClient]":
    with mock_aws():
        client = function_client("dynamodb")
        create_table(client, TABLE)
        load(client, TABLE)
        yield client


def partitions(kind: str, sort: str) -> list[tuple[str, str]]:
    """The ids of the rows of one kind: of the partition, and behind the first word of the sort key."""
    found = []
    for item in items():
        partition, row = item["PK"]["S"].split("#", 1), item["SK"]["S"].split("#", 1)
        if (partition[0], row[0]) == (kind, sort):
            found.append((partition[-1], row[-1]))
    return found


def test_the_dump_holds_the_kinds_of_rows_that_the_tests_below_read() -> None:
    kinds = {(item["PK"]["S"].split("#")[0], item["SK"]["S"].split("#")[0]) for item in items()}

    assert kinds == {
        ("CUSTOMER", "PROFILE"),
        ("CUSTOMER", "ORDER"),
        ("CUSTOMER", "EVENT"),
        ("CUSTOMER", "ENROLLMENT"),
        ("ADDRESS", "CUSTOMER"),
        ("FEEDBACK", "WATERMARK"),
        ("HOUSE", "BREAKER"),
        ("HOUSE", "PACER"),
        ("HOUSE", "SWEPT"),
        ("SECRET", "SECRET"),
    }


def test_every_customer_order_event_and_enrollment_is_read(dynamodb: "DynamoDBClient") -> None:
    table = DynamoTable(dynamodb, TABLE, shards=SHARDS)
    customers = [customer for customer, _ in partitions("CUSTOMER", "PROFILE")]
    orders, events = partitions("CUSTOMER", "ORDER"), partitions("CUSTOMER", "EVENT")
    enrollments = [
        each for customer in customers for each in table.enrollments.of_customer(customer).values()
    ]

    assert all(table.customers.customer(each).profile.email is not None for each in customers)
    assert all(table.customers.order(*each) is not None for each in orders)
    assert all(table.customers.stored_event(*each) is not None for each in events)
    assert len(enrollments) == len(partitions("CUSTOMER", "ENROLLMENT"))
    assert sum(len(each.sends) for each in enrollments) == 113
    assert (len(customers), len(orders), len(events)) == (24, 27, 120)
    assert (
        len(table.enrollments.due("win-back", 0, table.customers.customer("c-0010").as_of["email"], 1)) == 0
    )


def test_every_row_that_holds_for_the_whole_stack_is_read(dynamodb: "DynamoDBClient") -> None:
    secrets = DynamoSecrets(dynamodb, TABLE)
    table = DynamoTable(
        dynamodb, TABLE, shards=SHARDS, address_secret=lambda: secrets.get("addresses") or b""
    )
    sending = DynamoSendingState(dynamodb, TABLE, clock=SystemClock()).sending()
    rate_limiter = dynamodb.get_item(TableName=TABLE, Key=keys.sending_state("PACER"))["Item"]
    address = table.customers.customer("c-0010").profile.email

    assert (sending.all_paused, sending.marketing_paused, sending.outage) == (False, False, None)
    assert sum(block.sends for block in sending.breaker.blocks) == 111
    assert read_rate_limiter(rate_limiter).limits is not None
    assert table.swept_campaigns.swept_campaigns() == {"win-back"}
    assert set(table.feedback_marks.health().marks) == {ReportSource.EVENTBRIDGE}
    assert all(secrets.get(name) for name, _ in partitions("SECRET", "SECRET"))
    assert address is not None
    assert table.addresses.customers(table.addresses.id_of(address)) == ("c-0010",)

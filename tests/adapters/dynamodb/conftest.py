"""Every port that stores, twice: the fake, and the adapters on moto. Contract tests run on both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from adapters.function_clients import function_client
from adapters.table import create_table
from builders import NOW, an_event
from fake_table import FakeTable
from outreach.adapters.dynamodb import DynamoTable
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.event_effects import Intake, Outcome
from outreach.domain.intake.order import Order
from outreach.domain.journeys.enrollment import Enrollment
from outreach.ports.feedback import DeliveryLedger, SurveyAnswers
from outreach.ports.intake import ErasableRecords, IntakeStore
from outreach.ports.journeys import Enrollments
from outreach.ports.operations import CustomerRecords, RestoredSends
from outreach.ports.sending import BulkLedger
from outreach.ports.sweeps import DueShards, PageLog, SnapshotReader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.intake.customers import DynamoCustomers
    from outreach.adapters.dynamodb.sending.ledger import DynamoLedger

SHARDS = 4
_numbers = count(1)


@dataclass
class Memory:
    """The ports over one set of rows, and writes of the product's other parts."""

    customers: "FakeTable | DynamoCustomers"
    enrollments: Enrollments
    intake: IntakeStore
    ledger: "FakeTable | DynamoLedger"
    due_shards: DueShards
    snapshots: SnapshotReader
    bulk_ledger: BulkLedger
    page_log: PageLog
    erasable_records: ErasableRecords
    answers: SurveyAnswers
    records: CustomerRecords
    restored_sends: RestoredSends
    deliveries: DeliveryLedger
    fake: FakeTable | None = None
    client: "DynamoDBClient | None" = None
    table: str = ""

    def take_in(self, customer: Customer, order: Order | None = None, **changes: Any) -> None:
        """As an event of its own would: any order and any enrollments with it."""
        event = an_event(id=f"known-{next(_numbers)}", customer_id=customer.id)
        intake = Intake(Outcome.TAKEN, customer, order, **changes)
        self.intake.store(event, intake, expires_at=NOW + timedelta(days=400))

    def know(self, customer: Customer) -> Customer:
        """Store a customer with the topics and the suppression they have; returns what is stored."""
        self.take_in(customer)
        if self.fake is not None:
            stored = self.fake.customers[customer.id]
            self.fake.know(replace(stored, topics_off=customer.topics_off, suppression=customer.suppression))
        if self.client is not None:
            key = {"PK": {"S": f"CUSTOMER#{customer.id}"}, "SK": {"S": "PROFILE"}}
            row = self.client.get_item(TableName=self.table, Key=key)["Item"]
            if customer.topics_off:
                row["topics_off"] = {"SS": sorted(customer.topics_off)}
            if customer.suppression is not None:
                row["suppressed"] = {"S": customer.suppression}
            self.client.put_item(TableName=self.table, Item=row)
        return self.customers.customer(customer.id)

    def save(self, enrollment: Enrollment) -> Enrollment:
        return self.enrollments.save(enrollment)


@pytest.fixture(scope="module")
def dynamodb() -> "Iterator[DynamoDBClient]":
    """One moto for all tests of a file; each test has a table of its own."""
    with mock_aws():
        yield function_client("dynamodb")


@pytest.fixture
def table(dynamodb: "DynamoDBClient") -> Iterator[str]:
    with a_table(dynamodb) as name:
        yield name


@pytest.fixture
def stored(dynamodb: "DynamoDBClient", table: str) -> Memory:
    """The adapters on moto."""
    return in_table(dynamodb, table)


@contextmanager
def a_table(client: "DynamoDBClient") -> Iterator[str]:
    """A table without a row, for as long as it is needed: moto slows down with every row it holds."""
    name = f"table-{next(_numbers)}"
    create_table(client, name)
    yield name
    client.delete_table(TableName=name)


def in_table(client: "DynamoDBClient", name: str) -> Memory:
    real = DynamoTable(client, name, shards=SHARDS)
    ports = real.customers, real.enrollments, real.intake, real.ledger, real.due_shards
    for_pages = real.snapshots, real.bulk_ledger, real.page_log, real.erasable_records, real.survey_answers
    for_people = real.customer_records, real.restored_sends, real.delivery_ledger
    return Memory(*ports, *for_pages, *for_people, client=client, table=name)


def in_memory() -> Memory:
    fake = FakeTable(shards=SHARDS)
    others = {"answers": fake, "records": fake.records, "restored_sends": fake, "deliveries": fake}
    return Memory(*(fake,) * 8, erasable_records=fake.erasable_records, **others, fake=fake)


@pytest.fixture(params=["fake", "dynamodb"])
def memory(request: pytest.FixtureRequest) -> Memory:
    if request.param == "fake":
        return in_memory()
    real: Memory = request.getfixturevalue("stored")
    return real

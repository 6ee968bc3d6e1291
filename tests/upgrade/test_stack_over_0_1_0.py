"""A stack of today over the table of 0.1.0: what that release began goes on, and what it sent is known."""

import json
from collections.abc import Iterator

import pytest

from handlers.functions import sample
from local_cloud import LocalCloud
from outreach.adapters.dynamodb import DynamoTable
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.sending.send import SendId, SendStatus
from upgrade.dump import SHARDS, load, upgraded

LESSON = SendId("c-0010", "tutorial", "espresso", 1, "espresso-1-first-shot")


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    """A stack of today with the table; each test below is about one customer."""
    with upgraded() as running:
        load(running.client("dynamodb"), running.outputs["TableName"])
        yield running


def table_of(cloud: LocalCloud) -> DynamoTable:
    return DynamoTable(cloud.client("dynamodb"), cloud.outputs["TableName"], shards=SHARDS)


def test_a_run_under_a_plain_key_is_found_and_not_begun_a_second_time(cloud: LocalCloud) -> None:
    begun = EnrollmentId("c-0010", "tutorial", "espresso")
    before = table_of(cloud).enrollments.get(begun)

    item = {"sku": "e-2", "name": "Grinder", "quantity": 1, "product_line": "espresso", "price": "20.00"}
    order = {"id": "c-0010-o9", "placed_at": cloud.now.isoformat(), "currency": "EUR", "items": [item]}
    event = {"occurred_at": cloud.now.isoformat(), "customer": {"id": "c-0010"}}
    cloud.emit("order.placed", {**event, "event_id": "c-0010-o9-placed", "order": order})
    cloud.emit("order.delivered", {**event, "event_id": "c-0010-o9-2", "order": {"id": "c-0010-o9"}})

    lessons = [
        each for each in table_of(cloud).enrollments.of_customer("c-0010") if each.campaign == "tutorial"
    ]
    assert cloud.refused == ()
    assert len(table_of(cloud).customers.orders_of("c-0010")) == 2
    assert lessons == [begun]
    assert table_of(cloud).enrollments.get(begun).run == before.run


def test_a_report_of_a_message_that_0_1_0_sent_is_taken_in(cloud: LocalCloud) -> None:
    ledger = table_of(cloud).delivery_ledger
    report = sample("ses/eventbridge/email-complaint-received")
    report["detail"]["mail"] |= {
        "messageId": "010022004c1252cd-4bcbebea-3ab6-4981-89f0-dd6c660b988b-000000",
        "destination": ["customer-0010@example.com"],
        "tags": {
            "customer": ["Yy0wMDEw"],
            "campaign": ["tutorial"],
            "key": ["ZXNwcmVzc28"],
            "run": ["1"],
            "step": ["espresso-1-first-shot"],
            "message": ["espresso-1-first-shot"],
            "class": ["marketing"],
            "ses:configuration-set": [cloud.outputs["ConfigurationSetName"]],
        },
    }
    report["detail"]["complaint"]["complainedRecipients"] = [{"emailAddress": "customer-0010@example.com"}]
    assert ledger.sent(LESSON).status is SendStatus.DELIVERED

    cloud.client("sqs").send_message(
        QueueUrl=cloud.outputs["FeedbackQueueUrl"], MessageBody=json.dumps(report)
    )
    cloud.advance(minutes=1)

    assert ledger.sent(LESSON).status is SendStatus.COMPLAINED
    assert table_of(cloud).customers.customer("c-0010").suppression is SuppressionReason.COMPLAINT
    assert cloud.refused == ()


def test_a_deletion_leaves_nothing_of_a_customer_but_that_they_were_deleted(cloud: LocalCloud) -> None:
    event = {"event_id": "c-0175-gone", "occurred_at": cloud.now.isoformat(), "customer": {"id": "c-0175"}}

    cloud.emit("customer.deleted", event)
    cloud.settle()

    table = table_of(cloud)
    rows = cloud.client("dynamodb").query(
        TableName=cloud.outputs["TableName"],
        KeyConditionExpression="PK = :customer",
        ExpressionAttributeValues={":customer": {"S": "CUSTOMER#c-0175"}},
    )["Items"]
    kinds = {row["SK"]["S"].split("#")[0] for row in rows}
    assert table.customers.customer("c-0175").profile.email is None
    assert not {kind for kind in kinds if kind in {"ORDER", "RUN"}}
    assert "espresso" not in json.dumps(rows)
    assert "oven" not in json.dumps([row["SK"] for row in rows])

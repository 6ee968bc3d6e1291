"""The reconciler on the whole stack: what failed is restarted, and what is stuck is reported."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local_cloud import LocalCloud
from proof.project import project

START = "2026-03-02T04:00:00Z"
LONGEST_RETRIES = 12
"""Hours that the machine tries one state, at most."""


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with (
        project() as folder,
        LocalCloud(START, project=folder, parameters={"SweepSchedule": "rate(300 days)"}) as cloud,
    ):
        yield cloud


def happens(
    cloud: LocalCloud, name: str, more: dict[str, Any] | None = None, customer_id: str = "c-ana"
) -> None:
    now = cloud.now.isoformat()
    consent = {"marketing": True, "at": now}
    customer = {"id": customer_id, "email": f"{customer_id}@example.com", "consent": consent}
    if name == "customer.deleted":
        customer = {"id": customer_id}
    cloud.emit(name, {"event_id": name, "occurred_at": now, "customer": customer} | (more or {}))


def reports(cloud: LocalCloud) -> list[dict[str, Any]]:
    """What each run of the reconciler found and did."""
    lines = [json.loads(line.text) for line in cloud.logs if line.function == "ReconcilerFunction"]
    return [line["facts"] for line in lines if line.get("message") == "watched"]


def place(cloud: LocalCloud, step: str, customer_id: str = "c-ana") -> None:
    """Put a journey at a step. At one that its campaign lacks it cannot be advanced."""
    table, key = cloud.outputs["TableName"], f"ENROLLMENT#progress#o-{customer_id}"
    cloud.client("dynamodb").update_item(
        TableName=table,
        Key={"PK": {"S": f"CUSTOMER#{customer_id}"}, "SK": {"S": key}},
        UpdateExpression="SET step = :step",
        ExpressionAttributeValues={":step": {"S": step}},
    )


def fail(cloud: LocalCloud, *customer_ids: str) -> None:
    """Journeys that cannot be advanced from where they wait, before an event wakes them."""
    for customer_id in customer_ids:
        order(cloud, "order.placed", customer_id)
    cloud.advance(minutes=1)
    for customer_id in customer_ids:
        place(cloud, "nowhere", customer_id)


def journeys(cloud: LocalCloud) -> list[str]:
    return [execution.status for execution in cloud.executions("JourneyStateMachine")]


def test_a_journey_that_failed_is_restarted_by_the_reconciler(cloud: LocalCloud) -> None:
    fail(cloud, "c-ana")
    while "FAILED" not in journeys(cloud):
        cloud.advance(hours=1)
    place(cloud, "on-its-way")

    cloud.advance(hours=7)

    assert journeys(cloud) == ["FAILED", "SUCCEEDED"]
    assert messages(cloud) == ["placed", "on-its-way"]
    assert sum(report["journeys_begun_again"] for report in reports(cloud)) == 1
    assert reports(cloud)[-1]["stuck"] == 0
    assert reports(cloud)[-1]["overdue"] == {}


def test_the_retries_of_a_state_are_spread_over_hours(cloud: LocalCloud) -> None:
    """So an outage of a few hours ends no execution, and within an hour of its end all go on."""
    fail(cloud, "c-ana")
    cloud.advance(hours=5 + 2)
    assert journeys(cloud) == ["RUNNING"]

    place(cloud, "on-its-way")
    cloud.advance(hours=1)

    assert journeys(cloud) == ["SUCCEEDED"]
    assert messages(cloud) == ["placed", "on-its-way"]


def test_a_journey_that_fails_again_and_again_is_left_to_a_person(cloud: LocalCloud) -> None:
    fail(cloud, "c-ana")

    cloud.advance(hours=5 + 4 * (LONGEST_RETRIES + 6))

    assert journeys(cloud) == ["FAILED"] * 4
    assert reports(cloud)[-1]["stuck"] == 1
    metrics = [line.text for line in cloud.logs if '"Stuck"' in line.text]
    assert '"Stuck":[1.0]' in metrics[-1]
    cloud.advance(days=30)
    assert journeys(cloud) == ["FAILED"] * 4
    assert reports(cloud)[-1]["stuck"] == 1


def test_an_outage_of_days_uses_up_no_restart_and_all_go_on_when_it_ends(cloud: LocalCloud) -> None:
    customers = [f"c-{number}" for number in range(3)]
    fail(cloud, *customers)
    cloud.advance(days=6)
    assert journeys(cloud).count("FAILED") > 4 * len(customers)
    assert reports(cloud)[-1]["stuck"] == 0

    for customer_id in customers:
        place(cloud, "on-its-way", customer_id)
    cloud.advance(hours=1 + 1)

    assert journeys(cloud).count("SUCCEEDED") == len(customers)
    assert sorted(messages(cloud)) == ["on-its-way"] * 3 + ["placed"] * 3


def test_while_something_fails_the_reconciler_looks_every_hour_and_no_oftener_afterwards(
    cloud: LocalCloud,
) -> None:
    cloud.advance(hours=30)
    assert len(reports(cloud)) == 5, "every six hours"
    fail(cloud, "c-ana")
    while "FAILED" not in journeys(cloud):
        cloud.advance(hours=1)
    cloud.advance(hours=6)
    before = len(reports(cloud))
    assert reports(cloud)[-1]["journeys_failing"] == 1

    cloud.advance(hours=4)
    assert len(reports(cloud)) - before >= 4

    place(cloud, "on-its-way")
    cloud.advance(hours=3)
    before = len(reports(cloud))
    cloud.advance(hours=24)
    assert len(reports(cloud)) - before == 4
    assert "looks_again" not in reports(cloud)[-1]


def stop_journeys(cloud: LocalCloud) -> None:
    client = cloud.client("stepfunctions")
    machine = cloud.resource("JourneyStateMachine")
    for each in client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
        client.stop_execution(executionArn=each["executionArn"])


def order(cloud: LocalCloud, name: str, customer_id: str = "c-ana") -> None:
    happens(cloud, name, {"order": {"id": f"o-{customer_id}"}}, customer_id)


def messages(cloud: LocalCloud) -> list[str]:
    return [mail.headers["X-Outreach-Message"] for mail in cloud.outbox]


def test_a_journey_that_was_stopped_by_hand_is_restarted(cloud: LocalCloud) -> None:
    order(cloud, "order.placed")
    cloud.advance(minutes=1)
    stop_journeys(cloud)

    cloud.advance(hours=8)

    assert journeys(cloud) == ["ABORTED", "SUCCEEDED"]
    assert messages(cloud) == ["placed", "on-its-way"]


def test_a_journey_that_was_stopped_because_its_customer_left_is_not(cloud: LocalCloud) -> None:
    order(cloud, "order.placed")
    cloud.advance(minutes=1)
    happens(cloud, "customer.deleted")

    cloud.advance(hours=15)

    assert journeys(cloud) == ["ABORTED"]
    assert messages(cloud) == ["placed"]
    assert sum(report["journeys_begun_again"] for report in reports(cloud)) == 0


def test_what_no_sweep_can_advance_for_a_day_is_reported(cloud: LocalCloud) -> None:
    happens(cloud, "letter.wanted")
    cloud.client("dynamodb").update_item(
        TableName=cloud.outputs["TableName"],
        Key={"PK": {"S": "CUSTOMER#c-ana"}, "SK": {"S": "ENROLLMENT#letter#c-ana"}},
        UpdateExpression="SET facts = :broken",
        ExpressionAttributeValues={":broken": {"S": "{"}},
    )

    cloud.advance(hours=25)
    assert {report["stuck"] for report in reports(cloud)} == {0}

    cloud.advance(hours=8)
    assert reports(cloud)[-1]["stuck"] == 1

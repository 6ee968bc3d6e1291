"""The watch on the whole stack: what failed is begun again, and what nobody moves is told."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from outreach_tools.local import Fault, LocalCloud
from proof.project import project

START = "2026-03-02T04:00:00Z"
ATTEMPTS = 5
"""Of the machine, to advance: the first and four retries."""


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with (
        project() as folder,
        LocalCloud(START, project=folder, parameters={"SweepSchedule": "rate(300 days)"}) as cloud,
    ):
        yield cloud


def happens(cloud: LocalCloud, name: str, more: dict[str, Any] | None = None) -> None:
    now = cloud.now.isoformat()
    consent = {"marketing": True, "at": now}
    customer = {"id": "c-ana", "email": "ana@example.com", "consent": consent}
    if name == "customer.deleted":
        customer = {"id": "c-ana"}
    cloud.emit(name, {"event_id": name, "occurred_at": now, "customer": customer} | (more or {}))


def reports(cloud: LocalCloud) -> list[dict[str, Any]]:
    """What each run of the watch found and did."""
    lines = [json.loads(line.text) for line in cloud.logs if line.function == "WatchFunction"]
    return [line["facts"] for line in lines if line.get("message") == "watched"]


def die(cloud: LocalCloud, times: int) -> None:
    """So often, one process of the advancing function dies at its first call."""
    cloud.faults.extend(
        Fault(function="AdvanceEnrollmentFunction", call=number) for number in range(1, times + 1)
    )


def journeys(cloud: LocalCloud) -> list[str]:
    return [execution.status for execution in cloud.executions("JourneyStateMachine")]


def test_a_journey_that_failed_is_begun_again_by_the_watch(cloud: LocalCloud) -> None:
    die(cloud, ATTEMPTS)
    happens(cloud, "customer.signed_up")
    cloud.advance(hours=5)
    assert (journeys(cloud), list(cloud.outbox)) == (["FAILED"], [])

    cloud.advance(hours=8)

    assert journeys(cloud) == ["FAILED", "SUCCEEDED"]
    assert [mail.headers["X-Outreach-Message"] for mail in cloud.outbox] == ["hello"]
    assert sum(report["journeys_begun_again"] for report in reports(cloud)) == 1
    assert reports(cloud)[-1]["stuck"] == 0
    assert reports(cloud)[-1]["overdue"] == {}


def test_a_journey_that_fails_again_and_again_is_left_to_a_person(cloud: LocalCloud) -> None:
    die(cloud, 10 * ATTEMPTS)
    happens(cloud, "customer.signed_up")

    cloud.advance(days=2)

    assert journeys(cloud) == ["FAILED"] * 4
    assert reports(cloud)[-1]["stuck"] == 1
    metrics = [line.text for line in cloud.logs if '"Stuck"' in line.text]
    assert '"Stuck":[1.0]' in metrics[-1]


def stop_journeys(cloud: LocalCloud) -> None:
    client = cloud.client("stepfunctions")
    machine = cloud.resource("JourneyStateMachine")
    for each in client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
        client.stop_execution(executionArn=each["executionArn"])


def order(cloud: LocalCloud, name: str) -> None:
    happens(cloud, name, {"order": {"id": "o-1"}})


def messages(cloud: LocalCloud) -> list[str]:
    return [mail.headers["X-Outreach-Message"] for mail in cloud.outbox]


def test_a_journey_that_somebody_stopped_is_begun_again(cloud: LocalCloud) -> None:
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


def test_a_journey_that_is_left_to_a_person_is_told_for_as_long_as_it_is_remembered(
    cloud: LocalCloud,
) -> None:
    die(cloud, 10 * ATTEMPTS)
    happens(cloud, "customer.signed_up")

    cloud.advance(days=30)

    assert journeys(cloud) == ["FAILED"] * 4
    assert reports(cloud)[-1]["stuck"] == 1


def test_what_nobody_comes_to_for_a_day_is_told(cloud: LocalCloud) -> None:
    happens(cloud, "letter.wanted")

    cloud.advance(hours=25)
    assert {report["stuck"] for report in reports(cloud)} == {0}

    cloud.advance(hours=8)
    assert reports(cloud)[-1]["stuck"] == 1

"""`outreach journeys check`: an active enrollment without an execution is found, and restarted."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from local_cloud import LocalCloud

type Outreach = Callable[..., Result]


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    """Ana and Bo got the welcome, and wait for the next step."""
    parameters = {"ReconcilerSchedule": "rate(300 days)"}
    with LocalCloud(project=Path(__file__).parents[2], parameters=parameters) as running:
        for name in ("ana", "bo"):
            now = running.now.isoformat()
            customer = {"id": f"c-{name}", "email": f"{name}@test.example"}
            customer["consent"] = {"marketing": True, "at": now}
            event = {"event_id": f"e-{name}", "occurred_at": now, "customer": customer}
            running.emit("customer.signed_up", event)
        running.advance(minutes=20)
        yield running


def stop(cloud: LocalCloud, customer_id: str) -> None:
    """The execution is stopped by hand."""
    client = cloud.client("stepfunctions")
    machine = cloud.resource("JourneyStateMachine")
    for each in client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
        told = client.describe_execution(executionArn=each["executionArn"])
        if json.loads(told["input"])["customer_id"] == customer_id:
            client.stop_execution(executionArn=each["executionArn"])


def test_while_every_journey_has_an_execution_there_is_nothing_to_report(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    assert (
        outreach("journeys", "check", stack=cloud).stdout == "every active journey has a running execution\n"
    )


def test_one_without_an_execution_is_reported(outreach: Outreach, cloud: LocalCloud) -> None:
    stop(cloud, "c-bo")

    told = json.loads(outreach("journeys", "check", "--json", stack=cloud).stdout)

    assert [(each["customer"], each["campaign"], each["outcome"]) for each in told] == [
        ("c-bo", "onboarding", "not carried")
    ]
    assert told[0]["step"] == "wait-1d"


def test_one_that_left_needs_nothing_to_carry_it(outreach: Outreach, cloud: LocalCloud) -> None:
    now = cloud.now.isoformat()
    cloud.emit("customer.deleted", {"event_id": "e-9", "occurred_at": now, "customer": {"id": "c-bo"}})
    cloud.advance(minutes=1)

    assert (
        outreach("journeys", "check", stack=cloud).stdout == "every active journey has a running execution\n"
    )


def test_one_that_has_just_begun_is_given_time(outreach: Outreach, cloud: LocalCloud) -> None:
    now = cloud.now.isoformat()
    customer = {"id": "c-cy", "email": "cy@test.example", "consent": {"marketing": True, "at": now}}
    cloud.emit("customer.signed_up", {"event_id": "e-cy", "occurred_at": now, "customer": customer})
    cloud.advance(minutes=1)
    stop(cloud, "c-cy")

    assert (
        outreach("journeys", "check", stack=cloud).stdout == "every active journey has a running execution\n"
    )


def test_it_goes_on_once_it_was_begun_again(outreach: Outreach, cloud: LocalCloud) -> None:
    stop(cloud, "c-bo")

    result = outreach("journeys", "check", "--begin-again", stack=cloud)

    assert result.stdout.splitlines() == ["c-bo  onboarding, at wait-1d: begun again", "1 begun again"]
    assert (
        outreach("journeys", "check", stack=cloud).stdout == "every active journey has a running execution\n"
    )
    cloud.advance(days=2)
    assert [mail.to for mail in cloud.outbox].count("bo@test.example") == 2


def test_what_failed_too_often_raises_no_alarm_any_more_once_it_was_begun_again(outreach: Outreach) -> None:
    with LocalCloud(project=Path(__file__).parents[2]) as cloud:
        now = cloud.now.isoformat()
        customer = {"id": "c-ana", "email": "ana@test.example", "consent": {"marketing": True, "at": now}}
        cloud.emit("customer.signed_up", {"event_id": "e-1", "occurred_at": now, "customer": customer})
        cloud.advance(minutes=1)
        place(cloud, "nowhere")
        cloud.advance(days=4)
        assert stuck(cloud) == 1

        place(cloud, "wait-1d")
        outreach("journeys", "check", "--begin-again", stack=cloud)
        cloud.advance(hours=12)

        assert stuck(cloud) == 0


def place(cloud: LocalCloud, step: str) -> None:
    """Ana's journey stands at this step; at one that its campaign lacks it cannot be advanced."""
    cloud.client("dynamodb").update_item(
        TableName=cloud.outputs["TableName"],
        Key={"PK": {"S": "CUSTOMER#c-ana"}, "SK": {"S": "ENROLLMENT#onboarding#c-ana"}},
        UpdateExpression="SET step = :step",
        ExpressionAttributeValues={":step": {"S": step}},
    )


def stuck(cloud: LocalCloud) -> int:
    """The newest report of the reconciler."""
    lines = [json.loads(line.text) for line in cloud.logs if line.function == "ReconcilerFunction"]
    found: int = [line["facts"]["stuck"] for line in lines if line.get("message") == "watched"][-1]
    return found


def test_it_names_the_command_that_starts_them(outreach: Outreach, cloud: LocalCloud) -> None:
    stop(cloud, "c-bo")

    lines = outreach("journeys", "check", stack=cloud).stdout.splitlines()

    assert lines[1:] == [
        "1 not carried",
        "`outreach journeys check --begin-again` starts an execution for each",
    ]

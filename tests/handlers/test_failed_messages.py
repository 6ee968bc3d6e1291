"""Messages that end unsent are counted, so that many of them at once raise an alarm."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.functions import Functions, batch_of, sample
from local_cloud import LocalCloud, SesAccount

STRANGER = "somebody@not-verified.test"


@pytest.fixture
def functions() -> Iterator[Functions]:
    """SES's sandbox refuses every unverified recipient."""
    project = Path(__file__).parents[2]
    with LocalCloud("2026-03-02T09:00:00Z", project=project, ses=SesAccount(sandbox=True)) as cloud:
        yield Functions(cloud)


def happens(functions: Functions, name: str, at: str) -> None:
    event = sample(name)
    event["detail"]["occurred_at"] = at
    event["detail"]["customer"]["email"] = STRANGER
    functions.call("TakeInEventFunction", batch_of(json.dumps(event)))


def counted(functions: Functions, function: str, metric: str = "MarketingFailed") -> list[list[float]]:
    """The metric, call by call."""
    lines = [line.text for line in functions.cloud.logs if line.function == function]
    return [json.loads(line)[metric] for line in lines if metric in line]


def test_messages_that_end_unsent_are_counted_in_a_journey(
    functions: Functions,
) -> None:
    happens(functions, "eventbridge-customer-signed-up", "2026-03-02T09:00:00Z")
    functions.cloud.settle()

    assert counted(functions, "AdvanceEnrollmentFunction") == [[1.0]]


def test_messages_that_end_unsent_are_counted_in_a_sweep(functions: Functions) -> None:
    happens(functions, "eventbridge-order-placed", "2025-12-01T14:00:00Z")
    (wake,) = functions.cloud.executions("WakeStateMachine")

    functions.call("SweepPageFunction", {"owner": wake.name, "wake": wake.input})

    assert counted(functions, "SweepPageFunction") == [[1.0]]
    assert list(functions.cloud.outbox) == []


def test_an_enrollment_that_a_sweep_cannot_move_is_counted(functions: Functions) -> None:
    happens(functions, "eventbridge-order-placed", "2025-12-01T14:00:00Z")
    (wake,) = functions.cloud.executions("WakeStateMachine")
    table, dynamodb = functions.cloud.resource("Table"), functions.cloud.client("dynamodb")
    rows = dynamodb.scan(TableName=table)["Items"]
    for row in [row for row in rows if row["SK"]["S"].startswith("ENROLLMENT#")]:
        dynamodb.put_item(TableName=table, Item=row | {"facts": {"S": "{"}})

    functions.call("SweepPageFunction", {"owner": wake.name, "wake": wake.input})

    assert counted(functions, "SweepPageFunction", "SweepFailures") == [[1.0]]

"""What is logged of an expression that does not fit customers' facts: once in a call, without a value."""

import json
from collections.abc import Iterator

import pytest

from handlers.functions import Functions, batch_of, sample
from local_cloud import LocalCloud
from offers import project_with_offers


@pytest.fixture
def functions() -> Iterator[Functions]:
    with project_with_offers() as folder, LocalCloud(start="2026-03-02T09:00:00Z", project=folder) as cloud:
        yield Functions(cloud)


def test_it_is_reported_once_in_a_call_and_counted_each_time(functions: Functions) -> None:
    bodies = []
    for number in range(3):
        event = sample("eventbridge-customer-signed-up")
        event["detail"]["event_id"] = f"evt-{number}"
        event["detail"]["customer"] |= {"id": f"c-{number}", "email": f"c-{number}@example.com"}
        event["detail"]["customer"]["email"] = f"c-{number}@example.com"  # a shared one is judged twice
        event["detail"]["customer"]["attributes"] = {"points": "120 (secret)"}
        bodies.append(json.dumps(event))

    assert functions.call("TakeInEventFunction", batch_of(*bodies)) == {"batchItemFailures": []}

    lines = [line.text for line in functions.cloud.logs if line.function == "TakeInEventFunction"]
    (warning,) = [json.loads(line) for line in lines if "does not fit a customer's facts" in line]
    told = {"campaign": "offers", "step": "only_if"}
    assert warning["facts"].items() >= told.items()
    assert "a str cannot be compared with a int" in warning["facts"]["why"]
    assert not any("secret" in line for line in lines)
    (metrics,) = [json.loads(line) for line in lines if "ExpressionsFailed" in line]
    assert sum(metrics["ExpressionsFailed"]) == 3

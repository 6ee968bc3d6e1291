"""Handlers in this process: their environment, their failures, and Lambda's reaction."""

import json
from typing import Any

import pytest

from local_cloud import Fault, LocalCloud, Outage

ANA = {"customer": {"id": "ana", "email": "ana@example.com"}}


def call(cloud: LocalCloud, **event: Any) -> dict[str, Any]:
    """Invoke BareFunction and return its result or its failure."""
    answer = cloud.client("lambda").invoke(
        FunctionName=cloud.resource("BareFunction"), Payload=json.dumps(event)
    )
    found: dict[str, Any] = json.loads(answer["Payload"].read())
    assert ("FunctionError" in answer) == ("errorType" in found)
    return found


def test_a_handler_sees_its_own_name_and_the_whole_of_its_time(cloud: LocalCloud) -> None:
    assert call(cloud) == {"left": 20_000, "started": 1, "name": cloud.resource("BareFunction")}


def test_sleeping_costs_virtual_time_only(cloud: LocalCloud) -> None:
    before = cloud.now
    assert call(cloud, do="sleep", seconds=5)["left"] == 15_000
    assert (cloud.now - before).total_seconds() == 5


def test_a_handler_that_sleeps_too_long_times_out_and_loses_its_process(cloud: LocalCloud) -> None:
    before = cloud.now
    assert call(cloud)["started"] == 1
    error = call(cloud, do="sleep", seconds=60)
    assert error["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 20.00 seconds" in error["errorMessage"]
    assert (cloud.now - before).total_seconds() == 20
    assert call(cloud)["started"] == 1


def test_a_process_is_kept_between_invocations(cloud: LocalCloud) -> None:
    assert [call(cloud)["started"] for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("do", "error"),
    [("fail", "RuntimeError"), ("exit", "Runtime.ExitError"), ("set", "Runtime.MarshalError")],
)
def test_a_failure_is_reported_as_lambda_reports_it(cloud: LocalCloud, do: str, error: str) -> None:
    assert call(cloud, do=do)["errorType"] == error


def test_a_missing_permission_is_access_denied(cloud: LocalCloud) -> None:
    error = call(cloud, do="read")
    assert error["errorType"] == "ClientError"
    assert "is not authorized to perform: dynamodb:GetItem" in error["errorMessage"]
    assert cloud.calls[-1].error == "AccessDeniedException"


def test_permissions_that_nothing_used_are_known(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    role = next(name for name in cloud.unused_permissions() if "TakeIn" in name)
    assert "dynamodb:DeleteItem" in cloud.unused_permissions()[role]
    assert "dynamodb:PutItem" in cloud.used_permissions()[role]


def test_an_asynchronous_failure_is_tried_again_and_then_goes_to_its_destination(cloud: LocalCloud) -> None:
    cloud.client("lambda").invoke(
        FunctionName=cloud.resource("BareFunction"),
        InvocationType="Event",
        Payload=json.dumps({"do": "fail"}),
    )
    cloud.settle()
    assert len(cloud.invocations) == 1
    cloud.advance(minutes=5)
    assert len(cloud.invocations) == 2
    sqs = cloud.client("sqs")
    message = sqs.receive_message(QueueUrl=cloud.resource("DeadLetters"))["Messages"][0]
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestPayload"] == {"do": "fail"}


def test_a_function_that_does_not_exist_is_not_found(cloud: LocalCloud) -> None:
    client = cloud.client("lambda")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName="nobody")


def test_output_of_handlers_is_kept_and_not_printed(
    cloud: LocalCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    call(cloud, do="print")
    assert [line.text for line in cloud.logs] == ["one", "two"]
    assert capsys.readouterr().out == ""


def test_death_before_a_call_means_the_call_was_never_made(cloud: LocalCloud) -> None:
    fault = Fault(function="GreetFunction", operation="SendEmail", when="before")
    cloud.faults.append(fault)
    cloud.emit("customer.signed_up", ANA)
    assert fault.fired
    assert cloud.outbox == ()
    assert [r.error_type for r in cloud.invocations if r.function == "GreetFunction"] == ["Runtime.ExitError"]
    cloud.advance(minutes=1)
    assert [m.subject for m in cloud.outbox] == ["Welcome!"]


def test_death_after_a_call_means_it_was_made_and_the_step_is_repeated(cloud: LocalCloud) -> None:
    cloud.faults.append(Fault(operation="SendEmail", when="after"))
    cloud.emit("customer.signed_up", ANA)
    cloud.advance(minutes=1)
    assert [m.subject for m in cloud.outbox] == ["Welcome!", "Welcome!"]


def test_a_fault_with_timeout_takes_the_rest_of_the_functions_time(cloud: LocalCloud) -> None:
    cloud.faults.append(Fault(operation="SendEmail", when="timeout"))
    cloud.emit("customer.signed_up", ANA)
    cloud.advance(minutes=1)
    first, second = cloud.outbox
    assert 20 <= (second.sent_at - first.sent_at).total_seconds() < 25
    assert [r.error_type for r in cloud.invocations if r.function == "GreetFunction"] == [
        "Sandbox.Timedout",
        "",
    ]


def test_the_third_call_is_the_third_call(cloud: LocalCloud) -> None:
    fault = Fault(function="GreetFunction", call=3)
    cloud.faults.append(fault)
    cloud.emit("customer.signed_up", ANA)
    made = [c.operation for c in cloud.calls if c.function == "GreetFunction"]
    assert made == ["GetItem", "SendEmail"]


def test_no_handler_can_catch_its_own_death(cloud: LocalCloud) -> None:
    cloud.faults.append(Fault(function="BareFunction"))
    assert call(cloud, do="stubborn")["errorType"] == "Runtime.ExitError"
    assert [c.operation for c in cloud.calls] == []


def test_an_outage_lasts_until_it_is_removed(cloud: LocalCloud) -> None:
    outage = Outage(function="GreetFunction", operation="SendEmail")
    cloud.faults.append(outage)
    cloud.emit("customer.signed_up", ANA)
    cloud.faults.remove(outage)
    assert cloud.outbox == ()
    assert {c.error for c in cloud.calls if c.operation == "SendEmail"} == {"ThrottlingException"}
    cloud.advance(minutes=1)
    assert [m.subject for m in cloud.outbox] == ["Welcome!"]


def test_a_fault_counts_from_one() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        Fault(call=0)

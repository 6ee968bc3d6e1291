"""Which executions failed, and how they are begun again: once, and not for ever."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from adapters.scripted_service import ScriptedService
from builders import NOW, an_enrollment
from fakes import FakeClock
from outreach.adapters.stepfunctions_executions import LOOK_BACK, MOST_SUCCESSORS, StepFunctionsExecutions
from outreach.adapters.stepfunctions_workflows import StepFunctionsWorkflows
from outreach.domain.enrollment import EnrollmentId
from outreach.ports import FailedExecution, Successor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_stepfunctions import SFNClient

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:Journey"
PARKED = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
ANA = EnrollmentId("c-ana", "onboarding", "c-ana")


@pytest.fixture
def machine() -> "Iterator[tuple[SFNClient, str]]":
    with mock_aws():
        client = boto3.client("stepfunctions")
        role = "arn:aws:iam::123456789012:role/any"
        answer = client.create_state_machine(name="Journey", definition=json.dumps(PARKED), roleArn=role)
        yield client, answer["stateMachineArn"]


def names(client: "SFNClient", arn: str) -> set[str]:
    return {each["name"] for each in client.list_executions(stateMachineArn=arn)["executions"]}


def test_a_successor_is_started_once_and_carries_the_same_run(machine: "tuple[SFNClient, str]") -> None:
    client, arn = machine
    clock = FakeClock(datetime.now(UTC))
    executions = StepFunctionsExecutions(client, state_machine_arn=arn, clock=clock)
    failed = FailedExecution("onboarding-1", ANA, 1)

    assert executions.begin_again(failed) is Successor.STARTED
    clock.advance(hours=1)
    assert executions.begin_again(failed) is Successor.HAD_ONE

    (started,) = client.list_executions(stateMachineArn=arn)["executions"]
    assert started["name"] == "onboarding-1.1"
    told = json.loads(client.describe_execution(executionArn=started["executionArn"])["input"])
    assert told == {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 1}


def test_a_successor_that_failed_has_successors_of_its_own_but_not_for_ever(
    machine: "tuple[SFNClient, str]",
) -> None:
    client, arn = machine
    executions = StepFunctionsExecutions(client, state_machine_arn=arn, clock=FakeClock())
    name, begun = "onboarding-1", []

    for number in range(1, 10):
        begun.append(executions.begin_again(FailedExecution(name, ANA, 1)))
        name = f"onboarding-1.{number}"

    assert begun == [Successor.STARTED] * MOST_SUCCESSORS + [Successor.NO_MORE] * (9 - MOST_SUCCESSORS)


def test_it_asks_for_the_same_input_as_the_first_execution_had(machine: "tuple[SFNClient, str]") -> None:
    client, arn = machine
    enrollment = an_enrollment()
    StepFunctionsWorkflows(client, state_machine_arn=arn).start(enrollment)
    executions = StepFunctionsExecutions(client, state_machine_arn=arn, clock=FakeClock())

    executions.begin_again(FailedExecution(enrollment.execution_name, enrollment.id, enrollment.run))

    inputs = {
        client.describe_execution(executionArn=each["executionArn"])["input"]
        for each in client.list_executions(stateMachineArn=arn)["executions"]
    }
    assert len(names(client, arn)) == 2
    assert len(inputs) == 1


def _listed(name: str, ended: datetime) -> dict[str, object]:
    arn = f"{MACHINE.replace('stateMachine', 'execution')}:{name}"
    began = (ended - timedelta(days=1)).timestamp()
    return {
        "executionArn": arn,
        "stateMachineArn": MACHINE,
        "name": name,
        "status": "FAILED",
        "startDate": began,
        "stopDate": ended.timestamp(),
    }


def test_failed_and_timed_out_executions_of_two_weeks_are_found_with_what_they_carried() -> None:
    service = ScriptedService("stepfunctions", Config(retries={"total_max_attempts": 1}))
    old = NOW - LOOK_BACK - timedelta(seconds=1)
    told = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 2}
    described = {"executionArn": "a", "status": "FAILED", "input": json.dumps(told)}
    service.answers({"executions": [_listed("young", NOW), _listed("old", old)], "nextToken": "more"})
    service.answers({"executions": [_listed("on page two", NOW - LOOK_BACK)]})
    service.answers({"executions": [_listed("late", NOW)]})
    for _ in range(3):
        service.answers(described)
    executions = StepFunctionsExecutions(service.client, state_machine_arn=MACHINE, clock=FakeClock())

    found = list(executions.failed())

    assert {each.name for each in found} == {"young", "on page two", "late"}
    assert {(each.enrollment_id, each.run) for each in found} == {(ANA, 2)}
    asked = [request.get("statusFilter") for request in service.requests if "stateMachineArn" in request]
    assert asked == ["FAILED", "FAILED", "TIMED_OUT"]


def test_they_come_in_another_order_each_time_so_that_none_is_always_the_last() -> None:
    clock, firsts = FakeClock(), set()
    told = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 2}
    for _ in range(8):
        service = ScriptedService("stepfunctions", Config(retries={"total_max_attempts": 1}))
        service.answers({"executions": [_listed(f"journey-{n}", clock.now()) for n in range(5)]})
        service.answers({"executions": []})
        service.answers({"executionArn": "a", "status": "FAILED", "input": json.dumps(told)})
        executions = StepFunctionsExecutions(service.client, state_machine_arn=MACHINE, clock=clock)
        firsts.add(next(iter(executions.failed())).name)
        clock.advance(hours=6)

    assert len(firsts) > 1

"""Which executions failed, and how they are restarted: once each, and a limited number of times."""

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
from outreach.adapters.stepfunctions.executions import (
    LOOK_BACK,
    STOPPED_LOOK_BACK,
    StepFunctionsExecutions,
)
from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.operations.journey_restarts import MOST_RESTARTS
from outreach.ports.operations import FailedExecution, Successor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_stepfunctions import SFNClient

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:Journey"
PARKED = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
LATER = NOW + timedelta(minutes=10)
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


def test_a_successor_is_started_once_and_has_the_same_run(machine: "tuple[SFNClient, str]") -> None:
    client, arn = machine
    clock = FakeClock(datetime.now(UTC))
    executions = StepFunctionsExecutions(client, state_machine_arn=arn, clock=clock)
    failed = FailedExecution("onboarding-1", ANA, 1, NOW)

    assert executions.begin_again(failed) is Successor.STARTED
    clock.advance(hours=1)
    assert executions.begin_again(failed) is Successor.HAD_ONE

    (started,) = client.list_executions(stateMachineArn=arn)["executions"]
    assert started["name"] == "onboarding-1.1"
    told = json.loads(client.describe_execution(executionArn=started["executionArn"])["input"])
    assert told == {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 1}


def test_a_successor_that_failed_has_successors_of_its_own_up_to_a_limit(
    machine: "tuple[SFNClient, str]",
) -> None:
    client, arn = machine
    executions = StepFunctionsExecutions(client, state_machine_arn=arn, clock=FakeClock())
    name, begun = "onboarding-1", []

    for number in range(1, 10):
        begun.append(executions.begin_again(FailedExecution(name, ANA, 1, NOW, own_failures=number)))
        name = f"onboarding-1.{number}"

    assert begun == [Successor.STARTED] * MOST_RESTARTS + [Successor.NO_MORE] * (9 - MOST_RESTARTS)


def test_failures_of_an_outage_do_not_count_until_the_names_are_used_up(
    machine: "tuple[SFNClient, str]",
) -> None:
    client, arn = machine
    executions = StepFunctionsExecutions(client, state_machine_arn=arn, clock=FakeClock())
    name, begun = "onboarding-1", []

    while (outcome := executions.begin_again(FailedExecution(name, ANA, 1, NOW, 0))) is Successor.STARTED:
        (name,) = names(client, arn) - {*begun}
        begun.append(name)

    assert outcome is Successor.NO_MORE
    assert (len(begun), begun[0], begun[9], begun[-1]) == (
        35,
        "onboarding-1.1",
        "onboarding-1.a",
        "onboarding-1.z",
    )


def test_it_asks_for_the_same_input_as_the_first_execution_had(machine: "tuple[SFNClient, str]") -> None:
    client, arn = machine
    enrollment = an_enrollment()
    StepFunctionsWorkflows(client, state_machine_arn=arn).start(enrollment)
    executions = StepFunctionsExecutions(client, state_machine_arn=arn, clock=FakeClock())

    executions.begin_again(FailedExecution(enrollment.execution_name, enrollment.id, enrollment.run, NOW))

    inputs = {
        client.describe_execution(executionArn=each["executionArn"])["input"]
        for each in client.list_executions(stateMachineArn=arn)["executions"]
    }
    assert len(names(client, arn)) == 2
    assert len(inputs) == 1


def test_a_restart_has_the_run_of_the_first_execution_however_often_that_failed(
    machine: "tuple[SFNClient, str]",
) -> None:
    client, arn = machine
    clock = FakeClock(datetime.now(UTC))
    executions = StepFunctionsExecutions(client, state_machine_arn=arn, clock=clock)
    ana, bo = an_enrollment(), an_enrollment(customer_id="c-bo", run=2)

    assert executions.begin_anew(ana) is Successor.STARTED
    (name,) = names(client, arn)
    assert name.startswith(f"{ana.execution_name}-r")
    assert executions.begin_again(FailedExecution(name, ana.id, ana.run, NOW)) is Successor.STARTED
    StepFunctionsWorkflows(client, state_machine_arn=arn).start(bo)
    clock.advance(hours=1)
    executions.begin_anew(bo)

    assert len(names(client, arn)) == 4
    assert max(len(each) for each in names(client, arn)) <= 80
    assert set(executions.running()) == {ana.execution_name, bo.execution_name}


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


def test_what_ended_without_finishing_is_found_with_its_enrollment() -> None:
    service = ScriptedService("stepfunctions", Config(retries={"total_max_attempts": 1}))
    second = timedelta(seconds=1)
    old = NOW - LOOK_BACK - second
    told = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 2}
    described = {"executionArn": "a", "status": "FAILED", "input": json.dumps(told)}
    service.answers({"executions": [_listed("young", NOW), _listed("old", old)], "nextToken": "more"})
    service.answers({"executions": [_listed("on page two", NOW - LOOK_BACK)]})
    service.answers({"executions": [_listed("late", NOW)]})
    for _ in range(3):
        service.answers(described)
    stopped = [
        _listed("stopped", NOW - STOPPED_LOOK_BACK),
        _listed("earlier", NOW - STOPPED_LOOK_BACK - second),
    ]
    service.answers({"executions": stopped})
    service.answers(described)
    executions = StepFunctionsExecutions(service.client, state_machine_arn=MACHINE, clock=FakeClock())

    found = list(executions.failed(LATER))

    assert {each.name for each in found[:3]} == {"young", "on page two", "late"}
    assert [each.name for each in found[3:]] == ["stopped"]
    assert {(each.enrollment_id, each.run) for each in found} == {(ANA, 2)}
    asked = [request.get("statusFilter") for request in service.requests if "stateMachineArn" in request]
    assert asked == ["FAILED", "FAILED", "TIMED_OUT", "ABORTED"]


def test_one_that_has_a_successor_which_failed_as_well_is_not_looked_at_again() -> None:
    service = ScriptedService("stepfunctions", Config(retries={"total_max_attempts": 1}))
    told = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 2}
    names = ["journey", "journey.1", "journey.2", "other"]
    service.answers({"executions": [_listed(name, NOW) for name in names]})
    service.answers({"executions": [_listed("journey.3", NOW)]})
    for _ in range(2):
        service.answers({"executionArn": "a", "status": "FAILED", "input": json.dumps(told)})
    service.answers({"executions": []})
    executions = StepFunctionsExecutions(service.client, state_machine_arn=MACHINE, clock=FakeClock())

    assert {each.name for each in executions.failed(LATER)} == {"journey.3", "other"}


class SlowClock(FakeClock):
    """Each look at it takes a minute."""

    def now(self) -> datetime:
        self.advance(minutes=1)
        return super().now()


def test_what_was_listed_in_time_is_found_and_that_there_was_more_is_reported() -> None:
    service = ScriptedService("stepfunctions", Config(retries={"total_max_attempts": 1}))
    told = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 2}
    described = {"executionArn": "a", "status": "FAILED", "input": json.dumps(told)}
    service.answers({"executions": []})
    service.answers({"executions": []})
    for number in range(2):
        service.answers({"executions": [_listed(f"journey-{number}", LATER)], "nextToken": f"t-{number}"})
    for _ in range(2):
        service.answers(described)
    cut: list[str] = []
    executions = StepFunctionsExecutions(
        service.client, state_machine_arn=MACHINE, clock=SlowClock(), on_cut=cut.append
    )

    found = list(executions.failed(NOW + timedelta(minutes=9)))

    assert {each.name for each in found} == {"journey-0", "journey-1"}
    assert cut == ["ABORTED"]


def test_without_any_time_one_page_of_each_is_listed_at_most() -> None:
    service = ScriptedService("stepfunctions", Config(retries={"total_max_attempts": 1}))
    for number in range(3):
        service.answers({"executions": [], "nextToken": f"t-{number}"})
    executions = StepFunctionsExecutions(service.client, state_machine_arn=MACHINE, clock=FakeClock(LATER))

    assert list(executions.failed(LATER)) == []
    assert len(service.requests) == 3


def test_they_come_in_another_order_each_time_so_that_none_is_always_the_last() -> None:
    clock, firsts = FakeClock(), set()
    told = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 2}
    for _ in range(8):
        service = ScriptedService("stepfunctions", Config(retries={"total_max_attempts": 1}))
        service.answers({"executions": [_listed(f"journey-{n}", clock.now()) for n in range(5)]})
        service.answers({"executions": []})
        service.answers({"executionArn": "a", "status": "FAILED", "input": json.dumps(told)})
        executions = StepFunctionsExecutions(service.client, state_machine_arn=MACHINE, clock=clock)
        firsts.add(next(iter(executions.failed(clock.now() + timedelta(minutes=10)))).name)
        clock.advance(hours=6)

    assert len(firsts) > 1


def test_what_failed_with_others_is_distinguished_from_what_failed_alone() -> None:
    service = ScriptedService("stepfunctions", Config(retries={"total_max_attempts": 1}))
    told = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 2}
    early = NOW - timedelta(days=2)
    outage = [_listed(name, NOW) for name in ("ana.2", "bo", "cy-r65")]
    alone = [
        _listed("ana", early),
        _listed("ana.1", early + timedelta(hours=9)),
        _listed("di", early - timedelta(days=3)),
    ]
    service.answers({"executions": [*outage, *alone]})
    service.answers({"executions": []})
    for _ in range(4):
        service.answers({"executionArn": "a", "status": "FAILED", "input": json.dumps(told)})
    service.answers({"executions": [_listed("ed.1", NOW), _listed("ed", NOW)]})
    service.answers({"executionArn": "a", "status": "ABORTED", "input": json.dumps(told)})
    executions = StepFunctionsExecutions(service.client, state_machine_arn=MACHINE, clock=FakeClock())

    found = {each.name: each for each in executions.failed(LATER)}

    own = {name: each.own_failures for name, each in found.items()}
    assert own == {"ana.2": 2, "bo": 0, "cy-r65": 0, "di": 1, "ed.1": 2}
    assert found["di"].at == early - timedelta(days=3)

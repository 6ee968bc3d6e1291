"""What every Workflows must do, the fake as well as Step Functions."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from adapters.scripted_service import ScriptedService
from builders import NOW, an_enrollment
from fakes import FakeWorkflows
from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows
from outreach.domain.journeys.enrollment import Trigger
from outreach.ports.journeys import Workflows

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:Journey"
PARKED = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}


@dataclass
class Rig:
    workflows: Workflows
    running: Callable[[], set[str]]


@pytest.fixture(params=["fake", "step functions"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    if request.param == "fake":
        fake = FakeWorkflows()
        yield Rig(fake, lambda: set(fake.running))
        return
    with mock_aws():
        client = boto3.client("stepfunctions")
        role = "arn:aws:iam::123456789012:role/any"
        arn = client.create_state_machine(name="Journey", definition=json.dumps(PARKED), roleArn=role)[
            "stateMachineArn"
        ]

        def running() -> set[str]:
            found = client.list_executions(stateMachineArn=arn, statusFilter="RUNNING")
            return {each["name"] for each in found["executions"]}

        yield Rig(StepFunctionsWorkflows(client, state_machine_arn=arn), running)


def test_an_enrollment_has_one_execution_however_often_it_is_started(rig: Rig) -> None:
    rig.workflows.start(an_enrollment())
    rig.workflows.start(an_enrollment())

    assert rig.running() == {an_enrollment().execution_name}


def test_each_run_has_an_execution_of_its_own(rig: Rig) -> None:
    runs = an_enrollment(run=1), an_enrollment(run=2)
    for run in runs:
        rig.workflows.start(run)

    assert rig.running() == {run.execution_name for run in runs}


def test_a_stopped_run_is_not_started_again(rig: Rig) -> None:
    enrollment = an_enrollment()
    rig.workflows.start(enrollment)

    rig.workflows.stop(enrollment.execution_name, "goal")
    rig.workflows.stop(enrollment.execution_name, "goal")
    rig.workflows.start(enrollment)

    assert rig.running() == set()


def test_stopping_what_never_ran_does_nothing(rig: Rig) -> None:
    rig.workflows.start(an_enrollment())

    rig.workflows.stop(an_enrollment(run=7).execution_name, "goal")

    assert rig.running() == {an_enrollment().execution_name}


def test_an_invalid_token_wakes_no_run(rig: Rig) -> None:
    rig.workflows.start(an_enrollment())

    rig.workflows.wake("a token of yesterday")

    assert rig.running() == {an_enrollment().execution_name}


def _scripted() -> tuple[ScriptedService, StepFunctionsWorkflows]:
    service = ScriptedService("stepfunctions")
    return service, StepFunctionsWorkflows(service.client, state_machine_arn=MACHINE)


def test_an_executions_input_is_ids_only() -> None:
    service, workflows = _scripted()
    service.answers({"executionArn": "arn", "startDate": 0})

    workflows.start(replace(an_enrollment(), run=3))

    (request,) = service.requests
    assert (request["stateMachineArn"], request["name"]) == (MACHINE, an_enrollment(run=3).execution_name)
    names = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 3}
    assert json.loads(request["input"]) == names


def test_an_executions_input_names_the_order_that_began_its_run() -> None:
    service, workflows = _scripted()
    service.answers({"executionArn": "arn", "startDate": 0})
    trigger = Trigger("evt-1", "order.placed", NOW, order_id="o-1")

    workflows.start(an_enrollment(trigger=trigger))

    assert json.loads(service.requests[0]["input"])["order_id"] == "o-1"


def test_a_stop_says_why() -> None:
    service, workflows = _scripted()
    service.answers({"stopDate": 0})

    workflows.stop("onboarding-1", "goal")

    arn = "arn:aws:states:us-east-1:123456789012:execution:Journey:onboarding-1"
    assert service.requests == [{"executionArn": arn, "error": "Left", "cause": "goal"}]


@pytest.mark.parametrize("code", ["InvalidToken", "TaskTimedOut", "TaskDoesNotExist"])
def test_a_wait_that_is_over_needs_no_waking(code: str) -> None:
    service, workflows = _scripted()
    service.refuses(code)

    workflows.wake("token")

    assert service.requests == [{"taskToken": "token", "output": "{}"}]


def test_every_other_refusal_is_raised() -> None:
    service, workflows = _scripted()
    service.refuses("AccessDeniedException")
    service.refuses("AccessDeniedException")
    service.refuses("AccessDeniedException")

    with pytest.raises(ClientError):
        workflows.start(an_enrollment())
    with pytest.raises(ClientError):
        workflows.stop("onboarding-1", "goal")
    with pytest.raises(ClientError):
        workflows.wake("token")

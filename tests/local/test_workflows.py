"""State machines, as Step Functions runs them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_cloud import ExecutionRecord, Invocation, LocalCloud, NotEmulatedError

INVOKE = "arn:aws:states:::lambda:invoke"
TOKEN = "arn:aws:states:::lambda:invoke.waitForTaskToken"


class Machine:
    """A machine of a test, with its executions."""

    def __init__(self, cloud: LocalCloud, states: dict[str, Any], **top: Any) -> None:
        definition = {"StartAt": next(iter(states)), "States": states, **top}
        text = json.dumps(definition).replace("FUNCTION", cloud.attribute("BareFunction", "Arn"))
        self.cloud = cloud
        self.client = cloud.client("stepfunctions")
        role = cloud.attribute("ScratchRole", "Arn")
        self.arn = self.client.create_state_machine(name="test", definition=text, roleArn=role)[
            "stateMachineArn"
        ]

    def start(self, name: str = "run", **data: Any) -> str:
        arn: str = self.client.start_execution(stateMachineArn=self.arn, name=name, input=json.dumps(data))[
            "executionArn"
        ]
        self.cloud.settle()
        return arn

    def describe(self, arn: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.describe_execution(executionArn=arn)
        return found

    def states(self, arn: str) -> list[str]:
        events = self.client.get_execution_history(executionArn=arn)["events"]
        return [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]


def task(**changes: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": INVOKE,
        "Parameters": {"FunctionName": "FUNCTION", "Payload.$": "$"},
        "End": True,
        **changes,
    }


def wait_for_token(**changes: Any) -> dict[str, Any]:
    parameters = {"FunctionName": "FUNCTION", "Payload": {"do": "print", "token.$": "$$.Task.Token"}}
    return task(Resource=TOKEN, Parameters=parameters, **changes)


def tokens(cloud: LocalCloud) -> list[str]:
    return [run.event["token"] for run in invoked(cloud)]


def invoked(cloud: LocalCloud) -> list[Invocation]:
    """The runs of BareFunction; others have schedules of their own."""
    return [run for run in cloud.invocations if run.function == "BareFunction"]


def elapsed(found: dict[str, Any]) -> float:
    seconds: float = (found["stopDate"] - found["startDate"]).total_seconds()
    return seconds


DONE = {"Type": "Succeed"}


@pytest.mark.parametrize(
    "moment", ["2026-03-02T10:00:00Z", "2026-03-02T11:00:00+01:00", "2026-03-02T10:00:00.000Z"]
)
def test_waiting_until_an_instant_ends_at_that_instant(cloud: LocalCloud, moment: str) -> None:
    machine = Machine(
        cloud, {"Wait": {"Type": "Wait", "TimestampPath": "$.at", "Next": "Done"}, "Done": DONE}
    )
    arn = machine.start(at=moment)
    cloud.advance(hours=2)
    assert elapsed(machine.describe(arn)) == 3600


def test_a_fraction_of_a_second_is_waited_for(cloud: LocalCloud) -> None:
    machine = Machine(
        cloud, {"Wait": {"Type": "Wait", "TimestampPath": "$.at", "Next": "Done"}, "Done": DONE}
    )
    arn = machine.start(at="2026-03-02T09:00:00.250Z")
    cloud.advance(seconds=1)
    assert elapsed(machine.describe(arn)) == 0.25


def test_an_instant_in_the_past_is_not_waited_for(cloud: LocalCloud) -> None:
    machine = Machine(
        cloud, {"Wait": {"Type": "Wait", "TimestampPath": "$.at", "Next": "Done"}, "Done": DONE}
    )
    assert machine.describe(machine.start(at="2020-01-01T00:00:00Z"))["status"] == "SUCCEEDED"


def test_seconds_from_a_path_and_the_context_object(cloud: LocalCloud) -> None:
    context = {
        "name.$": "$$.Execution.Name",
        "input.$": "$$.Execution.Input.s",
        "at.$": "$$.State.EnteredTime",
        "began.$": "$$.Execution.StartTime",
    }
    states = {
        "Wait": {"Type": "Wait", "SecondsPath": "$.s", "Next": "Look"},
        "Look": {"Type": "Pass", "Parameters": context, "End": True},
    }
    machine = Machine(cloud, states)
    arn = machine.start(s=60)
    cloud.advance(minutes=2)
    assert json.loads(machine.describe(arn)["output"]) == {
        "name": "run",
        "input": 60,
        "at": "2026-03-02T09:01:00.000Z",
        "began": "2026-03-02T09:00:00.000Z",
    }


def test_a_failed_task_is_retried_with_growing_jittered_pauses_and_then_caught(cloud: LocalCloud) -> None:
    retry = {
        "ErrorEquals": ["RuntimeError"],
        "IntervalSeconds": 10,
        "BackoffRate": 2,
        "MaxAttempts": 3,
        "JitterStrategy": "FULL",
    }
    states = {
        "Try": task(
            Retry=[retry], Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}]
        ),
        "Caught": {"Type": "Pass", "End": True},
    }
    machine = Machine(cloud, states)
    arn = machine.start(do="fail")
    cloud.advance(minutes=5)
    found = machine.describe(arn)
    times = [run.time for run in cloud.invocations]
    assert [
        0 < (b - a).total_seconds() < limit
        for a, b, limit in zip(times, times[1:], (10, 20, 40), strict=False)
    ] == [True] * 3
    assert len(times) == 4
    assert json.loads(found["output"])["error"]["Error"] == "RuntimeError"


def test_a_choice_a_map_and_a_parallel(cloud: LocalCloud) -> None:
    states = {
        "Which?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericGreaterThan": 1, "Next": "Each"}],
            "Default": "None",
        },
        "None": {"Type": "Fail", "Error": "TooFew"},
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "MaxConcurrency": 2,
            "ResultPath": "$.mapped",
            "Next": "Both",
            "ItemSelector": {"item.$": "$$.Map.Item.Value", "n.$": "$.n"},
            "ItemProcessor": {
                "StartAt": "Rest",
                "States": {
                    "Rest": {"Type": "Wait", "Seconds": 10, "Next": "Keep"},
                    "Keep": {"Type": "Pass", "End": True},
                },
            },
        },
        "Both": {
            "Type": "Parallel",
            "ResultPath": "$.both",
            "End": True,
            "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": True}}},
                {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 5, "End": True}}},
            ],
        },
    }
    machine = Machine(cloud, states)
    arn = machine.start(n=2, items=["x", "y", "z"])
    cloud.advance(minutes=1)
    found = machine.describe(arn)
    output = json.loads(found["output"])
    assert [m["item"] for m in output["mapped"]] == ["x", "y", "z"]
    assert output["both"][0] == 1
    assert elapsed(found) == 25
    assert machine.describe(machine.start("few", n=1))["error"] == "TooFew"


def test_a_token_is_waited_for_and_its_answer_becomes_the_output(cloud: LocalCloud) -> None:
    machine = Machine(cloud, {"Ask": wait_for_token(TimeoutSecondsPath="$.limit")})
    arn = machine.start(limit=86_400)
    cloud.advance(hours=5)
    machine.client.send_task_success(taskToken=tokens(cloud)[0], output='{"yes": true}')
    cloud.settle()
    found = machine.describe(arn)
    assert (found["status"], json.loads(found["output"]), elapsed(found)) == (
        "SUCCEEDED",
        {"yes": True},
        18_000,
    )


def test_an_answer_that_comes_too_late_gets_that_reply(cloud: LocalCloud) -> None:
    machine = Machine(cloud, {"Ask": wait_for_token(TimeoutSeconds=60)})
    arn = machine.start()
    cloud.advance(minutes=2)
    found = machine.describe(arn)
    assert (found["status"], found["error"], elapsed(found)) == ("FAILED", "States.Timeout", 60)
    with pytest.raises(machine.client.exceptions.TaskTimedOut):
        machine.client.send_task_success(taskToken=tokens(cloud)[0], output="{}")
    with pytest.raises(machine.client.exceptions.InvalidToken):
        machine.client.send_task_success(taskToken="nonsense", output="{}")


def test_a_second_answer_is_too_late(cloud: LocalCloud) -> None:
    machine = Machine(cloud, {"Ask": wait_for_token()})
    machine.start()
    machine.client.send_task_failure(taskToken=tokens(cloud)[0], error="No", cause="because")
    with pytest.raises(machine.client.exceptions.TaskTimedOut):
        machine.client.send_task_success(taskToken=tokens(cloud)[0], output="{}")


def test_a_failed_answer_can_be_retried_with_a_new_token(cloud: LocalCloud) -> None:
    retry = [{"ErrorEquals": ["No"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    machine = Machine(cloud, {"Ask": wait_for_token(Retry=retry)})
    arn = machine.start()
    machine.client.send_task_failure(taskToken=tokens(cloud)[0], error="No", cause="because")
    cloud.advance(seconds=2)
    first, second = tokens(cloud)
    assert first != second
    machine.client.send_task_success(taskToken=second, output='"fine"')
    cloud.settle()
    assert machine.describe(arn)["output"] == '"fine"'


def test_heartbeats_keep_a_task_alive_and_their_absence_ends_it(cloud: LocalCloud) -> None:
    machine = Machine(cloud, {"Ask": wait_for_token(TimeoutSeconds=90_000, HeartbeatSeconds=3600)})
    arn = machine.start()
    for _ in range(3):
        cloud.advance(minutes=50)
        machine.client.send_task_heartbeat(taskToken=tokens(cloud)[0])
    cloud.advance(hours=2)
    found = machine.describe(arn)
    assert (found["status"], elapsed(found)) == ("FAILED", 3 * 3000 + 3600)


WAITING: dict[str, dict[str, Any]] = {
    "in a wait": {"Wait": {"Type": "Wait", "Seconds": 86_400, "Next": "Done"}, "Done": DONE},
    "for a token": {"Ask": wait_for_token()},
    "for a retry": {"Try": task(Retry=[{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3600}])},
    "in a map": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "End": True,
            "ItemProcessor": {
                "StartAt": "Rest",
                "States": {"Rest": {"Type": "Wait", "Seconds": 9999, "End": True}},
            },
        },
    },
}


@pytest.mark.parametrize("where", list(WAITING))
def test_stopping_takes_effect_at_once(cloud: LocalCloud, where: str) -> None:
    machine = Machine(cloud, WAITING[where])
    arn = machine.start(do="fail", items=[1, 2])
    cloud.advance(minutes=1)
    machine.client.stop_execution(executionArn=arn, error="Left", cause="unsubscribed")
    found = machine.describe(arn)
    assert (found["status"], found["error"], found["cause"], elapsed(found)) == (
        "ABORTED",
        "Left",
        "unsubscribed",
        60,
    )
    runs = len(invoked(cloud))
    cloud.advance(days=2)
    assert machine.describe(arn) | {"ResponseMetadata": 0} == found | {"ResponseMetadata": 0}
    assert len(invoked(cloud)) == runs
    assert machine.client.get_execution_history(executionArn=arn)["events"][-1]["type"] == "ExecutionAborted"


def test_a_token_of_a_stopped_execution_is_gone(cloud: LocalCloud) -> None:
    machine = Machine(cloud, WAITING["for a token"])
    machine.client.stop_execution(executionArn=machine.start())
    with pytest.raises(machine.client.exceptions.TaskTimedOut):
        machine.client.send_task_success(taskToken=tokens(cloud)[0], output="{}")


def test_a_machine_that_takes_too_long_times_out(cloud: LocalCloud) -> None:
    machine = Machine(cloud, WAITING["in a wait"], TimeoutSeconds=60)
    arn = machine.start()
    cloud.advance(minutes=2)
    found = machine.describe(arn)
    assert (found["status"], elapsed(found)) == ("TIMED_OUT", 60)


def test_the_same_name_and_input_is_the_same_execution_while_it_runs(cloud: LocalCloud) -> None:
    machine = Machine(cloud, WAITING["in a wait"])
    arn = machine.start("one", a=1)
    assert machine.start("one", a=1) == arn
    with pytest.raises(machine.client.exceptions.ExecutionAlreadyExists):
        machine.start("one", a=2)
    cloud.advance(days=2)
    with pytest.raises(machine.client.exceptions.ExecutionAlreadyExists):
        machine.start("one", a=1)
    cloud.advance(days=91)
    assert machine.start("one", a=1) == arn


@pytest.mark.parametrize("name", ["a b", "a<b", "x" * 81, "a/b", "ä{"])
def test_a_name_that_aws_refuses_is_refused(cloud: LocalCloud, name: str) -> None:
    machine = Machine(cloud, {"Done": DONE})
    with pytest.raises(machine.client.exceptions.InvalidName):
        machine.start(name)


def test_too_much_input_is_refused(cloud: LocalCloud) -> None:
    machine = Machine(cloud, {"Done": DONE})
    with pytest.raises(machine.client.exceptions.InvalidExecutionInput):
        machine.start(text="x" * 262_144)


@pytest.mark.parametrize(
    "states",
    [
        {"A": {"Type": "Pass", "Next": "B"}},
        {"A": {"Type": "Pass", "End": True}, "B": {"Type": "Pass", "End": True}},
        {"A": {"Type": "Pass"}},
        {"A": {"Type": "Task", "End": True}},
        {"A": {"Type": "Pass", "Colour": "red", "End": True}},
    ],
)
def test_a_definition_that_does_not_hold_together_is_refused(
    cloud: LocalCloud, states: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match="InvalidDefinition"):
        Machine(cloud, states)


def test_what_cannot_be_emulated_is_refused_loudly(cloud: LocalCloud) -> None:
    with pytest.raises(NotEmulatedError, match="JSONata"):
        Machine(cloud, {"Done": DONE}, QueryLanguage="JSONata")


def test_a_machine_calls_only_what_its_role_allows(cloud: LocalCloud) -> None:
    parameters = {"FunctionName": cloud.attribute("GreetFunction", "Arn"), "Payload": {}}
    machine = Machine(cloud, {"Try": task(Parameters=parameters)})
    found = machine.describe(machine.start())
    assert (found["status"], found["error"]) == ("FAILED", "Lambda.AccessDeniedException")


def test_a_machine_can_start_another_and_wait_for_it(cloud: LocalCloud) -> None:
    inner = Machine(cloud, WAITING["in a wait"])
    parameters = {"StateMachineArn": inner.arn, "Input": {"a": 1}}
    states = {
        "Nested": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": parameters,
            "End": True,
        }
    }
    definition = json.dumps({"StartAt": "Nested", "States": states})
    role = cloud.attribute("ScratchRole", "Arn")
    outer = inner.client.create_state_machine(name="outer", definition=definition, roleArn=role)[
        "stateMachineArn"
    ]
    arn = inner.client.start_execution(stateMachineArn=outer)["executionArn"]
    cloud.advance(days=2)
    found = inner.describe(arn)
    assert (found["status"], elapsed(found)) == ("SUCCEEDED", 86_400)
    assert json.loads(found["output"])["Output"] == {"a": 1}


def test_a_machine_sends_to_a_queue(cloud: LocalCloud) -> None:
    parameters = {"QueueUrl": cloud.resource("DeadLetters"), "MessageBody.$": "$"}
    states = {
        "Send": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": parameters,
            "End": True,
        }
    }
    Machine(cloud, states).start(a=1)
    message = cloud.client("sqs").receive_message(QueueUrl=cloud.resource("DeadLetters"))["Messages"][0]
    assert json.loads(message["Body"]) == {"a": 1}


def test_the_record_of_an_execution_has_its_story(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", {"customer": {"id": "ana", "email": "ana@example.com"}})
    (run,) = cloud.executions("Greeting")
    assert isinstance(run, ExecutionRecord)
    assert (run.name, run.status, run.input, run.stopped_at) == (
        "greet-ana",
        "RUNNING",
        {"customer": "ana"},
        None,
    )
    assert run.states == ["Greet", "Wait a Week"]
    cloud.advance(days=8)
    (run,) = cloud.executions("Greeting")
    assert (run.status, run.transitions, run.error) == ("SUCCEEDED", 4, "")
    assert run.history[-1]["type"] == "ExecutionSucceeded"
    assert run.output["customer"] == "ana"


def test_lists_come_in_pages_newest_first(cloud: LocalCloud) -> None:
    machine = Machine(cloud, {"Done": DONE})
    for number in range(5):
        machine.start(f"r{number}")
    page = machine.client.list_executions(stateMachineArn=machine.arn, maxResults=3)
    assert [e["name"] for e in page["executions"]] == ["r4", "r3", "r2"]
    rest = machine.client.list_executions(
        stateMachineArn=machine.arn, maxResults=3, nextToken=page["nextToken"]
    )
    assert [e["name"] for e in rest["executions"]] == ["r1", "r0"]
    assert (
        machine.client.list_executions(stateMachineArn=machine.arn, statusFilter="RUNNING")["executions"]
        == []
    )

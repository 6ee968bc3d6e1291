"""The operations of Step Functions."""

from itertools import islice
from typing import Any

from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
)
from moto.stepfunctions.parser.asl.parse.asl_parser import ASLParserException

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError, NotEmulatedError
from local_cloud.workflows.definition import check_definition
from local_cloud.workflows.engine import Engine, check_json
from local_cloud.workflows.interpreter import parse_program
from local_cloud.workflows.run import Machine, Run

_PAGE = 100
type Params = dict[str, Any]


class StepFunctions:
    """Machines, executions, task tokens."""

    rest_is_motos = False

    def __init__(self, clock: VirtualClock, engine: Engine) -> None:
        self._clock = clock
        self._engine = engine
        self.operations = {
            "CreateStateMachine": self._create_machine,
            "UpdateStateMachine": self._update_machine,
            "DescribeStateMachine": self._describe_machine,
            "ListStateMachines": self._list_machines,
            "DeleteStateMachine": self._delete_machine,
            "StartExecution": self._start,
            "StopExecution": self._stop,
            "DescribeExecution": lambda p: _described(engine.run(p["executionArn"])),
            "ListExecutions": self._list,
            "GetExecutionHistory": self._history,
            "SendTaskSuccess": self._succeed,
            "SendTaskFailure": self._fail,
            "SendTaskHeartbeat": self._heartbeat,
        }

    def _create_machine(self, params: Params) -> dict[str, Any]:
        name = params["name"]
        if params.get("type", "STANDARD") != "STANDARD":
            raise NotEmulatedError(
                f"state machine {name}: the local cloud runs Standard machines only, no Express"
            )
        definition = params["definition"]
        _check_machine(definition)
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}"
        if arn in self._engine.machines:
            raise AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
        now = self._clock.now_as_datetime
        self._engine.machines[arn] = Machine(name, arn, definition, params["roleArn"], "STANDARD", now)
        return {"stateMachineArn": arn, "creationDate": now}

    def _update_machine(self, params: Params) -> dict[str, Any]:
        machine = self._engine.machine(params["stateMachineArn"])
        if "definition" in params:
            _check_machine(params["definition"])
            machine.definition = params["definition"]
        machine.role_arn = params.get("roleArn", machine.role_arn)
        return {"updateDate": self._clock.now_as_datetime}

    def _describe_machine(self, params: Params) -> dict[str, Any]:
        machine = self._engine.machine(params["stateMachineArn"])
        return {
            "stateMachineArn": machine.arn,
            "name": machine.name,
            "status": "ACTIVE",
            "definition": machine.definition,
            "roleArn": machine.role_arn,
            "type": machine.sm_type,
            "creationDate": machine.created_at,
        }

    def _list_machines(self, _: Params) -> dict[str, Any]:
        found = [
            {"stateMachineArn": m.arn, "name": m.name, "type": m.sm_type, "creationDate": m.created_at}
            for m in self._engine.machines.values()
        ]
        return {"stateMachines": found}

    def _delete_machine(self, params: Params) -> dict[str, Any]:
        self._engine.machines.pop(params["stateMachineArn"], None)
        return {}

    def _start(self, params: Params) -> dict[str, Any]:
        run = self._engine.start(params["stateMachineArn"], params.get("input", "{}"), params.get("name", ""))
        return {"executionArn": run.arn, "startDate": run.started_at}

    def _stop(self, params: Params) -> dict[str, Any]:
        run = self._engine.run(params["executionArn"])
        self._engine.stop(run, params.get("error"), params.get("cause"))
        return {"stopDate": run.stopped_at}

    def _list(self, params: Params) -> dict[str, Any]:
        machine = self._engine.machine(params["stateMachineArn"])
        wanted = params.get("statusFilter")
        # Those that run are few among those that ever ran, and are read most.
        among = machine.running if wanted == "RUNNING" else machine.runs
        runs = (run for run in reversed(among.values()) if wanted in {None, run.status})
        start, size = int(params.get("nextToken", "0")), int(params.get("maxResults", 0)) or _PAGE
        found = list(islice(runs, start, start + size + 1))
        page: dict[str, Any] = {"executions": [_listed(run) for run in found[:size]]}
        if len(found) > size:
            page["nextToken"] = str(start + size)
        return page

    def _history(self, params: Params) -> dict[str, Any]:
        events = self._engine.run(params["executionArn"]).events()
        if params.get("reverseOrder"):
            events.reverse()
        start, size = int(params.get("nextToken", "0")), int(params.get("maxResults", 0)) or _PAGE
        page: dict[str, Any] = {"events": events[start : start + size]}
        if start + size < len(events):
            page["nextToken"] = str(start + size)
        return page

    def _succeed(self, params: Params) -> dict[str, Any]:
        check_json(params["output"], "InvalidOutput", "Invalid Output")
        token = params["taskToken"]
        endpoint = self._engine.tokens.endpoint(token)
        self._engine.tokens.close(token)
        endpoint.notify(CallbackOutcomeSuccess(callback_id=token, output=params["output"]))
        return {}

    def _fail(self, params: Params) -> dict[str, Any]:
        token = params["taskToken"]
        endpoint = self._engine.tokens.endpoint(token)
        self._engine.tokens.close(token)
        error, cause = params.get("error", ""), params.get("cause", "")
        endpoint.notify(CallbackOutcomeFailure(callback_id=token, error=error, cause=cause))
        return {}

    def _heartbeat(self, params: Params) -> dict[str, Any]:
        self._engine.tokens.endpoint(params["taskToken"]).notify_heartbeat()
        return {}


def _check_machine(definition: str) -> None:
    check_definition(definition)
    try:
        parse_program(definition)
    except ASLParserException as error:
        raise AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{error}'") from None
    except Exception as error:  # noqa: BLE001 - moto's builder raises anything for a wrong value
        raise AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{error}'") from None


def _listed(run: Run) -> dict[str, Any]:
    found = {
        "executionArn": run.arn,
        "stateMachineArn": run.machine.arn,
        "name": run.name,
        "status": run.status,
        "startDate": run.started_at,
    }
    if run.stopped_at is not None:
        found["stopDate"] = run.stopped_at
    return found


def _described(run: Run) -> dict[str, Any]:
    found = {**_listed(run), "input": run.input_text, "inputDetails": {"included": True}}
    if run.output_text is not None:
        found |= {"output": run.output_text, "outputDetails": {"included": True}}
    if run.error is not None:
        found["error"] = run.error
    if run.cause is not None:
        found["cause"] = run.cause
    return found

"""The Step Functions service of the local cloud: machines, executions, task tokens."""

import contextvars
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackOutcomeFailure,
    CallbackOutcomeSuccess,
)
from moto.stepfunctions.parser.asl.parse.asl_parser import ASLParserException
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import Execution

from outreach_tools.local.access.callers import ACCOUNT, REGION, Caller, calling_as, role_name
from outreach_tools.local.clock import VirtualClock, Waiters
from outreach_tools.local.errors import AwsError, NotEmulatedError
from outreach_tools.local.randomness import Randomness
from outreach_tools.local.workflows.definition import check_definition
from outreach_tools.local.workflows.interpreter import current_run, parse_program
from outreach_tools.local.workflows.run import MAXIMUM_INPUT, Machine, Run
from outreach_tools.local.workflows.tokens import TaskTokens

_FORBIDDEN_IN_NAME = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")
_NAME_LIMIT = 80
_NAME_KEPT = timedelta(days=90)
type Params = dict[str, Any]
type Announce = Callable[[Run], None]


class StepFunctions:
    """All machines by ARN, and their executions."""

    rest_is_motos = False

    def __init__(self, clock: VirtualClock, randomness: Randomness, announce: Announce) -> None:
        self._clock = clock
        self._randomness = randomness
        self._announce = announce
        self._machines: dict[str, Machine] = {}
        self._runs: dict[str, Run] = {}
        self._by_inside: dict[int, Run] = {}
        self.some_run_ended: Waiters = []
        self.tokens = TaskTokens(
            lambda: f"AQCEAAAAKgAAAAMAAAAAAAAAA{randomness.stream('tokens').getrandbits(512):0128x}"
        )
        self.operations = {
            "CreateStateMachine": self._create_machine,
            "UpdateStateMachine": self._update_machine,
            "DescribeStateMachine": self._describe_machine,
            "ListStateMachines": self._list_machines,
            "DeleteStateMachine": self._delete_machine,
            "StartExecution": self._start,
            "StopExecution": self._stop,
            "DescribeExecution": lambda p: _described(self._run(p)),
            "ListExecutions": self._list,
            "GetExecutionHistory": self._history,
            "SendTaskSuccess": self._succeed,
            "SendTaskFailure": self._fail,
            "SendTaskHeartbeat": self._heartbeat,
        }

    def runs_of(self, machine_arn: str) -> list[Run]:
        """Every execution of a machine, oldest first."""
        return [run for run in self._runs.values() if run.machine.arn == machine_arn]

    def start(self, machine_arn: str, text: str, name: str = "") -> Run:
        """Start an execution; the same name with the same input is the same execution while it runs.

        Raises AwsError: StateMachineDoesNotExist, InvalidName, InvalidExecutionInput, ExecutionAlreadyExists.
        """
        machine = self._machine(machine_arn)
        name = name or self._randomness.uuid("executions")
        if len(name) > _NAME_LIMIT or _FORBIDDEN_IN_NAME.search(name):
            raise AwsError("InvalidName", f"Invalid Name: '{name}'")
        _check_json(text, "InvalidExecutionInput", "Invalid State Machine Execution Input")
        known = machine.runs.get(name)
        if known is not None and (
            known.running or self._clock.now_as_datetime < _closed_at(known) + _NAME_KEPT
        ):
            if known.running and known.input_text == text:
                return known
            raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{known.arn}'")
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{machine.name}:{name}"
        run = Run(name, arn, machine, text, self._clock.now_as_datetime)
        machine.runs[name] = self._runs[arn] = run
        self._announce(run)
        self._set_going(run)
        return run

    def _set_going(self, run: Run) -> None:
        machine = run.machine
        run.inside = Execution(
            name=run.name,
            sm_type=machine.sm_type,  # type: ignore[arg-type] # it is only passed on
            role_arn=machine.role_arn,
            exec_arn=run.arn,
            account_id=ACCOUNT,
            region_name=REGION,
            state_machine=machine,  # type: ignore[arg-type] # it has what is read from one
            start_date=run.started_at,
            cloud_watch_logging_session=None,
            activity_store={},
            input_data=run.input_text,
        )
        self._by_inside[id(run.inside)] = run

        def begin() -> None:
            current_run.set(run)
            with calling_as(Caller(role_name(machine.role_arn))):
                run.inside.start()

        # In a context of its own: the interpreter's tasks call AWS as the machine's role, not as whoever
        # started it.
        contextvars.Context().run(begin)

    def ended(self, inside: Any) -> None:
        """The interpreter came to the end of an execution."""
        run = self._by_inside.get(id(inside))
        if run is None or not run.running:
            return
        status = inside.exec_status.value
        output = to_json_str(inside.output, separators=(",", ":")) if status == "SUCCEEDED" else None
        self._close(run, status, output, inside.error, inside.cause)

    def _close(self, run: Run, status: str, output: str | None, error: str | None, cause: str | None) -> None:
        tasks = list(run.tasks)
        del self._by_inside[id(run.inside)]
        run.close(status, self._clock.now_as_datetime, output, error, cause)
        self._clock.fire(self.some_run_ended)
        self._announce(run)
        for task in tasks:
            self._clock.kill(task)

    # --- operations

    def _create_machine(self, params: Params) -> dict[str, Any]:
        name = params["name"]
        if params.get("type", "STANDARD") != "STANDARD":
            raise NotEmulatedError(
                f"state machine {name}: the local cloud runs Standard machines only, no Express"
            )
        definition = params["definition"]
        _check_machine(definition)
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}"
        if arn in self._machines:
            raise AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
        now = self._clock.now_as_datetime
        self._machines[arn] = Machine(name, arn, definition, params["roleArn"], "STANDARD", now)
        return {"stateMachineArn": arn, "creationDate": now}

    def _update_machine(self, params: Params) -> dict[str, Any]:
        machine = self._machine(params["stateMachineArn"])
        if "definition" in params:
            _check_machine(params["definition"])
            machine.definition = params["definition"]
        machine.role_arn = params.get("roleArn", machine.role_arn)
        return {"updateDate": self._clock.now_as_datetime}

    def _describe_machine(self, params: Params) -> dict[str, Any]:
        machine = self._machine(params["stateMachineArn"])
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
            for m in self._machines.values()
        ]
        return {"stateMachines": found}

    def _delete_machine(self, params: Params) -> dict[str, Any]:
        self._machines.pop(params["stateMachineArn"], None)
        return {}

    def _start(self, params: Params) -> dict[str, Any]:
        run = self.start(params["stateMachineArn"], params.get("input", "{}"), params.get("name", ""))
        return {"executionArn": run.arn, "startDate": run.started_at}

    def _stop(self, params: Params) -> dict[str, Any]:
        run = self._run(params)
        if run.running:
            error, cause = params.get("error"), params.get("cause")
            now = self._clock.now_as_datetime
            worker = run.inside.exec_worker
            if worker.env is not None:
                worker.stop(stop_date=now, error=error, cause=cause)
                _note_abort(worker.env, error, cause)
            self._close(run, "ABORTED", None, error, cause)
        return {"stopDate": run.stopped_at}

    def _list(self, params: Params) -> dict[str, Any]:
        machine = self._machine(params["stateMachineArn"])
        wanted = params.get("statusFilter")
        runs = [r for r in reversed(self.runs_of(machine.arn)) if wanted in {None, r.status}]
        start, size = int(params.get("nextToken", "0")), int(params.get("maxResults", 0)) or 1000
        page: dict[str, Any] = {"executions": [_listed(r) for r in runs[start : start + size]]}
        if start + size < len(runs):
            page["nextToken"] = str(start + size)
        return page

    def _history(self, params: Params) -> dict[str, Any]:
        events = self._run(params).events()
        if params.get("reverseOrder"):
            events.reverse()
        start, size = int(params.get("nextToken", "0")), int(params.get("maxResults", 0)) or 1000
        page: dict[str, Any] = {"events": events[start : start + size]}
        if start + size < len(events):
            page["nextToken"] = str(start + size)
        return page

    def _succeed(self, params: Params) -> dict[str, Any]:
        _check_json(params["output"], "InvalidOutput", "Invalid Output")
        token = params["taskToken"]
        endpoint = self.tokens.endpoint(token)
        self.tokens.close(token)
        endpoint.notify(CallbackOutcomeSuccess(callback_id=token, output=params["output"]))
        return {}

    def _fail(self, params: Params) -> dict[str, Any]:
        token = params["taskToken"]
        endpoint = self.tokens.endpoint(token)
        self.tokens.close(token)
        error, cause = params.get("error", ""), params.get("cause", "")
        endpoint.notify(CallbackOutcomeFailure(callback_id=token, error=error, cause=cause))
        return {}

    def _heartbeat(self, params: Params) -> dict[str, Any]:
        self.tokens.endpoint(params["taskToken"]).notify_heartbeat()
        return {}

    # --- inside

    def _machine(self, arn: str) -> Machine:
        if arn not in self._machines:
            raise AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        return self._machines[arn]

    def _run(self, params: Params) -> Run:
        arn = params["executionArn"]
        if arn not in self._runs:
            raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
        return self._runs[arn]


def _check_machine(definition: str) -> None:
    check_definition(definition)
    try:
        parse_program(definition)
    except ASLParserException as error:
        raise AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{error}'") from None
    except Exception as error:  # noqa: BLE001 - moto's builder raises anything for a wrong value
        raise AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{error}'") from None


def _check_json(text: str, code: str, says: str) -> None:
    if len(text.encode()) > MAXIMUM_INPUT:
        raise AwsError(code, f"{says}: it is longer than {MAXIMUM_INPUT} bytes")
    try:
        json.loads(text)
    except ValueError as error:
        raise AwsError(code, f"{says}: '{error}'") from None


def _closed_at(run: Run) -> Any:
    return run.stopped_at or run.started_at


def _note_abort(env: Any, error: str | None, cause: str | None) -> None:
    details = {k: v for k, v in (("error", error), ("cause", cause)) if v is not None}
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.ExecutionAborted,
        event_details={"executionAbortedEventDetails": details},
    )


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

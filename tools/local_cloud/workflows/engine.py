"""State machines and their executions: started, stopped, ended, and found again."""

import contextvars
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import Execution

from local_cloud.access.callers import ACCOUNT, REGION, Caller, calling_as, role_name
from local_cloud.clock import VirtualClock, Waiters
from local_cloud.errors import AwsError
from local_cloud.randomness import Randomness
from local_cloud.workflows.interpreter import current_run
from local_cloud.workflows.run import MAXIMUM_INPUT, Machine, Run
from local_cloud.workflows.tokens import TaskTokens

_FORBIDDEN_IN_NAME = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")
_NAME_LIMIT = 80
_NAME_KEPT = timedelta(days=90)
type Announce = Callable[[Run], None]


class Engine:
    """All machines by ARN, all executions by ARN."""

    def __init__(self, clock: VirtualClock, randomness: Randomness, announce: Announce) -> None:
        self._clock = clock
        self._randomness = randomness
        self._announce = announce
        self._runs: dict[str, Run] = {}
        self._by_inside: dict[int, Run] = {}
        self.machines: dict[str, Machine] = {}
        self.some_run_ended: Waiters = []
        draw = randomness.stream("tokens")
        self.tokens = TaskTokens(lambda: f"AQCEAAAAKgAAAAMAAAAAAAAAA{draw.getrandbits(512):0128x}")

    def machine(self, arn: str) -> Machine:
        """A machine.

        Raises AwsError (StateMachineDoesNotExist).
        """
        if arn not in self.machines:
            raise AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        return self.machines[arn]

    def run(self, arn: str) -> Run:
        """An execution.

        Raises AwsError (ExecutionDoesNotExist).
        """
        if arn not in self._runs:
            raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
        return self._runs[arn]

    def start(self, machine_arn: str, text: str, name: str = "") -> Run:
        """Start an execution; the same name with the same input is the same execution while it runs.

        Raises AwsError: StateMachineDoesNotExist, InvalidName, InvalidExecutionInput, ExecutionAlreadyExists.
        """
        machine = self.machine(machine_arn)
        name = name or self._randomness.uuid("executions")
        if len(name) > _NAME_LIMIT or _FORBIDDEN_IN_NAME.search(name):
            raise AwsError("InvalidName", f"Invalid Name: '{name}'")
        check_json(text, "InvalidExecutionInput", "Invalid State Machine Execution Input")
        known = machine.runs.get(name)
        if known is not None and (known.running or self._clock.now_as_datetime < _closed(known) + _NAME_KEPT):
            if known.running and known.input_text == text:
                return known
            raise AwsError("ExecutionAlreadyExists", f"Execution Already Exists: '{known.arn}'")
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{machine.name}:{name}"
        run = Run(name, arn, machine, text, self._clock.now_as_datetime)
        # A name that is used again after its time is a new execution, and the newest.
        machine.runs.pop(name, None)
        machine.runs[name] = machine.running[name] = self._runs[arn] = run
        self._announce(run)
        self._set_going(run)
        return run

    def stop(self, run: Run, error: str | None, cause: str | None) -> None:
        """End a running execution at once, wherever it is; one that has ended stays as it is."""
        if not run.running:
            return
        worker = run.inside.exec_worker
        if worker.env is not None:
            worker.stop(stop_date=self._clock.now_as_datetime, error=error, cause=cause)
            _note_abort(worker.env, error, cause)
        self._close(run, "ABORTED", None, error, cause)

    def ended(self, inside: Any) -> None:
        """The interpreter has ended an execution."""
        run = self._by_inside.get(id(inside))
        if run is None or not run.running:
            return
        status = inside.exec_status.value
        output = to_json_str(inside.output, separators=(",", ":")) if status == "SUCCEEDED" else None
        self._close(run, status, output, inside.error, inside.cause)

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

        # In a context of its own: the interpreter's tasks call AWS as the machine's role, not as its
        # caller's.
        contextvars.Context().run(begin)

    def _close(self, run: Run, status: str, output: str | None, error: str | None, cause: str | None) -> None:
        tasks = list(run.tasks)
        del self._by_inside[id(run.inside)]
        del run.machine.running[run.name]
        run.close(status, self._clock.now_as_datetime, output, error, cause)
        self._clock.fire(self.some_run_ended)
        self._announce(run)
        for task in tasks:
            self._clock.kill(task)


def check_json(text: str, code: str, says: str) -> None:
    """Raises AwsError with `code` for text that is too long or no JSON."""
    if len(text.encode()) > MAXIMUM_INPUT:
        raise AwsError(code, f"{says}: it is longer than {MAXIMUM_INPUT} bytes")
    try:
        json.loads(text)
    except ValueError as error:
        raise AwsError(code, f"{says}: '{error}'") from None


def _closed(run: Run) -> datetime:
    return run.stopped_at or run.started_at


def _note_abort(env: Any, error: str | None, cause: str | None) -> None:
    details = {k: v for k, v in (("error", error), ("cause", cause)) if v is not None}
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.ExecutionAborted,
        event_details={"executionAbortedEventDetails": details},
    )

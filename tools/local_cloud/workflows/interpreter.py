"""moto's interpreter of the states language, put on the virtual clock and changed where it differs from AWS.

Every replacement is listed in `install`, with what is wrong without it.
"""

import functools
import logging
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import moto.stepfunctions.parser.models  # noqa: F401 - loads the whole interpreter, whose modules are then walked
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.common.retry import jitter_strategy_decl
from moto.stepfunctions.parser.asl.component.state import state as state_module
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service as service_module,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk as sdk_module,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback as callback_module,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import timestamp as timestamp_module
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client as boto_client_module
from moto.stepfunctions.parser.backend import execution as execution_module
from moto.stepfunctions.parser.backend import execution_worker as worker_module

from local_cloud.clock import VirtualClock, Waiters
from local_cloud.clock.shims import Shims
from local_cloud.patches import PatchBrokenError, Patches
from local_cloud.randomness import Randomness
from local_cloud.workflows.casing import from_response, to_request
from local_cloud.workflows.cheaper import make_interpreter_cheap
from local_cloud.workflows.run import Run
from local_cloud.workflows.tokens import TaskTokens

PACKAGE = "moto.stepfunctions.parser"
FEWEST_REPLACED = 20  # 25 in moto 5.2.5; far fewer means that its modules have moved
current_run: ContextVar[Run | None] = ContextVar("current_run", default=None)

# Programs are immutable (counters live in the environment of a run), so they outlive a cloud.
parse_program = functools.lru_cache(maxsize=64)(AmazonStateLanguageParser.parse)
_OFFSET_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


def as_context_time(moment: datetime) -> str:
    """A time as the context object writes it: `2026-03-02T09:00:00.000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass(slots=True)
class Interpreter:
    """Installs the replacements for one cloud."""

    clock: VirtualClock
    randomness: Randomness
    tokens: TaskTokens
    client_for: Callable[[str], Any]
    """A boto3 client by service name."""
    ended: Callable[[Any], None]
    """Called with moto's Execution when one ends by itself."""
    some_run_ended: Waiters

    def install(self, patches: Patches) -> None:
        self._put_on_clock(patches)
        self._quieten(patches)
        # The grammar is parsed anew for every execution (tens of milliseconds).
        patches.replace(AmazonStateLanguageParser, "parse", staticmethod(parse_program))
        # Jitter would come from the process-wide generator.
        draw = self.randomness.stream("jitter")
        patches.replace(jitter_strategy_decl, "random", SimpleNamespace(uniform=draw.uniform))
        make_interpreter_cheap(patches)
        self._mend_times(patches)
        self._mend_tokens(patches)
        self._mend_endings(patches)
        self._mend_integrations(patches)

    def _put_on_clock(self, patches: Patches) -> None:
        """Without this every waiting state is an operating-system thread that really waits."""
        shims = Shims(self.clock, _remember_task)

        def client_for(region: str, service: str, state_credentials: Any = None) -> Any:
            return self.client_for(service)

        replaced = 0
        for name, module in list(sys.modules.items()):
            if not name.startswith(PACKAGE) or module is None:
                continue
            for key, value in list(vars(module).items()):
                stand_in = None if key.startswith("__") else shims.instead_of(key, value)
                if stand_in is not None:
                    patches.replace(module, key, stand_in)
                    replaced += 1
                elif value is boto_client_module.boto_client_for and module is not boto_client_module:
                    # A new client for every task costs milliseconds.
                    patches.replace(module, key, client_for)
        if replaced < FEWEST_REPLACED:
            raise PatchBrokenError(
                f"only {replaced} names of threading and time were found under {PACKAGE}, at least "
                f"{FEWEST_REPLACED} were expected: moto has changed, use the pinned version"
            )

    def _quieten(self, patches: Patches) -> None:
        """Moto logs every failing state as an error; a failing state is often what a test wants."""
        patches.replace(logging.getLogger(PACKAGE), "disabled", True)
        for name in list(logging.root.manager.loggerDict):
            if name.startswith(PACKAGE + "."):
                patches.replace(logging.getLogger(name), "disabled", True)

    def _mend_times(self, patches: Patches) -> None:
        clock = self.clock

        def wait_interval(function: Any, env: Any, wait_seconds: float) -> None:
            end = clock.now + wait_seconds
            while env.is_running() and clock.now < end:
                env.program_state_event.wait(end - clock.now)

        def wait_seconds(function: Any, env: Any) -> float:
            function.string.eval(env=env)
            text = env.stack.pop()
            if not isinstance(text, str) or not _OFFSET_TIME.fullmatch(text):
                raise FailureEventException(function._create_failure_event(env, text))
            return datetime.fromisoformat(text).timestamp() - clock.now

        # Whole seconds only, and a fraction makes it wait without end.
        patches.replace(WaitFunction, "_wait_interval", wait_interval)
        # Only `Z` is understood, and the zone of the machine is assumed to be UTC.
        patches.replace(timestamp_module.Timestamp, "_get_wait_seconds", wait_seconds)

        def state_data(**fields: Any) -> dict[str, Any]:
            return {**fields, "EnteredTime": as_context_time(clock.now_as_datetime)}

        def execution_data(**fields: Any) -> dict[str, Any]:
            return {**fields, "StartTime": as_context_time(fields["StartTime"])}

        # Both times lack AWS's form; StartTime is not even a text.
        patches.replace(state_module, "StateData", state_data)
        patches.replace(worker_module, "ExecutionData", execution_data)

    def _mend_tokens(self, patches: Patches) -> None:
        tokens = self.tokens
        service = callback_module.StateTaskServiceCallback

        def evaluate_with_timeout(task: Any, env: Any) -> None:
            if task.resource.condition != ResourceCondition.WaitForTaskToken:
                original(task, env)
                return
            token = tokens.new()
            env.states.context_object.context_object_data["Task"] = {"Token": token}
            tokens.open(token, env.callback_pool_manager.add(token))
            try:
                original(task, env)
            finally:
                tokens.close(token)

        # A retried task has to get a new token; moto gives it the old, already interrupted one.
        original = patches.replace(service, "_evaluate_with_timeout", evaluate_with_timeout)

        def sleep(_: float) -> None:
            self.clock.park(self.some_run_ended, None)

        # `.sync` asks twice a second whether the other execution has ended; here it is notified.
        patches.replace(callback_module, "time", SimpleNamespace(sleep=sleep))

    def _mend_endings(self, patches: Patches) -> None:
        communication = execution_module.BaseExecutionWorkerCommunication

        def terminated(worker_communication: Any) -> None:
            original(worker_communication)
            self.ended(worker_communication.execution)

        original = patches.replace(communication, "terminated", terminated)

    def _mend_integrations(self, patches: Patches) -> None:
        base = service_module.StateTaskService

        def to_boto(
            task: Any, parameters: Any, boto_service_name: Any = None, service_action_name: Any = None
        ) -> None:
            service, action = _service_and_action(task, boto_service_name, service_action_name)
            if service != "lambda":
                to_request(task, parameters, self.client_for(service), action)

        def from_boto(
            task: Any, response: Any, boto_service_name: Any = None, service_action_name: Any = None
        ) -> None:
            service, action = _service_and_action(task, boto_service_name, service_action_name)
            if service != "lambda":
                from_response(task, response, self.client_for(service), action)

        # Both are empty in moto, so `startExecution` and most SDK integrations send the wrong names.
        patches.replace(base, "_normalise_parameters", to_boto)
        patches.replace(base, "_normalise_response", from_boto)
        overrides = {**base._SERVICE_NAME_SFN_TO_BOTO_OVERRIDES, "eventbridge": "events"}
        patches.replace(base, "_SERVICE_NAME_SFN_TO_BOTO_OVERRIDES", overrides)
        names = {
            "sesv2": "SesV2",
            "scheduler": "Scheduler",
            "sqs": "Sqs",
            "s3": "S3",
            "eventbridge": "EventBridge",
        }
        patches.replace(sdk_module, "_SERVICE_ERROR_NAMES", {**sdk_module._SERVICE_ERROR_NAMES, **names})


def _service_and_action(task: Any, service: str | None, action: str | None) -> tuple[str, str]:
    return task._get_boto_service_name(service), task._get_boto_service_action(action)


def _remember_task(task: Any) -> None:
    run = current_run.get()
    if run is not None:
        run.tasks.append(task)

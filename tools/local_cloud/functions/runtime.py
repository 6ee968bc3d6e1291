"""Runs handlers, each as its function's role, with its own environment and modules."""

import json
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local_cloud.access.callers import Caller, calling_as
from local_cloud.clock import VirtualClock
from local_cloud.functions.configuration import FunctionConfiguration
from local_cloud.functions.context import LambdaContext
from local_cloud.functions.death import Death, ProcessDied
from local_cloud.functions.output import OUTPUT, FunctionOutput
from local_cloud.functions.process import HandlerMissingError, Process
from local_cloud.randomness import Randomness
from local_cloud.records import Invocation, LogLine, Outcome

RESPONSE_LIMIT = 6_291_556  # bytes, AWS's limit for a synchronous response


@dataclass(slots=True)
class Running:
    """The invocation that runs in a process now."""

    configuration: FunctionConfiguration
    process: Process
    deadline: float
    surrounding: "Running | None"
    number: int
    """The number of this invocation."""
    death: Death | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Lambda's answer: the payload as JSON text, and whether it is an error."""

    payload: str
    failed: bool
    error_type: str = ""
    error_message: str = ""


@dataclass(slots=True)
class Runtime:
    """All processes of all functions."""

    clock: VirtualClock
    randomness: Randomness
    record: Callable[[Invocation], None]
    log: Callable[[LogLine], None]
    output: FunctionOutput = OUTPUT
    running: Running | None = None
    stateless: tuple[str, ...] = ()
    """Packages that keep no state of a process: all processes share them."""
    _idle: dict[str, list[Process]] = field(default_factory=dict)
    _inherited: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    _count: int = 0

    def invoke(self, configuration: FunctionConfiguration, payload: str) -> Result:
        """Run a function with an event (JSON text) to its end."""
        self._count += 1
        request_id = self.randomness.uuid("requests")
        started = self.clock.now_as_datetime
        # As on Lambda, an environment that is busy (it sleeps, for example) is not shared: another one is
        # started.
        idle = self._idle.setdefault(configuration.name, [])
        process = idle.pop() if idle else Process(configuration, self._inherited, self.output, self.stateless)
        cold = process.cold
        result = self._run(configuration, process, payload, request_id)
        self.record(
            Invocation(
                function=configuration.logical_id,
                time=started,
                request_id=request_id,
                event_json=payload,
                outcome=Outcome.ERROR if result.failed else Outcome.OK,
                error_type=result.error_type,
                error_message=result.error_message,
                cold_start=cold,
            )
        )
        return result

    def replace_code(self) -> None:
        """Every next invocation is of a new process, as after a deployment of other code or layers."""
        self._idle.clear()

    def sleep(self, seconds: float) -> None:
        """Replaces `time.sleep`: virtual time passes, but never beyond the function's timeout."""
        running = self.running
        if running is None:
            self.clock.sleep(seconds)
            return
        left = running.deadline - self.clock.now
        self.clock.sleep(min(seconds, left))
        if seconds >= left:
            self.die(Death.TIMEOUT)

    def die(self, death: Death) -> None:
        """End the process that runs now; for a timeout the rest of its time passes first. Never returns."""
        running = self.running
        if running is not None:
            if death is Death.TIMEOUT and running.deadline > self.clock.now:
                self.clock.sleep(running.deadline - self.clock.now)
            running.death = death
        raise ProcessDied(death)

    def around_park(self) -> Callable[[], None]:
        """Take the running process out of the way of others; the returned function puts it back in."""
        running = self.running
        if running is None:
            return lambda: None
        self._leave(running)
        return lambda: self._enter(running)

    # --- inside

    def _enter(self, running: Running) -> None:
        running.process.enter()
        self.output.sink = lambda text: self.log(
            LogLine(running.configuration.logical_id, self.clock.now_as_datetime, text)
        )
        self.running = running

    def _leave(self, running: Running) -> None:
        self.output.end()
        self.output.sink = None
        running.process.leave()
        self.running = None

    def _run(
        self, configuration: FunctionConfiguration, process: Process, payload: str, request_id: str
    ) -> Result:
        surrounding = self.running
        if surrounding is not None:
            self._leave(surrounding)
        running = Running(
            configuration, process, self.clock.now + configuration.timeout, surrounding, self._count
        )
        self._enter(running)
        try:
            with calling_as(Caller(configuration.role, configuration.logical_id)):
                result = self._call_handler(running, payload, request_id)
        except ProcessDied:
            result = _failure(Death.EXIT.value, "", request_id)
        finally:
            self._leave(running)
            if surrounding is not None:
                self._enter(surrounding)
        if running.death is not None:
            return _death(running.death, configuration.timeout, request_id)
        self._idle[configuration.name].append(process)
        return result

    def _call_handler(self, running: Running, payload: str, request_id: str) -> Result:
        try:
            handler = running.process.handler()
        except HandlerMissingError as error:
            return _failure("Runtime.HandlerNotFound", str(error), request_id)
        except SyntaxError as error:
            return _failure("Runtime.UserCodeSyntaxError", str(error), request_id)
        except ImportError as error:
            module = running.configuration.handler.rpartition(".")[0]
            return _failure(
                "Runtime.ImportModuleError", f"Unable to import module '{module}': {error}", request_id
            )
        except Exception as error:  # noqa: BLE001 - any error of a module at import fails the invocation
            return _failed_by(error, request_id)
        context = LambdaContext(running.configuration, request_id, self.clock, running.deadline)
        # Importing draws random bytes too, but only the first time.
        self.randomness.begin(running.number)
        try:
            value = handler(json.loads(payload), context)
        except Exception as error:  # noqa: BLE001 - any error of a handler fails the invocation
            return _failed_by(error, request_id)
        except SystemExit as error:
            return _failure(
                "Runtime.ExitError", f"Runtime exited with error: exit status {error.code}", request_id
            )
        try:
            text = json.dumps(value)
        except (TypeError, ValueError) as error:
            return _failure("Runtime.MarshalError", f"Unable to marshal response: {error}", request_id)
        if len(text) > RESPONSE_LIMIT:
            message = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
            return _failure("Function.ResponseSizeTooLarge", message, request_id)
        return Result(text, failed=False)


def _frames(error: Exception) -> list[traceback.FrameSummary]:
    # Without the source lines: reading and underlining them costs more than the handler.
    walked = traceback.walk_tb(error.__traceback__)
    return traceback.StackSummary.extract(walked, lookup_lines=False)[1:]


def _failed_by(error: Exception, request_id: str) -> Result:
    frames = [f'  File "{f.filename}", line {f.lineno}, in {f.name}' for f in _frames(error)]
    return _failure(type(error).__name__, str(error), request_id, frames)


def _failure(error_type: str, message: str, request_id: str, frames: list[str] | None = None) -> Result:
    body: dict[str, Any] = {"errorMessage": message, "errorType": error_type, "requestId": request_id}
    if frames is not None:
        body["stackTrace"] = frames
    return Result(json.dumps(body), failed=True, error_type=error_type, error_message=message)


def _death(death: Death, timeout: int, request_id: str) -> Result:
    said = {
        Death.EXIT: "Error: Runtime exited with error: exit status 1",
        Death.TIMEOUT: f"Error: Task timed out after {timeout}.00 seconds",
    }[death]
    message = f"RequestId: {request_id} {said}"
    body = json.dumps({"errorType": death.value, "errorMessage": message})
    return Result(body, failed=True, error_type=death.value, error_message=message)

"""One execution of a state machine, and what is stored of it."""

import json
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MAXIMUM_INPUT = 262_144  # bytes of UTF-8


@dataclass(slots=True)
class Machine:
    """A state machine; it has the attributes that moto's interpreter reads from one."""

    name: str
    arn: str
    definition: str
    role_arn: str
    sm_type: str
    created_at: datetime
    runs: dict[str, "Run"] = field(default_factory=dict)
    """Every execution by name, oldest first."""
    running: dict[str, "Run"] = field(default_factory=dict)
    """Those that have not ended."""
    revision_id: str | None = None
    logging_config: None = None

    @property
    def create_date(self) -> datetime:
        return self.created_at


@dataclass(slots=True)
class Run:
    """An execution: while it runs the interpreter holds its history, afterwards a packed copy does."""

    name: str
    arn: str
    machine: Machine
    input_text: str
    started_at: datetime
    tasks: list[Any] = field(default_factory=list)
    """The interpreter's greenlets for this execution."""
    inside: Any = None
    """moto's Execution, until the end."""
    status: str = "RUNNING"
    output_text: str | None = None
    error: str | None = None
    cause: str | None = None
    stopped_at: datetime | None = None
    _packed: bytes = b""

    @property
    def running(self) -> bool:
        return self.status == "RUNNING"

    def events(self) -> list[dict[str, Any]]:
        """The history so far."""
        if self._packed:
            events: list[dict[str, Any]] = json.loads(zlib.decompress(self._packed))
            return events
        return [dict(e) for e in self._live_events()]

    def close(
        self, status: str, stopped_at: datetime, output: str | None, error: str | None, cause: str | None
    ) -> None:
        """Record the end and release the interpreter's objects."""
        self.status = status
        self.stopped_at = stopped_at
        self.output_text = output
        self.error = error
        self.cause = cause
        self._packed = zlib.compress(json.dumps(self._live_events(), default=str).encode(), 1)
        self.inside = None
        self.tasks.clear()

    def _live_events(self) -> list[dict[str, Any]]:
        worker = self.inside.exec_worker if self.inside is not None else None
        if worker is None or worker.env is None:
            return []
        events: list[dict[str, Any]] = worker.env.event_manager._history_event_list
        return events


@dataclass(frozen=True, slots=True)
class ExecutionRecord:
    """An execution as tests see it."""

    _run: Run

    @property
    def name(self) -> str:
        return self._run.name

    @property
    def arn(self) -> str:
        return self._run.arn

    @property
    def status(self) -> str:
        """RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED."""
        return self._run.status

    @property
    def input(self) -> Any:
        return json.loads(self._run.input_text)

    @property
    def output(self) -> Any:
        """The parsed output, None while there is none."""
        return None if self._run.output_text is None else json.loads(self._run.output_text)

    @property
    def error(self) -> str:
        return self._run.error or ""

    @property
    def cause(self) -> str:
        return self._run.cause or ""

    @property
    def started_at(self) -> datetime:
        return self._run.started_at

    @property
    def stopped_at(self) -> datetime | None:
        return self._run.stopped_at

    @property
    def history(self) -> list[dict[str, Any]]:
        """The events, as GetExecutionHistory lists them."""
        return self._run.events()

    @property
    def states(self) -> list[str]:
        """The names of the states entered, in order."""
        entered = (e.get("stateEnteredEventDetails") for e in self._run.events())
        return [details["name"] for details in entered if details]

    @property
    def transitions(self) -> int:
        """How many states were entered; Step Functions bills these, and one for the start."""
        return len(self.states)

"""The public class: a stack, deployed and running in this process, on a clock that advances on request.

More than 250 lines: all that a test may say to the cloud is a method here, most of a line or two.
"""

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from moto import mock_aws

from local_cloud import selfcheck
from local_cloud.alarms.board import Alarms
from local_cloud.clock import VirtualClock
from local_cloud.deploy.makers import all_makers
from local_cloud.deploy.stack import Stack
from local_cloud.deploy.template import read_template, stateless_packages
from local_cloud.errors import AlreadyRunningError
from local_cloud.messaging.http import HttpResponse
from local_cloud.moments import instant_of
from local_cloud.patches import Patches
from local_cloud.project import project_directory
from local_cloud.randomness import Randomness
from local_cloud.records import ApiCall, DeadDelivery, Invocation, LogLine, RefusedMessage
from local_cloud.sender import local_sender
from local_cloud.services import Services
from local_cloud.ses.account import SesAccount
from local_cloud.ses.feedback import Kind
from local_cloud.ses.sent_email import SentEmail
from local_cloud.workflows.run import ExecutionRecord

if TYPE_CHECKING:
    from local_cloud.faults import Fault, Outage

_DAY = 86_400.0
_STACK = "outreach"


class LocalCloud:
    """Deploys `<project>/template.yaml` on entering; everything is gone on leaving."""

    _running: "LocalCloud | None" = None

    def __init__(
        self,
        start: str | datetime = "2026-03-02T09:00:00Z",
        seed: int = 1,
        *,
        project: Path | str | None = None,
        parameters: Mapping[str, str] | None = None,
        ses: SesAccount | None = None,
        index_lag: float = 0,
    ) -> None:
        """`index_lag`: after how many seconds a query of a secondary index shows a write."""
        self._start = instant_of(start)
        self._seed = seed
        self._project = Path(project) if project is not None else None
        self._parameters = dict(parameters or {})
        self._account = ses or SesAccount()
        self._index_lag = index_lag
        self.faults: list[Fault | Outage] = []
        """The failures to come: append `Fault(…)`, or `Outage(…)` and remove it when the outage ends."""

    def __enter__(self) -> Self:
        if LocalCloud._running is not None:
            raise AlreadyRunningError(
                "another LocalCloud is running in this process: leave it before you enter one"
            )
        project = self._project or project_directory(Path.cwd())
        selfcheck.check_versions()
        with ExitStack() as undo:
            self._up(project, undo)
            self._undo = undo.pop_all()
        return self

    def _up(self, project: Path, undo: ExitStack) -> None:
        LocalCloud._running = self
        undo.callback(_forget_running)
        undo.callback(_restore_environment, dict(os.environ))
        os.environ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true"  # one would lead calls out of here
        mock = mock_aws()
        mock.start()
        undo.callback(mock.stop)
        self._clock = VirtualClock(self._start)
        self._clock.start()
        undo.callback(self._clock.stop)
        self._randomness = Randomness(self._seed)
        undo.callback(self._randomness.restore)
        patches = Patches()
        undo.callback(patches.undo)
        self._randomness.install(patches)
        self._services = Services(self._clock, self._randomness, self._account, self.faults)
        self._services.dynamodb.index_lag = self._index_lag
        self._services.install(patches)
        patches.replace(time, "sleep", self._services.runtime.sleep)
        template = read_template(project / "template.yaml", self._parameters)
        self._services.runtime.stateless = stateless_packages(template)
        makers = all_makers(self._services, self._randomness, _STACK)
        self._stack = Stack(template, local_sender(project, template) | self._parameters, makers, _STACK)
        self._stack.deploy()
        self._clock.call_in(_DAY, self._services.dynamodb.expire_daily)

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    # --- time

    @property
    def now(self) -> datetime:
        """The virtual time, aware, UTC."""
        return self._clock.now_as_datetime

    def advance(
        self,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        until: str | datetime | None = None,
    ) -> None:
        """Let time pass, with everything that happens in it, by a span or until an instant.

        Raises ValueError for an instant in the past.
        """
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        when = self.now + span if until is None else instant_of(until)
        if when < self.now:
            raise ValueError(f"advance until {when.isoformat()}: it is {self.now.isoformat()} already")
        self._clock.run_until(when.timestamp())

    def settle(self) -> None:
        """Run everything that is due now; no time passes."""
        self._clock.settle()

    def deploy_code(self) -> None:
        """Restart functions with the code and layers that the project's folder holds now.

        Resources stay as they are: a changed template is not deployed.
        """
        self._services.runtime.replace_code()

    # --- what comes in

    def emit(self, name: str, detail: Mapping[str, Any], source: str = "shop") -> None:
        """Put an event on the stack's own event bus and settle."""
        buses = self._stack.of_type("AWS::Events::EventBus")
        if len(buses) != 1:
            raise LookupError(f"the template has {len(buses)} event buses: use client('events').put_events")
        entry = {
            "Source": source,
            "DetailType": name,
            "Detail": json.dumps(detail),
            "EventBusName": self.resource(buses[0]),
        }
        answer = self.client("events").put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise ValueError(f"event {name} was refused: {answer['Entries'][0]['ErrorMessage']}")
        self.settle()

    def ses_event(self, name: str, message_id: str, **detail: Any) -> None:
        """Let SES report about a sent message, for example `"Email Bounced"`, and settle.

        `detail` changes what is reported: `bounceType="Transient"` goes into the event's own block, a name of
        the detail's top level (`mail={…}`) is merged there.
        """
        try:
            kind = Kind(name)
        except ValueError:
            raise ValueError(f"{name!r} is no SES event: use one of {', '.join(Kind)}") from None
        self._services.mailroom.report(kind, message_id, detail)
        self.settle()

    def http(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | str = b""
    ) -> HttpResponse:
        """Send a request to the stack's HTTP API and settle."""
        apis = list(self._services.apis.values())
        if len(apis) != 1:
            raise LookupError(f"the template has {len(apis)} HTTP APIs, http() needs exactly one")
        data = body.encode() if isinstance(body, str) else body
        response = apis[0].request(method, path, headers or {}, data)
        self.settle()
        return response

    # --- what can be seen

    @property
    def outbox(self) -> Sequence[SentEmail]:
        """Every sent e-mail, in order."""
        return tuple(self._services.mailroom.outbox)

    @property
    def calls(self) -> Sequence[ApiCall]:
        """Every AWS call that a handler made, in order."""
        return tuple(self._services.journal.calls)

    @property
    def invocations(self) -> Sequence[Invocation]:
        """Every run of a function, in order of their ends."""
        return tuple(self._services.journal.invocations)

    @property
    def logs(self) -> Sequence[LogLine]:
        """Every line that handlers printed or logged."""
        return tuple(self._services.journal.logs)

    @property
    def dead(self) -> Sequence[DeadDelivery]:
        """Events that ran out of retries and had no dead-letter queue."""
        return tuple(self._services.journal.dead)

    @property
    def refused(self) -> Sequence[RefusedMessage]:
        """The messages in the dead-letter queues of the stack, with their reasons."""
        return tuple(
            RefusedMessage(name, each.body, each.reason, datetime.fromtimestamp(each.sent_at, UTC))
            for name in self._stack.of_type("AWS::SQS::Queue")
            for each in self._services.sqs.dead_messages(self.resource(name))
        )

    @property
    def trace(self) -> str:
        """A hash of everything that happened; the same seed and the same calls give the same one."""
        digest = hashlib.sha256()
        for run in self._services.journal.invocations:
            parts = (run.time.isoformat(), run.function, run.event_json, run.outcome, run.error_type)
            digest.update("\0".join(parts).encode())
        for sent in self._services.mailroom.outbox:
            digest.update(sent.raw)
        return digest.hexdigest()

    @property
    def alarms(self) -> Alarms:
        """The alarms by logical id, evaluated up to now: `cloud.alarms["LateAlarm"].state`, `.history`."""
        return self._services.alarms()

    def executions(self, logical_id: str) -> Sequence[ExecutionRecord]:
        """The executions of a state machine, oldest first."""
        machine = self._services.workflows.machine(self.resource(logical_id))
        return tuple(ExecutionRecord(run) for run in machine.runs.values())

    def client(self, service: str) -> Any:
        """A boto3 client into the local cloud, as administrator."""
        return self._services.client(service)

    def resource(self, logical_id: str) -> str:
        """The physical id of a resource, what Ref gives."""
        return self._stack.physical_id(logical_id)

    def attribute(self, logical_id: str, name: str) -> str:
        """An attribute of a resource, what Fn::GetAtt gives."""
        return self._stack.attribute(logical_id, name)

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The stack's outputs."""
        return dict(self._stack.outputs)

    def used_permissions(self) -> Mapping[str, frozenset[str]]:
        """The actions that each role has used so far."""
        return self._services.roles.used()

    def unused_permissions(self) -> Mapping[str, tuple[str, ...]]:
        """For each role the allowed actions that nothing has used so far."""
        return self._services.roles.unused()


def _forget_running() -> None:
    LocalCloud._running = None  # noqa: SLF001 - this module's own


def _restore_environment(variables: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)

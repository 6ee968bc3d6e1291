"""All services of one local cloud, wired to each other."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from local_cloud.access.roles import Roles
from local_cloud.alarms.board import Alarms
from local_cloud.alarms.metrics import Metrics
from local_cloud.alarms.service import CloudWatch
from local_cloud.clients import Clients
from local_cloud.clock import VirtualClock
from local_cloud.faults import Fault, Outage
from local_cloud.functions.runtime import Runtime
from local_cloud.functions.service import Lambda
from local_cloud.gateway import Gateway
from local_cloud.messaging.bus import EventBridge
from local_cloud.messaging.delivery import Delivery
from local_cloud.messaging.queue_poller import QueuePollers
from local_cloud.messaging.scheduler import EventBridgeScheduler
from local_cloud.messaging.sns import Sns
from local_cloud.messaging.sqs import Sqs
from local_cloud.patches import Patches
from local_cloud.randomness import Randomness
from local_cloud.records import ApiCall, DeadDelivery, Invocation, LogLine
from local_cloud.ses.account import Allowance, SesAccount
from local_cloud.ses.mailroom import Mailroom
from local_cloud.ses.service import Ses
from local_cloud.tables.service import DynamoDb
from local_cloud.workflows.engine import Engine
from local_cloud.workflows.interpreter import Interpreter
from local_cloud.workflows.run import Run
from local_cloud.workflows.service import StepFunctions

if TYPE_CHECKING:
    from local_cloud.alarms.alarm import AlarmRule
    from local_cloud.errors import NotEmulatedError
    from local_cloud.messaging.http import HttpApi

# The interpreter's parameters are checked by the service, as on AWS, and not before.
_SES = "ses.amazonaws.com"
_UNCHECKED = Config(parameter_validation=False, retries={"total_max_attempts": 1})


@dataclass(slots=True)
class Journal:
    """The records."""

    calls: list[ApiCall] = field(default_factory=list)
    invocations: list[Invocation] = field(default_factory=list)
    dead: list[DeadDelivery] = field(default_factory=list)
    logs: list[LogLine] = field(default_factory=list)


class Services:
    """Builds and connects the services; `install` makes them answer this process's AWS clients."""

    def __init__(
        self, clock: VirtualClock, randomness: Randomness, account: SesAccount, faults: list[Fault | Outage]
    ) -> None:
        self.clock = clock
        self.journal = Journal()
        self.roles = Roles()
        journal = self.journal
        self.runtime = Runtime(clock, randomness, journal.invocations.append, journal.logs.append)
        clock.around_park = self.runtime.around_park
        self.delivery = Delivery(clock, self.roles, journal.dead.append)
        self.functions = Lambda(clock, self.runtime, self.delivery)
        self.events = EventBridge(clock, randomness, self.delivery)
        self.scheduler = EventBridgeScheduler(clock, randomness, self.delivery, self.roles)
        self.sqs = Sqs(clock, randomness)
        self.sns = Sns(clock, randomness, self.delivery)
        self.queue_pollers = QueuePollers(clock, self.functions.invoke)
        self.sqs.arrived = self.queue_pollers.arrived
        self.dynamodb = DynamoDb(clock)
        self.mailroom = Mailroom(
            clock,
            randomness,
            account,
            publish=self.events.publish,
            notify=self._notify,
            may_notify=lambda source, topic: self.sns.may_receive(topic, _SES, source),
            allowance=Allowance(account),
        )
        self.workflows = Engine(clock, randomness, self._announce)
        self.apis: dict[str, HttpApi] = {}
        self.alarm_rules: dict[str, AlarmRule | NotEmulatedError] = {}
        """By logical id; the error of an alarm that cannot be evaluated here."""
        self._metrics = Metrics()
        self._started = clock.now
        self.gateway = Gateway(self.runtime, self.roles, faults, journal.calls.append)
        self._clients = Clients()
        self._interpreter = Interpreter(
            clock,
            randomness,
            self.workflows.tokens,
            self._interpreters_client,
            self.workflows.ended,
            self.workflows.some_run_ended,
        )
        self.delivery.takers |= {
            "lambda": self.functions.accept,
            "sqs": self.sqs.put,
            "sns": self.sns.take,
            "states": lambda arn, payload, _: self._start(arn, payload),
            "events": lambda arn, payload, _: self._forward(arn, payload),
            "logs": lambda arn, payload, _: None,  # noqa: ARG005 - a log group as target only stores
        }
        self.delivery.keep_dead = self.sqs.keep_dead
        self.delivery.may_receive |= {
            "lambda": self.functions.may_receive,
            "sns": self.sns.may_receive,
            "sqs": self.sqs.may_receive,
        }
        self.gateway.fronts |= {
            "lambda": self.functions,
            "events": self.events,
            "scheduler": self.scheduler,
            "sqs": self.sqs,
            "sns": self.sns,
            "dynamodb": self.dynamodb,
            "sesv2": Ses(self.mailroom),
            "stepfunctions": StepFunctions(clock, self.workflows),
            "cloudwatch": CloudWatch(clock, self._metrics),
        }

    def install(self, patches: Patches) -> None:
        self._clients.install(patches)
        self._interpreter.install(patches)
        self.dynamodb.install(patches)
        self.gateway.install(patches)

    def alarms(self) -> Alarms:
        """The alarms, evaluated up to now."""
        series = self._metrics.gather(
            self.clock.now,
            self.journal.logs,
            self.journal.invocations,
            self.functions.name_of,
            self.sqs.queues(),
            self.workflows.machines.values(),
            self.apis.values(),
        )
        return Alarms(self.alarm_rules, series, self._started, self.clock.now)

    def client(self, service: str) -> Any:
        """A boto3 client into the local cloud."""
        return self._clients.get(service)

    def _interpreters_client(self, service: str) -> Any:
        return self._clients.get(service, config=_UNCHECKED)

    def _notify(self, source: str, topic: str, message: str) -> None:
        self.delivery.post(source, _SES, {"Arn": topic}, message)

    def _start(self, arn: str, payload: str) -> None:
        self.workflows.start(arn, payload)

    def _forward(self, bus_arn: str, payload: str) -> None:
        event = json.loads(payload)
        bus = bus_arn.rpartition("/")[2]
        self.events.publish(
            bus, event["source"], event["detail-type"], event["detail"], event.get("resources")
        )

    def _announce(self, run: Run) -> None:
        """Step Functions publishes every change of status of an execution on the default bus."""
        stop = run.stopped_at
        detail = {
            "executionArn": run.arn,
            "stateMachineArn": run.machine.arn,
            "name": run.name,
            "status": run.status,
            "startDate": int(run.started_at.timestamp() * 1000),
            "stopDate": int(stop.timestamp() * 1000) if stop else None,
            "input": run.input_text,
            "output": run.output_text,
            "error": run.error,
            "cause": run.cause,
        }
        self.events.publish(
            "default", "aws.states", "Step Functions Execution Status Change", detail, [run.arn]
        )

"""Replays what happened since the restored time: events, then opt-outs, then SES's reports.

Opt-outs come after the events, which bring the profiles; reports come last, because their runs must exist.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

MARGIN = timedelta(days=1)
"""A replay goes by the time in the event, which its producer may have set: usually to an earlier one."""
_DEPTHS: "tuple[QueueAttributeNameType, ...]" = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One replay: of an archive, to one rule, which fills a queue. Names of outputs of the stack."""

    what: str
    archive: str
    rule: str
    queue: str


STEPS = (
    ReplayStep("events", "EventArchiveArn", "EventsToIntakeRuleArn", "IntakeQueueUrl"),
    ReplayStep("opt-outs", "EventArchiveArn", "OptOutsToIntakeRuleArn", "IntakeQueueUrl"),
    ReplayStep("reports", "ReportArchiveArn", "ReportsToFeedbackRuleArn", "FeedbackQueueUrl"),
)


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """The progress of the replays."""

    names: tuple[str, ...]
    """Of those that were started."""
    words: str
    is_done: bool


class ReplayFailedError(Exception):
    """A replay ended without its events; the text says which, and in which state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replays:
    """Starts one when the one before is over and its queue is empty."""

    events: "EventBridgeClient"
    sqs: "SQSClient"
    outputs: "Mapping[str, str]"

    def go_on(
        self, started: "Sequence[str]", *, since: datetime, now: datetime, prefix: str, anyway: bool = False
    ) -> ReplayProgress:
        """Look at the newest replay, and start the next one if it is over. Raises ReplayFailedError."""
        names = tuple(started)
        if names:
            step = STEPS[len(names) - 1]
            state = self.events.describe_replay(ReplayName=names[-1])["State"]
            if state in {"FAILED", "CANCELLED", "CANCELLING"}:
                raise ReplayFailedError(f"the replay {names[-1]} of {step.what} is {state.lower()}")
            if state != "COMPLETED":
                return ReplayProgress(names, f"{step.what} are being replayed", is_done=False)
            waiting = 0 if anyway else self._waiting(step)
            if waiting:
                words = f"{step.what} were replayed; about {waiting} wait in the queue"
                return ReplayProgress(names, words, is_done=False)
            if len(names) == len(STEPS):
                return ReplayProgress(names, "everything was replayed and taken in", is_done=True)
        step = STEPS[len(names)]
        name = f"{prefix}-{len(names) + 1}-{int(now.timestamp())}"
        self._start(step, name, since - MARGIN, now)
        return ReplayProgress((*names, name), f"the replay of {step.what} was started", is_done=False)

    def _start(self, step: ReplayStep, name: str, start: datetime, end: datetime) -> None:
        archive = self.outputs[step.archive]
        rule = self.outputs[step.rule]
        self.events.start_replay(
            ReplayName=name,
            EventSourceArn=archive,
            EventStartTime=start,
            EventEndTime=end,
            Destination={"Arn": _bus_of(rule, self.outputs["BusName"]), "FilterArns": [rule]},
        )

    def _waiting(self, step: ReplayStep) -> int:
        answer = self.sqs.get_queue_attributes(QueueUrl=self.outputs[step.queue], AttributeNames=_DEPTHS)
        return sum(int(answer["Attributes"][name]) for name in _DEPTHS)


def _bus_of(rule_arn: str, own_bus: str) -> str:
    """The bus of a rule: `rule/NAME` is one of the default bus, `rule/BUS/NAME` one of another."""
    account, _, path = rule_arn.partition(":rule/")
    return f"{account}:event-bus/{own_bus if '/' in path else 'default'}"

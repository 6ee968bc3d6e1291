"""An enrollment: one customer in one campaign for one key, and where they stand in it.

More than 250 lines: one aggregate, whose changes are its methods.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from outreach.domain.intake.customer import Json
from outreach.domain.sending.send import Send, SendId, SendStatus

if TYPE_CHECKING:
    from outreach.domain.intake.event import Event


class EnrollmentStatus(StrEnum):
    """Whether anything more can happen in it."""

    ACTIVE = "active"
    FINISHED = "finished"
    """Every step is done."""
    LEFT = "left"
    """Ended before the last step; the reason says why."""


class LeaveReason(StrEnum):
    """Why an enrollment ended before its last step."""

    GOAL = "goal"
    EXIT_EVENT = "exit_event"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    ERASED = "erased"
    STOPPED = "stopped"
    """By an operator."""
    RESTARTED = "restarted"
    EXPIRED = "expired"
    """It took longer than any run may."""
    NO_INSTANT = "no_moment"
    """The date that a `wait: until:` needs is missing, or is none."""


class SkipReason(StrEnum):
    """Why a step was skipped. Reports show these values."""

    ERASED = "erased"
    SUPPRESSED = "suppressed"
    STOPPED = "stopped"
    """An operator stopped the customer in the campaign."""
    LEFT = "left"
    CONDITION = "condition"
    NOT_SUBSCRIBED = "not_subscribed"
    HOLDOUT = "holdout"
    NO_ADDRESS = "no_address"
    """No event came in time."""
    EXPIRED = "expired"
    NO_INSTANT = "no_moment"
    """A `wait: until:` whose expression gave no time, in rows of older releases: today the run ends."""
    EXPRESSION_FAILED = "expression_failed"
    """Its `if:` or `unless:` cannot be evaluated with this customer's facts."""


class HoldReason(StrEnum):
    """Why a send waits although it is due."""

    NO_ADDRESS = "no_address"
    """No address is known yet: it waits for one as for an event."""
    PAUSED = "paused"
    WINDOW = "window"
    CAP = "cap"
    PACE = "pace"
    QUOTA = "quota"
    UNRESOLVED = "in_doubt"
    """It was claimed, and its outcome is unresolved."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A step that was skipped."""

    reason: SkipReason
    at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentId:
    """Which enrollment; the same in every run, permanently."""

    customer_id: str
    campaign: str
    key: str
    """The id of the key, see `enrollment_key`. Rows of older releases hold the value itself."""


AN_ADDRESS = "an address"
"""Stands for the event in `Waiting.event` of a send that is held for an address; no event has this name."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open wait for an event, or for a date that events may move."""

    event: str | None
    """None for a date."""
    deadline: datetime
    token: str | None = None
    """The task token of the parked execution, once it is parked."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a run goes on after an operator's retry of its late messages."""

    step: str
    entered_at: datetime
    """When the run had entered that step."""
    late: tuple[str, ...] = ()
    """The steps whose messages are tried first, after the one where the run stands."""


LARGEST_IN_THE_RUN = 512
"""Bytes of properties in the run's own row; each claim and each report writes that row."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """The event that enrolled."""

    event_id: str
    name: str
    occurred_at: datetime
    properties: Mapping[str, Json] = field(default_factory=dict)
    order_id: str | None = None
    properties_apart: bool = False
    """Whether the properties lie in a row of their own, which is written once, and not in the run's row."""

    @classmethod
    def of(cls, event: "Event") -> "Trigger":
        """The trigger that an event is."""
        order_id = None if event.order is None else event.order.id
        apart = size_of(event.properties) > LARGEST_IN_THE_RUN
        return cls(event.id, event.name, event.occurred_at, event.properties, order_id, apart)


def size_of(properties: Mapping[str, Json]) -> int:
    """Bytes as compact JSON."""
    return len(json.dumps(properties, ensure_ascii=False, separators=(",", ":")).encode())


@dataclass(frozen=True, slots=True)
class Enrollment:
    """The row that every driver reads and writes; `version` guards each change."""

    id: EnrollmentId
    trigger: Trigger
    bundle: str
    """Version of the campaign whose steps this enrollment is pinned to."""
    started_at: datetime
    step: str
    """Label of the step it stands at."""
    entered_at: datetime
    """When it entered that step."""
    run: int = 1
    status: EnrollmentStatus = EnrollmentStatus.ACTIVE
    reason: str | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    """When a driver must look again; None when it waits only for an event."""
    waiting: Waiting | None = None
    consumed: Mapping[str, datetime] = field(default_factory=dict)
    """Per event name, the newest occurrence that a wait already used."""
    sends: Mapping[str, Send] = field(default_factory=dict)
    skips: Mapping[str, Skip] = field(default_factory=dict)
    holds: Mapping[str, int] = field(default_factory=dict)
    """Per hold reason, how often a due send was held."""
    hold: HoldReason | None = None
    """Why the send of the present step is held."""
    resume: Resume | None = None
    """Set while it stands at a message that is sent late, out of the order of the steps."""
    swept: bool = False
    """Whether it is in the due index: a sweep drives it, not an execution."""
    goal_at: datetime | None = None
    ended_by: str | None = None
    """Id of the event that ended it, so that a repeat of the event can finish what a crash left."""
    hidden_key: str | None = None
    """The value that `id.key` is a hash of; empty once it was erased, None where `id.key` is the value."""
    version: int = 0

    @property
    def is_active(self) -> bool:
        return self.status is EnrollmentStatus.ACTIVE

    @property
    def key_value(self) -> str:
        """The value of its key; empty once it was erased."""
        return self.id.key if self.hidden_key is None else self.hidden_key

    @property
    def has_purchase_in_id(self) -> bool:
        """Whether an older release wrote it, with what was bought as its key."""
        return self.hidden_key is None and self.id.key not in {self.id.customer_id, self.trigger.order_id}

    @property
    def is_unresolved(self) -> bool:
        """Whether one of its claims is unresolved."""
        return any(send.status is SendStatus.CLAIMED for send in self.sends.values())

    @property
    def execution_name(self) -> str:
        """Name of the workflow run: ids only, hashed, within the 80 characters of Step Functions."""
        ids = f"{self.id.customer_id}\x1f{self.id.campaign}\x1f{self.id.key}"
        return f"{self.id.campaign[:32]}-{sha256(ids.encode()).hexdigest()[:32]}-{self.run}"

    def send_id(self, step: str) -> SendId:
        """The identity of this run's send of a step."""
        return SendId(self.id.customer_id, self.id.campaign, self.id.key, self.run, step)

    @property
    def last_touch_at(self) -> datetime | None:
        """When the newest message was sent, or would have been for a customer who is held out."""
        sent = [send.at for send in self.sends.values() if send.status.went_out]
        spared = [skip.at for skip in self.skips.values() if skip.reason is SkipReason.HOLDOUT]
        return max(sent + spared, default=None)

    def enter_step(self, label: str, now: datetime) -> "Enrollment":
        """Standing at another step from now on."""
        return replace(self, step=label, entered_at=now, due_at=None, waiting=None, hold=None)

    def past_step(self, following: str, at: datetime) -> "Enrollment":
        """Past its step, which was over at `at`: at the following one, or where it resumes."""
        if self.resume is None:
            return self.enter_step(following, at)
        if not self.resume.late:
            return replace(self.enter_step(self.resume.step, self.resume.entered_at), resume=None)
        first, *others = self.resume.late
        return replace(self.enter_step(first, at), resume=replace(self.resume, late=tuple(others)))

    def skipping(self, step: str, reason: SkipReason, now: datetime) -> "Enrollment":
        """With one more skipped step; the first reason stays."""
        return replace(self, skips={step: Skip(reason, now), **self.skips})

    def with_send(self, step: str, send: Send) -> "Enrollment":
        return replace(self, sends={**self.sends, step: send})

    def return_to_step(self, label: str, entered_at: datetime, now: datetime) -> "Enrollment":
        """Standing again at a step that it had entered at `entered_at`, and due, even if it was over."""
        return replace(
            self,
            step=label,
            entered_at=entered_at,
            status=EnrollmentStatus.ACTIVE,
            reason=None,
            ended_at=None,
            ended_by=None,
            due_at=now,
            waiting=None,
            hold=None,
        )

    def held(self, reason: HoldReason, until: datetime) -> "Enrollment":
        """Waiting at the same step; a hold that only continues is counted once."""
        holds = self.holds if self.hold is reason else {**self.holds, reason: self.holds.get(reason, 0) + 1}
        return replace(self, hold=reason, due_at=until, holds=holds)

    def held_for_address(self, until: datetime) -> "Enrollment":
        """Held until the event that brings the address; a token that is known stays."""
        token = None if self.waiting is None else self.waiting.token
        held = self.held(HoldReason.NO_ADDRESS, until)
        return replace(held, waiting=Waiting(AN_ADDRESS, until, token))

    def ended(
        self, status: EnrollmentStatus, reason: str, now: datetime, *, by: str | None = None
    ) -> "Enrollment":
        """Ended. Nothing is due and nothing waits any more."""
        return replace(
            self,
            status=status,
            reason=reason,
            ended_at=now,
            due_at=None,
            waiting=None,
            hold=None,
            ended_by=by,
        )

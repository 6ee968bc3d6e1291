"""What the operator's use cases need of the world."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from outreach.domain.intake.customer import Customer
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.breaker import Breaker
    from outreach.domain.sending.page import Receipt
    from outreach.domain.sending.send import Send, SendId
    from outreach.domain.sending.sending_state import CampaignPause, Pause, SendingState


class Reopening(Protocol):
    """Lets a person take back that a send had failed."""

    def reopen(self, enrollment: Enrollment, steps: Collection[str]) -> Enrollment:
        """Store the sends of these steps as deferred, and where their enrollment stands.

        It is the only way down in rank. Raises ConflictError when the enrollment changed since it was
        read, or one of the sends has not failed (any more): feedback may know better.
        """
        ...


@dataclass(frozen=True, slots=True)
class FailedExecution:
    """An execution that ended without finishing its journey."""

    name: str
    enrollment_id: EnrollmentId
    run: int
    at: datetime
    own_failures: int = 1
    """Of it and those before it, how many came while others did not fail: an outage counts against nobody."""


class Successor(Enum):
    """What became of the wish to begin a failed execution again."""

    STARTED = auto()
    HAD_ONE = auto()
    NO_MORE = auto()
    """It and its successors failed as often as they may."""


class Executions(Protocol):
    """Finds executions that failed, and begins them again; knows which runs are carried."""

    def failed(self, stop_at: datetime) -> Iterable[FailedExecution]:
        """Those that failed or timed out, and those that were stopped lately, in another order each time.

        It stops looking at `stop_at`. Who left was stopped too: ask the enrollment.
        """
        ...

    def begin_again(self, failed: FailedExecution) -> Successor:
        """Start a successor, once however often this is called."""
        ...

    def begin_anew(self, enrollment: Enrollment) -> Successor:
        """Start an execution because a person says so, however often others failed."""
        ...

    def running(self) -> Iterable[str]:
        """The `execution_name` of each enrollment that an execution carries now, whichever that is."""
        ...


class RestoredSends(Protocol):
    """Writes sends that a restored table does not know."""

    def restore(self, enrollment: Enrollment, step: str, customer: Customer | None) -> None:
        """Store the enrollment with its send of the step; with a customer, the cap counts the send.

        Raises ConflictError when the enrollment or the customer changed since they were read, or when the
        send is known.
        """
        ...

    def note_unmatched(self, send_id: SendId, now: datetime) -> None:
        """That the run of a message that went out is not in the table: for the operator."""
        ...


class SendingSwitch(Protocol):
    """Lets a person stop all mail, or marketing, and let it go on."""

    def sending(self) -> SendingState:
        """As it is now."""
        ...

    def pause(self, pause: Pause) -> None:
        """A pause that was there before is replaced."""
        ...

    def resume(self, breaker: Breaker) -> None:
        """No pause, no outage, the breaker as given.

        Raises ConflictError when it counted since it was read.
        """
        ...


class LookScheduler(Protocol):
    """Has the reconciler called sooner than its own schedule would."""

    def look_at(self, at: datetime) -> None:
        """Call it at that full hour, once however often this is called."""
        ...


class StoppedCustomers(Protocol):
    """Reads customers, and stores what an operator stopped."""

    def customer(self, customer_id: str) -> Customer:
        """A customer whom no event has named is an empty one of version 0."""
        ...

    def save_stops(self, customer: Customer) -> None:
        """Store the customer's `stops`, and nothing else of them.

        Raises ConflictError when the profile changed since it was read. An intake that read it before gets a
        Conflict, too.
        """
        ...


class CampaignSwitch(Protocol):
    """Pauses single campaigns. A change takes effect within the few seconds that senders cache it."""

    def sending(self) -> SendingState:
        """What is paused now."""
        ...

    def pause_campaign(self, campaign: str, pause: CampaignPause) -> None:
        """A pause that was there before is replaced."""
        ...

    def resume_campaign(self, campaign: str) -> None:
        """A campaign that is not paused stays so."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer, and every run they ever had."""

    customer: Customer
    newest: tuple[Enrollment, ...] = ()
    """The newest run of each enrollment."""
    earlier: tuple[Enrollment, ...] = ()
    """Runs that a newer one took the place of."""


class CustomerRecords(Protocol):
    """Reads all that is on record of one customer."""

    def record(self, customer_id: str) -> CustomerRecord:
        """Always the newest, in one reading."""
        ...

    def receipts(self, claimed: Mapping[SendId, Send]) -> Mapping[SendId, Receipt]:
        """What pages say of these claimed sends of one customer; those that no page tells of are left out."""
        ...

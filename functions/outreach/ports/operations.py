"""The ports of operations."""

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
    """Reopens failed sends for an operator."""

    def reopen(self, enrollment: Enrollment, steps: Collection[str]) -> Enrollment:
        """Store the sends of these steps as deferred, and where their enrollment stands.

        It is the only way down in rank. Raises ConflictError when the enrollment changed since it was read,
        or one of the sends is no longer failed: feedback may have changed it.
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
    """Of its chain, how many failures happened while others did not fail: an outage does not count."""


class Successor(Enum):
    """The result of a request to restart a failed execution."""

    STARTED = auto()
    HAD_ONE = auto()
    NO_MORE = auto()
    """It and its successors failed as often as they may."""


class Executions(Protocol):
    """Finds failed executions and restarts them; knows which runs have a running execution."""

    def failed(self, stop_at: datetime) -> Iterable[FailedExecution]:
        """Those that failed or timed out, and those that were stopped lately, in another order each time.

        It ends at `stop_at`. The execution of a customer who left was stopped too: read the enrollment.
        """
        ...

    def begin_again(self, failed: FailedExecution) -> Successor:
        """Start a successor, once however often this is called."""
        ...

    def begin_anew(self, enrollment: Enrollment) -> Successor:
        """Start an execution for an operator, however often others failed."""
        ...

    def running(self) -> Iterable[str]:
        """The `execution_name` of each enrollment that has a running execution, whichever that is."""
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
        """Record for the operator that the run of a sent message is not in the table."""
        ...


class SendingSwitch(Protocol):
    """Pauses and resumes all mail, or marketing, for an operator."""

    def sending(self) -> SendingState:
        """As it is now."""
        ...

    def pause(self, pause: Pause) -> None:
        """An earlier pause is replaced."""
        ...

    def resume(self, breaker: Breaker) -> None:
        """No pause, no outage, the breaker as given.

        Raises ConflictError when it counted since it was read.
        """
        ...


class LookScheduler(Protocol):
    """Calls the reconciler sooner than its own schedule would."""

    def look_at(self, at: datetime) -> None:
        """Call it at that full hour, once however often this is called."""
        ...


class StoppedCustomers(Protocol):
    """Reads customers, and stores their stops."""

    def customer(self, customer_id: str) -> Customer:
        """A customer without events is an empty one of version 0."""
        ...

    def save_stops(self, customer: Customer) -> None:
        """Store the customer's `stops`, and nothing else of them.

        Raises ConflictError when the profile changed since it was read. A concurrent intake gets a
        ConflictError, too.
        """
        ...


class CampaignSwitch(Protocol):
    """Pauses single campaigns. A change takes effect within the few seconds that senders cache it."""

    def sending(self) -> SendingState:
        """What is paused now."""
        ...

    def pause_campaign(self, campaign: str, pause: CampaignPause) -> None:
        """An earlier pause is replaced."""
        ...

    def resume_campaign(self, campaign: str) -> None:
        """A campaign that is not paused stays so."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer, and all runs they ever had."""

    customer: Customer
    newest: tuple[Enrollment, ...] = ()
    """The newest run of each enrollment."""
    earlier: tuple[Enrollment, ...] = ()
    """Runs that a newer one replaced."""


class CustomerRecords(Protocol):
    """Reads all that is on record of one customer."""

    def record(self, customer_id: str) -> CustomerRecord:
        """Always the newest, in one reading."""
        ...

    def receipts(self, claimed: Mapping[SendId, Send]) -> Mapping[SendId, Receipt]:
        """The receipts in pages for these claimed sends of one customer; missing ones are left out."""
        ...

"""What the operator's use cases need of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from outreach.domain.customer import Customer
    from outreach.domain.enrollment import Enrollment
    from outreach.domain.page import Receipt
    from outreach.domain.sending import CampaignPause, Sending
    from outreach.domain.sends import Send, SendId


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

        Raises Conflict when the profile changed since it was read. An intake that read it before gets a
        Conflict, too.
        """
        ...


class CampaignSwitch(Protocol):
    """Pauses single campaigns. A change takes effect within the few seconds that senders cache it."""

    def sending(self) -> Sending:
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

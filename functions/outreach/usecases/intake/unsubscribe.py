"""Opt a mailbox out of all marketing, at once, and end what was still waiting for its customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.errors import UnknownCampaignError
from outreach.domain.intake.event_effects import Intake, Outcome
from outreach.domain.intake.merge import merge_customer
from outreach.domain.intake.opt_out import (
    UNSUBSCRIBED,
    has_opted_out,
    no_at,
    no_of_now,
    opting_out,
    opting_out_id,
)
from outreach.domain.intake.repeats import EVENT_MEMORY
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.usecases.attempts import retry_on_conflict, save_newest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from outreach.domain.intake.customer import Consent, Customer
    from outreach.ports.clock import Clock
    from outreach.ports.feedback import Addresses
    from outreach.ports.intake import Announcer, Customers, IntakeStore
    from outreach.ports.journeys import Campaigns, Enrollments, Workflows


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """The use case with its ports. A repeat finishes what a crash left undone, and no more.

    A customer's profile is written first: from then on every claim for them is refused, whatever happens to
    the rest. An opt-out belongs to the mailbox: the address is marked next, so that a customer who gets it
    later starts opted out, and then every other customer who has it is opted out.
    """

    customers: Customers
    addresses: Addresses
    store: IntakeStore
    enrollments: Enrollments
    campaigns: Campaigns
    workflows: Workflows
    announcer: Announcer
    clock: Clock

    def __call__(self, customer_id: str) -> int:
        """Opt out the customer of a link; return how many enrollments it ended, now or before.

        Raises ConflictError when it lost races again and again. A customer who was erased has nothing left to
        opt out of, and their mailbox is no longer known.
        """
        now = self.clock.now()
        ended = self._opt_out(customer_id, lambda customer: no_of_now(customer, now))
        customer = self.customers.customer(customer_id)
        address_id = self._address_id(customer)
        if address_id is None or customer.consent is None:
            return ended
        # A repeat changes nothing, unless a customer consented since.
        mark = self.addresses.known(address_id).status.opted_out_at
        at = mark if mark is not None and mark >= customer.consent.at else max(now, customer.consent.at)
        others = self._mailbox(address_id, at, besides=customer_id)
        if any(
            self.customers.customer(each).wants_marketing for each in self._others(address_id, customer_id)
        ):
            others = self._mailbox(address_id, now, besides=customer_id)
        return ended + others

    def of_mailbox(self, address_id: str, at: datetime, customer_id: str | None) -> int:
        """Opt out a mailbox as of then, and the customer to whom a message there was sent, if it is known.

        Customers with a newer yes stay: they said it later.
        """
        ended = 0 if customer_id is None else self._opt_out(customer_id, lambda _: no_at(at))
        return ended + self._mailbox(address_id, at, besides=customer_id)

    def as_announced(self, customer_id: str, at: datetime) -> int:
        """Repeat an opt-out of then, of the customer and the mailbox: a restore of the table has lost it.

        It is the mailbox that the customer has now: the announcement does not name the one of that time.
        """
        customer = self.customers.customer(customer_id)
        if customer.erased_at is not None:
            return 0
        address_id = self._address_id(customer)
        if address_id is None:
            return self._opt_out(customer_id, lambda _: no_at(at))
        return self.of_mailbox(address_id, at, customer_id)

    def _mailbox(self, address_id: str, at: datetime, *, besides: str | None) -> int:
        """Write the mark before reading the links: a customer who gets the address later finds the mark."""
        self._mark(address_id, at)
        others = self._others(address_id, besides)
        return sum(self._opt_out(each, lambda _: no_at(at), address_id) for each in others)

    def _others(self, address_id: str, besides: str | None) -> list[str]:
        return [each for each in self.addresses.customers(address_id) if each != besides]

    def _mark(self, address_id: str, at: datetime) -> None:

        def mark() -> None:
            known = self.addresses.known(address_id)
            marked = known.reported(known.status.opted_out(at))
            if marked != known:
                self.addresses.save(marked)

        retry_on_conflict(mark, clock=self.clock, whose=address_id)

    def _opt_out(
        self, customer_id: str, no_of: Callable[[Customer], Consent], address_id: str | None = None
    ) -> int:
        """End what still waits for one customer, and announce it; with `address_id`, only if it is theirs."""
        now = self.clock.now()
        event_id = self._withdraw(customer_id, no_of, address_id, now)
        if event_id is None:
            return 0
        found = self.enrollments.of_customer(customer_id).values()
        ended = [
            each for each in (self._end(one, event_id, now) for one in found) if each.ended_by == event_id
        ]
        for enrollment in ended:
            if not enrollment.swept:
                self.workflows.stop(enrollment.execution_name, LeaveReason.UNSUBSCRIBED)
        # For the shop's other systems, which may send mail of their own.
        self.announcer.announce(UNSUBSCRIBED, event_id=event_id, detail={"customer_id": customer_id})
        return len(ended)

    def _withdraw(
        self,
        customer_id: str,
        no_of: Callable[[Customer], Consent],
        address_id: str | None,
        now: datetime,
    ) -> str | None:
        """Withdraw consent; return the id under which that is on record, None if the customer stays in."""

        def withdraw() -> str | None:
            customer = self.customers.customer(customer_id)
            if customer.erased_at is not None:
                return None
            if address_id is not None and self._address_id(customer) != address_id:
                return None  # their address changed meanwhile
            if customer.consent is not None and has_opted_out(customer):
                return opting_out_id(customer.consent)
            event = opting_out(customer.id, no_of(customer), now)
            opted_out = merge_customer(customer, event)
            if opted_out.wants_marketing:
                return None  # a newer yes
            self.store.store(event, Intake(Outcome.TAKEN, opted_out), expires_at=now + EVENT_MEMORY)
            return event.id

        return retry_on_conflict(withdraw, clock=self.clock, whose=customer_id)

    def _address_id(self, customer: Customer) -> str | None:
        """As intake noted it; for a customer without that note it costs the key of the hash."""
        email = customer.profile.email
        if email is None:
            return None
        return customer.address_id or self.addresses.id_of(email)

    def _end(self, enrollment: Enrollment, event_id: str, now: datetime) -> Enrollment:
        """End it if it is marketing and still active; return it as it is stored then."""

        def end(known: Enrollment) -> Enrollment:
            if not known.is_active or not self._is_marketing(known.id, known.bundle):
                return known
            left = known.ended(EnrollmentStatus.LEFT, LeaveReason.UNSUBSCRIBED, now, by=event_id)
            return self.enrollments.save(left)

        return save_newest(end, enrollment, enrollments=self.enrollments, clock=self.clock)

    def _is_marketing(self, enrollment_id: EnrollmentId, bundle: str) -> bool:
        """A campaign that no longer exists sends nothing: its enrollments are left as they are."""
        try:
            return self.campaigns.pinned(enrollment_id.campaign, bundle).is_marketing
        except UnknownCampaignError:
            return False

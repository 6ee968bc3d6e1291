"""Take in one event: store what it changes, then start, wake and stop what it concerns."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outreach.domain.errors import UnknownEnrollmentError
from outreach.domain.intake.apply_suppression import apply_suppression, asks_for_address, enters_marketing
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.event import DELETED, Event
from outreach.domain.intake.event_effects import Intake, Outcome, enrollments_alone, take_in
from outreach.domain.intake.event_names import names_asked_for, unasked_name
from outreach.domain.intake.mailbox import Mailbox, bars, counts_by_address, ids_of_other
from outreach.domain.intake.repeats import EVENT_MEMORY, StoredEvent, refuse_reused_id
from outreach.domain.journeys.next_action import WaitFor, WaitUntil, next_action
from outreach.usecases.attempts import retry_on_conflict
from outreach.usecases.intake.act_on_event import act_on_event
from outreach.usecases.intake.erase_customer import drop_purchases_in_ids, erase_customer
from outreach.usecases.intake.only_if import judge_only_if
from outreach.usecases.intake.read_mailbox import read_mailbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from outreach.domain.intake.candidates import Candidate, Judge
    from outreach.domain.intake.order import Order
    from outreach.domain.journeys.campaign import Campaign
    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.domain.journeys.enrollment_key import KeySecret
    from outreach.ports.clock import Clock
    from outreach.ports.feedback import Addresses
    from outreach.ports.intake import Customers, ErasableRecords, IntakeStore
    from outreach.ports.journeys import Campaigns, Enrollments, Workflows
    from outreach.usecases.journeys.context import ContextLoader
    from outreach.usecases.sweeps.arm_wakes import ArmWakes


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The outcome of the event."""

    outcome: Outcome
    repeated: bool
    """It was stored before; what a crash or a failed `only_if` may have left undone was done again."""
    enrolled: tuple[str, ...] = ()
    """Campaigns that it enrolled in."""
    unasked: str | None = None
    """Set when no campaign or rule uses an event of this name: that, and the nearest name in use."""
    unevaluated: tuple[str, ...] = ()
    """Campaigns that it does not enroll in, because their `only_if` cannot be evaluated; a repeat evaluates
    again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInEvent:
    """The use case with its ports. Taking in the same event again does no harm."""

    contexts: ContextLoader
    customers: Customers
    enrollments: Enrollments
    campaigns: Campaigns
    store: IntakeStore
    addresses: Addresses
    erasable_records: ErasableRecords
    workflows: Workflows
    arm: ArmWakes
    clock: Clock
    key_secret: KeySecret
    """The key of the hash under which the keys of enrollments are stored."""

    def __call__(self, event: Event, *, as_of: datetime | None = None) -> TakenIn:
        """Store the event's changes and act on them.

        `as_of` is when it was first received, if it is replayed after the table was restored: runs begin and
        end as they did then. Raises ReusedEventIdError for another event than the one that was taken in under
        its id. Raises ConflictError when it lost races again and again; the caller tries again later.
        """
        now = self.clock.now()
        received_at = now if as_of is None else min(now, as_of)
        intake, is_repeated = retry_on_conflict(
            lambda: self._store(event, received_at), clock=self.clock, whose=event.id
        )
        if intake.outcome is Outcome.ERASED:
            if event.name == DELETED:
                self._act(event, now)  # a repeated deletion finishes what a crash left undone
            return TakenIn(intake.outcome, repeated=is_repeated)
        self._act(event, now)
        fresh = [each for each in intake.changed if each.trigger.event_id == event.id and each.is_active]
        return TakenIn(
            intake.outcome,
            repeated=is_repeated,
            enrolled=tuple(each.id.campaign for each in fresh),
            unasked=None
            if is_repeated
            else unasked_name(event.name, names_asked_for(self.campaigns.current())),
            unevaluated=tuple(sorted(intake.unevaluated)),
        )

    def _act(self, event: Event, now: datetime) -> None:
        if event.name == DELETED:
            erase_customer(
                event,
                customers=self.customers,
                enrollments=self.enrollments,
                erasable_records=self.erasable_records,
                clock=self.clock,
            )
        act_on_event(
            event,
            contexts=self.contexts,
            enrollments=self.enrollments,
            campaigns=self.campaigns,
            workflows=self.workflows,
            arm=self.arm,
            clock=self.clock,
            now=now,
        )
        if event.name == DELETED:
            # Last: a row must exist for its execution to be found and stopped.
            drop_purchases_in_ids(
                event,
                customers=self.customers,
                enrollments=self.enrollments,
                erasable_records=self.erasable_records,
                clock=self.clock,
            )

    def _decide_again(self, event: Event, stored: StoredEvent, now: datetime) -> Intake:
        """Where it begins runs now that `only_if` can be evaluated; everything else is stored already."""
        if not stored.unevaluated:
            return Intake(Outcome.TAKEN, Customer(event.customer.id))
        customer = self.customers.customer(event.customer.id)
        return enrollments_alone(self._decide(event, now, among=stored.unevaluated), customer, event)

    def _store(self, event: Event, received_at: datetime) -> tuple[Intake, bool]:
        """What the event changes, stored; and whether it was taken in before. Raises ConflictError."""
        stored = self.customers.stored_event(event.customer.id, event.id)
        if stored is None:
            intake = self._decide(event, received_at)
        else:
            refuse_reused_id(event, stored)
            intake = self._decide_again(event, stored, received_at)
        is_known = stored is not None and not intake.changed and intake.unevaluated == stored.unevaluated
        if intake.outcome is not Outcome.ERASED and not is_known:
            self.store.store(event, intake, expires_at=event.occurred_at + EVENT_MEMORY, known=stored)
        return intake, stored is not None

    def _decide(self, event: Event, now: datetime, among: frozenset[str] | None = None) -> Intake:
        customer_id = event.customer.id
        customer = self.customers.customer(customer_id)
        enrollments = self.enrollments.of_customer(customer_id)
        order = None if event.order is None else self.customers.order(customer_id, event.order.id)
        current = [each for each in self.campaigns.current() if among is None or each.name in among]
        unevaluated: set[str] = set()

        def taken_in(judge: Judge) -> Intake:
            unevaluated.clear()
            return take_in(
                event,
                customer,
                order,
                enrollments,
                current,
                self._campaign_of,
                judge,
                now,
                key_secret=self.key_secret,
                orders_of=lambda: self.customers.orders_of(customer_id),
            )

        judge = judge_only_if(self.contexts, now, unevaluated.add)
        intake = taken_in(judge)
        if asks_for_address(event, customer, intake, self._campaign_of):
            mailbox = self._mailbox(intake.customer)
            if mailbox is not None and mailbox.others and enters_marketing(event, intake, self._campaign_of):
                intake = taken_in(self._unless_barred(mailbox.others, judge, now))
            intake = apply_suppression(
                intake,
                event,
                customer,
                enrollments.values(),
                self._campaign_of,
                left=self._address_id(customer),
                mailbox=mailbox,
                now=now,
            )
        changed = tuple(self._first_due(each, event, intake, now) for each in intake.changed)
        return replace(intake, changed=changed, unevaluated=frozenset(unevaluated))

    def _address_id(self, customer: Customer) -> str | None:
        email = customer.profile.email
        return None if email is None else self.addresses.id_of(email)

    def _mailbox(self, customer: Customer) -> Mailbox | None:
        address_id = self._address_id(customer)
        if address_id is None:
            return None
        return read_mailbox(address_id, customer.id, addresses=self.addresses, customers=self.customers)

    def _unless_barred(self, others: Iterable[Customer], judge: Judge, now: datetime) -> Judge:
        """A message that is sent once is sent once to a mailbox, whichever of its customers it was for."""

        def lets_in(candidate: Candidate, customer: Customer, order: Order | None) -> bool:
            campaign = candidate.campaign
            if counts_by_address(campaign) and bars(campaign, self._runs(candidate, others), now):
                return False
            return judge(candidate, customer, order)

        return lets_in

    def _runs(
        self, candidate: Candidate, others: Iterable[Customer]
    ) -> Iterator[tuple[Customer, Enrollment]]:
        for other in others:
            for enrollment_id in ids_of_other(candidate, other, self.key_secret):
                with suppress(UnknownEnrollmentError):
                    yield other, self.enrollments.get(enrollment_id)

    def _campaign_of(self, enrollment: Enrollment) -> Campaign:
        return self.campaigns.pinned(enrollment.id.campaign, enrollment.bundle)

    def _first_due(self, enrollment: Enrollment, event: Event, intake: Intake, now: datetime) -> Enrollment:
        """A sweep-driven enrollment that just began enters the due index under its first real time."""
        began = enrollment.trigger.event_id == event.id and enrollment.is_active
        if not began or not enrollment.swept:
            return enrollment
        campaign = self.campaigns.pinned(enrollment.id.campaign, enrollment.bundle)
        context = self.contexts.new_context(
            campaign, enrollment.key_value, enrollment.trigger, intake.customer, intake.order, now
        )
        decision = next_action(campaign, enrollment, context.situation, now)
        return decision.enrollment if isinstance(decision.action, WaitUntil | WaitFor) else enrollment

"""Take in one event: store what it changes, then start, wake and stop what it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach.domain.campaign import Campaign
from outreach.domain.customer import Customer
from outreach.domain.decision import WaitFor, WaitUntil, holds, next_action
from outreach.domain.enrollment import Enrollment
from outreach.domain.errors import Conflict
from outreach.domain.event import DELETED, Event
from outreach.domain.heeding import asks_for_address, heed
from outreach.domain.intake import Candidate, Intake, Judge, Outcome, take_in
from outreach.domain.order import Order
from outreach.feedback_ports import Addresses
from outreach.ports import (
    Campaigns,
    Clock,
    Customers,
    Enrollments,
    IntakeStore,
    Traces,
    Workflows,
)
from outreach.usecases.act_on_event import act_on_event
from outreach.usecases.attempts import ATTEMPTS, attempts
from outreach.usecases.forget_customer import forget_customer
from outreach.usecases.scene import Stage

EVENT_MEMORY = timedelta(days=400)
"""How long an event's id is remembered; older events are refused, so none can be taken in twice."""

ONLY_IF = "only_if"
"""Stands for the step where a campaign's own condition is asked."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the event."""

    outcome: Outcome
    repeated: bool
    """It was stored before; only what a crash may have left undone was done again."""
    enrolled: tuple[str, ...] = ()
    """Campaigns that it enrolled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInEvent:
    """The use case with its ports. Taking in the same event again does no harm."""

    stage: Stage
    customers: Customers
    enrollments: Enrollments
    campaigns: Campaigns
    store: IntakeStore
    addresses: Addresses
    traces: Traces
    workflows: Workflows
    clock: Clock

    def __call__(self, event: Event) -> TakenIn:
        """Store the event's changes and act on them.

        Raises Conflict when races were lost again and again; the caller tries again later.
        """
        now = self.clock.now()
        for attempt in attempts(self.clock, event.id):
            if self.customers.took_in(event.customer.id, event.id):
                self._act(event, now)
                return TakenIn(Outcome.TAKEN, repeated=True)
            intake = self._decide(event, now)
            if intake.outcome is Outcome.ERASED:
                if event.name == DELETED:
                    self._act(event, now)  # whoever asks again gets what was left undone
                return TakenIn(intake.outcome, repeated=False)
            try:
                self.store.store(event, intake, expires_at=event.occurred_at + EVENT_MEMORY)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
                continue
            break
        self._act(event, now)
        fresh = [each for each in intake.changed if each.trigger.event_id == event.id and each.is_active]
        return TakenIn(intake.outcome, repeated=False, enrolled=tuple(each.id.campaign for each in fresh))

    def _act(self, event: Event, now: datetime) -> None:
        if event.name == DELETED:
            forget_customer(
                event,
                customers=self.customers,
                enrollments=self.enrollments,
                traces=self.traces,
                clock=self.clock,
            )
        act_on_event(
            event,
            stage=self.stage,
            enrollments=self.enrollments,
            campaigns=self.campaigns,
            workflows=self.workflows,
            clock=self.clock,
            now=now,
        )

    def _decide(self, event: Event, now: datetime) -> Intake:
        customer_id = event.customer.id
        customer = self.customers.customer(customer_id)
        enrollments = self.enrollments.of_customer(customer_id)
        intake = take_in(
            event,
            customer,
            None if event.order is None else self.customers.order(customer_id, event.order.id),
            enrollments,
            self.campaigns.current(),
            self._campaign_of,
            self._judge(now),
            now,
        )
        if asks_for_address(event, customer, intake):
            intake = self._heed(intake, event, customer, enrollments.values(), now)
        changed = tuple(self._first_due(each, event, intake, now) for each in intake.changed)
        return replace(intake, changed=changed)

    def _heed(
        self,
        intake: Intake,
        event: Event,
        before: Customer,
        enrollments: Iterable[Enrollment],
        now: datetime,
    ) -> Intake:
        """Look up what speaks against the customer's address, and let the intake heed it."""
        had, has = before.profile.email, intake.customer.profile.email
        return heed(
            intake,
            event,
            enrollments,
            self._campaign_of,
            left=None if had is None else self.addresses.id_of(had),
            address=None if has is None else self.addresses.known(self.addresses.id_of(has)),
            now=now,
        )

    def _campaign_of(self, enrollment: Enrollment) -> Campaign:
        return self.campaigns.pinned(enrollment.id.campaign, enrollment.bundle)

    def _judge(self, now: datetime) -> Judge:
        def lets_in(candidate: Candidate, customer: Customer, order: Order | None) -> bool:
            campaign = candidate.campaign
            if campaign.only_if is None:
                return True
            scene = self.stage.set_scene(campaign, candidate.id, candidate.trigger, customer, order, now)
            return holds(campaign.only_if, ONLY_IF, scene.situation)

        return lets_in

    def _first_due(self, enrollment: Enrollment, event: Event, intake: Intake, now: datetime) -> Enrollment:
        """A sweep-driven enrollment that just began goes into the due index under its first real moment."""
        began = enrollment.trigger.event_id == event.id and enrollment.is_active
        if not began or not enrollment.swept:
            return enrollment
        campaign = self.campaigns.pinned(enrollment.id.campaign, enrollment.bundle)
        scene = self.stage.set_scene(
            campaign, enrollment.id, enrollment.trigger, intake.customer, intake.order, now
        )
        decision = next_action(campaign, enrollment, scene.situation, now)
        return decision.enrollment if isinstance(decision.action, WaitUntil | WaitFor) else enrollment

"""Take in one event: store what it changes, then start, wake and stop what it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach.domain.campaign import Campaign
from outreach.domain.customer import Customer
from outreach.domain.decision import WaitFor, WaitUntil, next_action
from outreach.domain.enrollment import Enrollment, EnrollmentId
from outreach.domain.errors import Conflict
from outreach.domain.event import Event
from outreach.domain.intake import Candidate, Intake, Judge, Outcome, take_in
from outreach.domain.order import Order
from outreach.ports import (
    Campaigns,
    Clock,
    Customers,
    Enrollments,
    Expressions,
    IntakeStore,
    LinkMaker,
    Workflows,
)
from outreach.usecases.scene import Scene, set_scene

ATTEMPTS = 5
"""How often a lost race is run again before the queue's own retry takes over."""
EVENT_MEMORY = timedelta(days=400)
"""How long an event's id is remembered; older events are refused, so none can be taken in twice."""


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

    customers: Customers
    enrollments: Enrollments
    campaigns: Campaigns
    expressions: Expressions
    link_maker: LinkMaker
    store: IntakeStore
    workflows: Workflows
    clock: Clock
    default_zone: str = "UTC"

    def __call__(self, event: Event) -> TakenIn:
        """Store the event's changes and act on them.

        Raises Conflict when races were lost again and again; the caller tries again later.
        """
        now = self.clock.now()
        for attempt in range(1, ATTEMPTS + 1):
            if self.customers.took_in(event.customer.id, event.id):
                self._act(event)
                return TakenIn(Outcome.TAKEN, repeated=True)
            intake = self._decide(event, now)
            if intake.outcome is Outcome.ERASED:
                return TakenIn(intake.outcome, repeated=False)
            try:
                self.store.store(event, intake, expires_at=event.occurred_at + EVENT_MEMORY)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
                continue
            break
        self._act(event)
        fresh = [each for each in intake.changed if each.trigger.event_id == event.id and each.is_active]
        return TakenIn(intake.outcome, repeated=False, enrolled=tuple(each.id.campaign for each in fresh))

    def _decide(self, event: Event, now: datetime) -> Intake:
        customer_id = event.customer.id
        customer = self.customers.customer(customer_id)
        order = None if event.order is None else self.customers.order(customer_id, event.order.id)
        intake = take_in(
            event,
            customer,
            order,
            self.enrollments.of_customer(customer_id),
            self.campaigns.current(),
            lambda each: self.campaigns.pinned(each.id.campaign, each.bundle),
            self._judge(now),
            now,
        )
        changed = tuple(self._first_due(each, intake, now) for each in intake.changed)
        return replace(intake, changed=changed)

    def _judge(self, now: datetime) -> Judge:
        def holds(candidate: Candidate, customer: Customer, order: Order | None) -> bool:
            condition = candidate.campaign.only_if
            if condition is None:
                return True
            scene = self._scene(candidate.campaign, candidate.id, candidate, customer, order, now)
            return bool(scene.situation.evaluate(condition))

        return holds

    def _first_due(self, enrollment: Enrollment, intake: Intake, now: datetime) -> Enrollment:
        """A new sweep-driven enrollment goes into the due index under its first real moment."""
        is_new = enrollment.is_active and enrollment.swept and not enrollment.sends and not enrollment.skips
        if not is_new or enrollment.due_at != now:
            return enrollment
        campaign = self.campaigns.pinned(enrollment.id.campaign, enrollment.bundle)
        scene = self._scene(campaign, enrollment.id, enrollment, intake.customer, intake.order, now)
        decision = next_action(campaign, enrollment, scene.situation, now)
        return decision.enrollment if isinstance(decision.action, WaitUntil | WaitFor) else enrollment

    def _scene(
        self,
        campaign: Campaign,
        enrollment_id: EnrollmentId,
        of: Candidate | Enrollment,
        customer: Customer,
        order: Order | None,
        now: datetime,
    ) -> Scene:
        return set_scene(
            campaign,
            enrollment_id,
            of.trigger,
            customer,
            order,
            expressions=self.expressions,
            link_maker=self.link_maker,
            default_zone=self.default_zone,
            now=now,
        )

    def _act(self, event: Event) -> None:
        """Do to the executions what the stored rows say; each act may be repeated."""
        stored = self.enrollments.of_customer(event.customer.id)
        for enrollment in sorted(self._workflow_driven(stored), key=self._turn):
            if enrollment.trigger.event_id == event.id:
                if enrollment.run > 1:
                    before = replace(enrollment, run=enrollment.run - 1)
                    self.workflows.stop(before.execution_name, "restarted")
                if enrollment.is_active:
                    self.workflows.start(enrollment)
            if enrollment.ended_by == event.id:
                self.workflows.stop(enrollment.execution_name, enrollment.reason or "left")
            waiting = enrollment.waiting
            if waiting is not None and waiting.event == event.name and waiting.token is not None:
                self.workflows.wake(waiting.token)

    @staticmethod
    def _workflow_driven(stored: Mapping[EnrollmentId, Enrollment]) -> list[Enrollment]:
        return [enrollment for enrollment in stored.values() if not enrollment.swept]

    def _turn(self, enrollment: Enrollment) -> tuple[int, str]:
        """The highest priority first, so that it reaches the cap first."""
        priorities = {campaign.name: campaign.priority for campaign in self.campaigns.current()}
        return -priorities.get(enrollment.id.campaign, 0), enrollment.id.campaign

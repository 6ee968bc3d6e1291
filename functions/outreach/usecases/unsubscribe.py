"""Opt a customer out of all marketing, at once, and end what was still waiting for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.domain.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.errors import Conflict, UnknownCampaign
from outreach.domain.intake import Intake, Outcome
from outreach.domain.merge import merge_customer
from outreach.domain.opting_out import UNSUBSCRIBED, has_opted_out, opting_out, opting_out_id
from outreach.ports import Announcer, Campaigns, Clock, Customers, Enrollments, IntakeStore, Workflows
from outreach.usecases.attempts import attempts

EVENT_MEMORY = timedelta(days=400)
"""How long the event is kept, as every other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """The use case with its ports. Doing it again finishes what a crash left undone, and no more.

    The profile comes first: from then on every claim is refused, whatever becomes of the rest.
    """

    customers: Customers
    store: IntakeStore
    enrollments: Enrollments
    campaigns: Campaigns
    workflows: Workflows
    announcer: Announcer
    clock: Clock

    def __call__(self, customer_id: str) -> int:
        """Say how many enrollments were ended by it, now or before.

        Raises Conflict when races were lost again and again. A customer who was erased has nothing left
        to opt out of.
        """
        now = self.clock.now()
        event_id = self._withdraw(customer_id, now)
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

    def _withdraw(self, customer_id: str, now: datetime) -> str | None:
        """Take consent back; give the id under which that is on record."""
        for _ in attempts(self.clock, customer_id):
            customer = self.customers.customer(customer_id)
            if customer.erased_at is not None:
                return None
            if customer.consent is not None and has_opted_out(customer):
                return opting_out_id(customer.consent)
            event = opting_out(customer, now)
            intake = Intake(Outcome.TAKEN, merge_customer(customer, event))
            try:
                self.store.store(event, intake, expires_at=now + EVENT_MEMORY)
            except Conflict:
                continue
            return event.id
        raise Conflict("the customer's row changed at every attempt to opt out; nothing was stored")

    def _end(self, enrollment: Enrollment, event_id: str, now: datetime) -> Enrollment:
        """End it if it is marketing and still active; give it back as it is stored then."""
        for _ in attempts(self.clock, event_id):
            if not enrollment.is_active or not self._is_marketing(enrollment.id, enrollment.bundle):
                return enrollment
            left = enrollment.ended(EnrollmentStatus.LEFT, LeaveReason.UNSUBSCRIBED, now, by=event_id)
            try:
                return self.enrollments.save(left)
            except Conflict:
                enrollment = self.enrollments.get(enrollment.id)
        raise Conflict(f"an enrollment in {enrollment.id.campaign} changed at every attempt to end it")

    def _is_marketing(self, enrollment_id: EnrollmentId, bundle: str) -> bool:
        """A campaign that nobody has any more sends nothing: its enrollments are left as they are."""
        try:
            return self.campaigns.pinned(enrollment_id.campaign, bundle).is_marketing
        except UnknownCampaign:
            return False

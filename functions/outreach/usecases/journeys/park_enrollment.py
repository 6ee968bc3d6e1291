"""Store a wake-up token with an enrollment that waits: for an event, an address, or a date that may move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outreach.domain.errors import ConflictError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, HoldReason, Waiting
from outreach.domain.journeys.next_action import next_action, wait_goes_on
from outreach.usecases.attempts import retry_on_conflict

if TYPE_CHECKING:
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments, Workflows
    from outreach.usecases.journeys.context import ContextLoader


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkEnrollment:
    """The use case with its ports."""

    contexts: ContextLoader
    enrollments: Enrollments
    workflows: Workflows
    clock: Clock

    def __call__(self, enrollment_id: EnrollmentId, run: int, token: str) -> bool:
        """Store the token, or wake at once when there is nothing to wait for any more.

        Returns whether it is parked. The event may arrive between the decision to wait and this call, or
        during it: intake stores the event first and looks for a token after; here the token is stored first
        and the event looked for after. So one of the two always sees the other. After too many lost races,
        the execution is woken and decides anew. Raises UnknownEnrollmentError and UnknownCampaignError.
        """

        def store() -> bool:
            enrollment = self.enrollments.get(enrollment_id)
            waiting = self._wait_of(enrollment, run)
            if waiting is not None:
                self.enrollments.save(replace(enrollment, waiting=replace(waiting, token=token)))
            return waiting is not None

        try:
            is_stored = retry_on_conflict(store, clock=self.clock, whose=enrollment_id.customer_id)
        except ConflictError:
            is_stored = False
        if is_stored and self._wait_of(self.enrollments.get(enrollment_id), run) is not None:
            return True
        self.workflows.wake(token)
        return False

    def _wait_of(self, enrollment: Enrollment, run: int) -> Waiting | None:
        """What this run waits for now, as stored and by the facts; not for less time than stored."""
        waiting = enrollment.waiting
        if enrollment.run != run or not enrollment.is_active or waiting is None:
            return None
        if enrollment.hold is HoldReason.NO_ADDRESS:
            customer = self.contexts.customers.customer(enrollment.id.customer_id)
            return waiting if customer.profile.email is None else None
        now = self.clock.now()
        context = self.contexts.context_of(enrollment, now)
        decision = next_action(context.campaign, enrollment, context.situation, now)
        return waiting if wait_goes_on(enrollment, decision) else None

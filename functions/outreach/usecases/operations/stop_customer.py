"""Stop a customer in a campaign, or in all, for an operator; and allow them again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outreach.domain.errors import UnknownCustomerError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, LeaveReason
from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS, Stops, with_stop, without_stop
from outreach.usecases.attempts import retry_on_conflict, save_newest

if TYPE_CHECKING:
    from collections.abc import Callable

    from outreach.domain.intake.customer import Customer
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments, Workflows
    from outreach.ports.operations import StoppedCustomers


@dataclass(frozen=True, slots=True)
class Stopped:
    """The result of a stop."""

    customer: Customer
    """As stored, with who stopped them and when."""
    ended: tuple[Enrollment, ...]
    """The runs that it ended, now or in an earlier try that crashed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCustomer:
    """The use case with its ports. A repeat finishes what a crash left undone, and no more.

    The profile is written first: from then on no event enrolls the customer there, and every claim for them
    is refused, whatever happens to the rest.
    """

    customers: StoppedCustomers
    enrollments: Enrollments
    workflows: Workflows
    clock: Clock

    def __call__(self, customer_id: str, campaign: str = ALL_CAMPAIGNS, *, by: str) -> Stopped:
        """End the customer's runs of the campaign, and enroll them no more until they are allowed again.

        Without a campaign all of them, transactional ones too. Raises UnknownCustomerError, and ConflictError
        when it lost races again and again. An execution that the reconciler or an operator started as a
        successor of a run's first one is not stopped: it finds its run ended when it wakes, and ends.
        """
        now = self.clock.now()
        customer = _changed(
            customer_id, lambda stops: with_stop(stops, campaign, by=by, at=now), self.customers, self.clock
        )
        ended = []
        for enrollment in self.enrollments.of_customer(customer_id).values():
            if campaign not in {ALL_CAMPAIGNS, enrollment.id.campaign}:
                continue
            stored = self._end(enrollment)
            if stored.reason != LeaveReason.STOPPED:
                continue
            ended.append(stored)
            if not stored.swept:
                self.workflows.stop(stored.execution_name, LeaveReason.STOPPED)
        return Stopped(customer, tuple(ended))

    def _end(self, enrollment: Enrollment) -> Enrollment:
        """End it if it is still active; return it as it is stored then."""

        def end(known: Enrollment) -> Enrollment:
            if not known.is_active:
                return known
            now = self.clock.now()
            return self.enrollments.save(known.ended(EnrollmentStatus.LEFT, LeaveReason.STOPPED, now))

        return save_newest(end, enrollment, enrollments=self.enrollments, clock=self.clock)


def allow_customer(
    customer_id: str,
    campaign: str = ALL_CAMPAIGNS,
    *,
    by: str,
    customers: StoppedCustomers,
    clock: Clock,
) -> Customer:
    """End a stop; without a campaign, every stop. Returns the customer as they are stored then.

    Nothing that was ended goes on: the next event that enrolls the customer does so as of then. Raises
    UnknownCustomerError, and ConflictError when it lost races again and again.
    """
    now = clock.now()
    return _changed(customer_id, lambda stops: without_stop(stops, campaign, by=by, at=now), customers, clock)


def _changed(
    customer_id: str, change: Callable[[Stops], Stops], customers: StoppedCustomers, clock: Clock
) -> Customer:

    def changed() -> Customer:
        customer = customers.customer(customer_id)
        if customer.version == 0:
            raise UnknownCustomerError("no event has named this customer")
        after = replace(customer, stops=change(customer.stops))
        if after != customer:
            customers.save_stops(after)
        return after

    return retry_on_conflict(changed, clock=clock, whose=customer_id)

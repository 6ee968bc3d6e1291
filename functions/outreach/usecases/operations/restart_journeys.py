"""Restart the journeys whose executions failed or were stopped, so that no enrollment is stuck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.errors import UnknownEnrollmentError
from outreach.domain.operations.journey_restarts import RECENT
from outreach.ports.operations import Executions, FailedExecution, Successor

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.ports.clock import Clock
    from outreach.ports.intake import Customers
    from outreach.ports.journeys import Enrollments

UNREADABLE = (KeyError, TypeError, ValueError)
"""Errors of reading a row with invalid content: it must not block the others."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The result of one call."""

    begun_again: int
    stuck: int
    """Enrollments that failed as often as they may and have no running execution: an operator must look."""
    failing: int = 0
    """Active enrollments whose execution failed lately, without those that are left to an operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartJourneys:
    """The use case with its ports. Doing it again does no harm: a successor is started once."""

    executions: Executions
    enrollments: Enrollments
    customers: Customers
    clock: Clock

    def __call__(self, stop_at: datetime) -> Restarted:
        """Look at executions that ended without finishing, until `stop_at`.

        Those whose enrollment goes on get a successor, unless an operator stopped the customer. They are
        listed in another order each time, so in the end all are looked at, however many there are.
        """
        begun_again = 0
        stuck, failing = set[str](), set[str]()
        for failed in self.executions.failed(stop_at):
            if self.clock.now() >= stop_at:
                break
            try:
                enrollment = self._going_on(failed)
            except UNREADABLE:
                stuck.add(failed.name)
                continue
            if enrollment is None:
                continue
            if failed.at >= self.clock.now() - RECENT:
                failing.add(enrollment.execution_name)
            match self.executions.begin_again(failed):
                case Successor.STARTED:
                    begun_again += 1
                case Successor.NO_MORE:
                    stuck.add(enrollment.execution_name)
                case Successor.HAD_ONE:
                    continue
        return Restarted(begun_again, len(self._not_running(stuck, stop_at)), len(failing - stuck))

    def _going_on(self, failed: FailedExecution) -> Enrollment | None:
        try:
            enrollment = self.enrollments.get(failed.enrollment_id)
        except UnknownEnrollmentError:
            return None
        goes_on = enrollment.is_active and enrollment.run == failed.run and not enrollment.swept
        if not goes_on:
            return None
        customer = self.customers.customer(enrollment.id.customer_id)
        return None if customer.is_stopped(enrollment.id.campaign) else enrollment

    def _not_running(self, stuck: set[str], stop_at: datetime) -> set[str]:
        """Without those that were restarted: their earlier failures count nevertheless.

        An execution that it has no time for counts as stuck: a needless look by an operator costs less than a
        missed one.
        """
        left = set(stuck)
        if left:
            for name in self.executions.running():
                left.discard(name)
                if not left or self.clock.now() >= stop_at:
                    break
        return left

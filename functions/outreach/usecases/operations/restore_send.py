"""Record a sent message that the restored table does not know: it must not be sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.errors import UnknownCampaignError, UnknownEnrollmentError
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.operations.restored_sends import reported_send, with_reported_send
from outreach.usecases.attempts import retry_on_conflict

if TYPE_CHECKING:
    from outreach.domain.feedback.report import Report
    from outreach.domain.sending.send import Send, SendId
    from outreach.ports.clock import Clock
    from outreach.ports.intake import Customers
    from outreach.ports.journeys import Campaigns, Enrollments
    from outreach.ports.operations import RestoredSends


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreSend:
    """The use case with its ports. Doing it again changes nothing."""

    enrollments: Enrollments
    customers: Customers
    campaigns: Campaigns
    sends: RestoredSends
    clock: Clock

    def __call__(self, send_id: SendId, report: Report) -> Send | None:
        """The send as it is known now; None when the report proves none, or its run is not in the table.

        A run that is missing is recorded for the operator. Raises ConflictError when it lost races again and
        again.
        """
        return retry_on_conflict(
            lambda: self._restored(send_id, report), clock=self.clock, whose=report.message_id
        )

    def _restored(self, send_id: SendId, report: Report) -> Send | None:
        customer = self.customers.customer(send_id.customer_id)
        if customer.erased_at is not None:
            return None
        enrollment_id = EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key)
        try:
            enrollment = self.enrollments.get(enrollment_id)
            campaign = self.campaigns.pinned(send_id.campaign, enrollment.bundle)
        except (UnknownEnrollmentError, UnknownCampaignError):
            self.sends.note_unmatched(send_id, self.clock.now())
            return None
        if enrollment.run != send_id.run:
            self.sends.note_unmatched(send_id, self.clock.now())
            return None
        known = enrollment.sends.get(send_id.step)
        if known is not None:
            return known
        send = reported_send(report, campaign, send_id.step)
        if send is None:
            return None
        moved = with_reported_send(enrollment, campaign, send_id.step, send, customer, self.clock.now())
        self.sends.restore(moved, send_id.step, customer if campaign.is_marketing else None)
        return send

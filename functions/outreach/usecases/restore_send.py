"""Note a message that went out and that the restored table does not know: nobody may get it twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.enrollment import EnrollmentId
from outreach.domain.errors import Conflict, UnknownCampaign, UnknownEnrollment
from outreach.domain.restoring import reported_send, with_reported_send
from outreach.usecases.attempts import attempts

if TYPE_CHECKING:
    from outreach.domain.feedback import Report
    from outreach.domain.sends import Send, SendId
    from outreach.feedback_ports import RestoredSends
    from outreach.ports import Campaigns, Clock, Customers, Enrollments


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

        A run that is not there is noted for the operator. Raises Conflict when races were lost again and
        again.
        """
        enrollment_id = EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key)
        for _ in attempts(self.clock, report.message_id):
            customer = self.customers.customer(send_id.customer_id)
            if customer.erased_at is not None:
                return None
            try:
                enrollment = self.enrollments.get(enrollment_id)
                campaign = self.campaigns.pinned(send_id.campaign, enrollment.bundle)
            except (UnknownEnrollment, UnknownCampaign):
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
            try:
                self.sends.restore(moved, send_id.step, customer if campaign.is_marketing else None)
            except Conflict:
                continue
            return send
        raise Conflict("the enrollment changed at every attempt to note its message")

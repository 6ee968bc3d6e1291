"""Settle what sweeps left in doubt: read their pages, oldest first, and end every doubt by evidence."""

from dataclasses import dataclass, replace
from datetime import datetime

from outreach.domain.doubt import GRACE, LAG, SILENCE, Finding, NotYet
from outreach.domain.enrollment import Enrollment, EnrollmentId, EnrollmentStatus
from outreach.domain.errors import Conflict, UnknownEnrollment, UnknownSend
from outreach.domain.page import SENT, Page
from outreach.domain.sends import Send, SendId, SendStatus
from outreach.feedback_ports import DeliveryLedger
from outreach.ports import Clock, Enrollments, PageBook
from outreach.usecases.settle_claim import SettleClaim, given_back, given_up


@dataclass(slots=True)
class Settled:
    """What one call came to."""

    pages: int = 0
    tried_again: int = 0
    given_up: int = 0
    waiting: int = 0
    """Pages that cannot be settled yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePages:
    """The use case with its ports. Doing it again does no harm."""

    book: PageBook
    settle: SettleClaim
    deliveries: DeliveryLedger
    enrollments: Enrollments
    clock: Clock

    def __call__(self) -> Settled:
        """Every shard up to its first page that cannot be settled yet.

        A page nobody is in doubt about costs nothing but reading it while feedback flows: SES's own
        reports move its sends on. While feedback is silent its receipts do.
        """
        now, done = self.clock.now(), Settled()
        for shard in self.book.shards():
            for page in self.book.unsettled(shard, now - GRACE):
                if not self._settle(page, now, done):
                    done.waiting += 1
                    break
                self.book.settled(page)
                done.pages += 1
        return done

    def _settle(self, page: Page, now: datetime, done: Settled) -> bool:
        reported_up_to = self.settle.evidence.reported_up_to()
        is_reported = reported_up_to is not None and reported_up_to >= page.at + LAG
        if not is_reported:
            if now < page.at + SILENCE:
                self.settle.evidence.ask(now)
                return False
            for send_id, receipt in page.receipts.items():
                if receipt.outcome == SENT:
                    self._move(send_id, page, SendStatus.SENT, message_id=receipt.message_id)
        findings = [self._end_doubt(send_id, page, now) for send_id in page.in_doubt]
        done.tried_again += findings.count(SendStatus.DEFERRED)
        done.given_up += findings.count(SendStatus.UNKNOWN)
        return None not in findings

    def _end_doubt(self, send_id: SendId, page: Page, now: datetime) -> SendStatus | None:
        """The status it came to; None when that must wait."""
        try:
            send = self.deliveries.sent(send_id)
        except UnknownSend:
            return SendStatus.FAILED  # the customer was erased, or the run is gone: nothing can be sent
        if send.status is not SendStatus.CLAIMED or send.at != page.at:
            return send.status  # SES reported it, or it was claimed anew since
        match self.settle.find(send, is_marketing=page.is_marketing, now=now):
            case NotYet():
                return None
            case Finding.GIVE_UP:
                self._try_move(send_id, send, given_up(send, now))
                return SendStatus.UNKNOWN
            case Finding.NEVER_WENT | Finding.TRY_AGAIN as finding:
                return self._give_back(send_id, send, finding, now)

    def _give_back(self, send_id: SendId, send: Send, finding: Finding, now: datetime) -> SendStatus | None:
        """Back at its step and due, if the enrollment has not gone on to other things."""
        try:
            enrollment = self.enrollments.get(
                EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key)
            )
        except UnknownEnrollment:
            return SendStatus.FAILED
        if not _stands_after(enrollment, send_id):
            failed = replace(send, status=SendStatus.FAILED, at=now, reason="left")
            self._try_move(send_id, send, failed)
            return SendStatus.FAILED
        back = replace(
            enrollment.with_send(send_id.step, given_back(send, finding)),
            step=send_id.step,
            entered_at=send.at,
            status=EnrollmentStatus.ACTIVE,
            reason=None,
            ended_at=None,
            waiting=None,
            hold=None,
            due_at=now,
        )
        try:
            self.enrollments.save(back)
        except Conflict:
            return None
        return SendStatus.DEFERRED

    def _move(self, send_id: SendId, page: Page, status: SendStatus, *, message_id: str | None) -> None:
        """On to what the receipt says, unless more is known."""
        try:
            send = self.deliveries.sent(send_id)
        except UnknownSend:
            return
        if send.status is SendStatus.CLAIMED and send.at == page.at:
            self._try_move(send_id, send, replace(send, status=status, message_id=message_id))

    def _try_move(self, send_id: SendId, known: Send, told: Send) -> None:
        """If feedback was faster, it knows better."""
        try:
            self.deliveries.move(send_id, known, told)
        except Conflict:
            return


def _stands_after(enrollment: Enrollment, send_id: SendId) -> bool:
    """Whether this very send is the newest thing that happened in this run."""
    if enrollment.run != send_id.run:
        return False
    newest = max(enrollment.sends, key=lambda step: enrollment.sends[step].at, default=None)
    if newest != send_id.step:
        return False
    return enrollment.is_active or enrollment.status is EnrollmentStatus.FINISHED

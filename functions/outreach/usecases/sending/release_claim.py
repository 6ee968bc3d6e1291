"""Put a message that did not go back in its place: its enrollment stands at the step again, and is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.errors import UnknownEnrollmentError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
from outreach.domain.sending.undo_claim import can_be_undone, is_resolved_already, undone
from outreach.usecases.attempts import retry_on_conflict

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.sending.refusal import HoldUntil
    from outreach.domain.sending.send import Send, SendId
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments


def release_claim(
    send_id: SendId,
    send: Send,
    *,
    entered_at: datetime,
    hold: HoldUntil | None,
    enrollments: Enrollments,
    clock: Clock,
    now: datetime,
    known: Enrollment | None = None,
) -> bool:
    """Undo the step that a page's claim took; says whether the message will be tried again.

    `send` is what is on record from now on, `entered_at` when the enrollment had come to the step,
    `known` its row if it was read a moment ago. False when the run has ended otherwise or a newer one took
    its place: then nothing was changed. Raises ConflictError when races were lost again and again.
    """
    unread = [known] if known is not None else []

    def release() -> bool:
        try:
            enrollment = unread.pop() if unread else enrollments.get(_enrollment_of(send_id))
        except UnknownEnrollmentError:
            return False
        if not can_be_undone(enrollment, send_id):
            return False
        if is_resolved_already(enrollment, send_id, send):
            return True
        enrollments.save(undone(enrollment, send_id.step, send, entered_at=entered_at, hold=hold, now=now))
        return True

    return retry_on_conflict(release, clock=clock, whose=send_id.customer_id)


def _enrollment_of(send_id: SendId) -> EnrollmentId:
    return EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key)

"""Put a message that did not go back in its place: its enrollment stands at the step again, and is due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.domain.errors import ConflictError, UnknownEnrollmentError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, HoldReason
from outreach.domain.sending.send import Send, SendId, SendStatus
from outreach.usecases.attempts import attempts

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments

LEFT = "left"
"""The reason on record of a message that did not go, and by then was wanted no more."""


def release_claim(
    send_id: SendId,
    send: Send,
    *,
    entered_at: datetime,
    hold: tuple[HoldReason, datetime] | None,
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
    for _ in attempts(clock, send_id.customer_id):
        try:
            enrollment = known or enrollments.get(_enrollment_of(send_id))
        except UnknownEnrollmentError:
            return False
        if not _stands_after(enrollment, send_id):
            return False
        claimed = enrollment.sends[send_id.step]
        if claimed.status is not SendStatus.CLAIMED or claimed.at != send.at:
            return True  # somebody else settled it, and knew as much
        try:
            enrollments.save(_at_step_again(enrollment, send_id.step, send, entered_at, hold, now))
        except ConflictError:
            known = None
        else:
            return True
    raise ConflictError("the enrollment changed again and again")


def _at_step_again(
    enrollment: Enrollment,
    step: str,
    send: Send,
    entered_at: datetime,
    hold: tuple[HoldReason, datetime] | None,
    now: datetime,
) -> Enrollment:
    back = enrollment.with_send(step, send).return_to_step(step, entered_at, now)
    # What was passed over on the way is judged again.
    back = replace(back, skips={label: skip for label, skip in back.skips.items() if skip.at != send.at})
    return back if hold is None else back.held(*hold)


def _stands_after(enrollment: Enrollment, send_id: SendId) -> bool:
    """Whether this very send is the newest thing that happened in this run."""
    if enrollment.run != send_id.run:
        return False
    newest = max(enrollment.sends, key=lambda step: enrollment.sends[step].at, default=None)
    if newest != send_id.step:
        return False
    return enrollment.is_active or enrollment.status is EnrollmentStatus.FINISHED


def _enrollment_of(send_id: SendId) -> EnrollmentId:
    return EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key)

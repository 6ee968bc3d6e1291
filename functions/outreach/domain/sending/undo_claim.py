"""How the claim of a page is undone: the enrollment stands at the step of its message again, and is due."""

from dataclasses import replace
from datetime import datetime

from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus
from outreach.domain.sending.refusal import HoldUntil
from outreach.domain.sending.send import Send, SendId, SendStatus


def can_be_undone(enrollment: Enrollment, send_id: SendId) -> bool:
    """Whether this send is the newest thing that happened in its run, and the run has not ended otherwise."""
    if enrollment.run != send_id.run:
        return False
    newest = max(enrollment.sends, key=lambda step: enrollment.sends[step].at, default=None)
    if newest != send_id.step:
        return False
    return enrollment.is_active or enrollment.status is EnrollmentStatus.FINISHED


def is_resolved_already(enrollment: Enrollment, send_id: SendId, send: Send) -> bool:
    """Whether another process has recorded what became of this very claim."""
    claimed = enrollment.sends[send_id.step]
    return claimed.status is not SendStatus.CLAIMED or claimed.at != send.at


def undone(
    enrollment: Enrollment,
    step: str,
    send: Send,
    *,
    entered_at: datetime,
    hold: HoldUntil | None,
    now: datetime,
) -> Enrollment:
    """At the step again, since `entered_at`, with `send` on record; held if there is a reason to wait.

    Steps that were skipped when the claim was taken are judged again.
    """
    back = enrollment.with_send(step, send).return_to_step(step, entered_at, now)
    back = replace(back, skips={label: skip for label, skip in back.skips.items() if skip.at != send.at})
    return back if hold is None else back.held(*hold)

"""Give a message that failed another chance, because a person says so."""

from dataclasses import dataclass, replace
from datetime import datetime

from outreach.domain.enrollment import Enrollment, EnrollmentStatus, SkipReason
from outreach.domain.sends import SendStatus
from outreach.ports import Clock, Enrollments, Executions, Reopening

RETRIED = "retried"
"""The reason on record of a send that waits for its new try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySend:
    """The use case with its ports. Doing it again does no harm."""

    ledger: Reopening
    enrollments: Enrollments
    executions: Executions
    clock: Clock

    def __call__(self, enrollment: Enrollment, step: str) -> None:
        """Put the enrollment back at the step that `retriable` or `retriable_skip` named, due now.

        Raises Conflict when it changed since it was read. One that an execution carries gets a new one;
        an older one that still sleeps does no harm, for a send is claimed once.
        """
        now = self.clock.now()
        if step in enrollment.skips:
            skips = {label: skip for label, skip in enrollment.skips.items() if label != step}
            again = replace(enrollment, skips=skips).back_at_step(step, now, now)
            enrollment = self.enrollments.save(again)
        elif enrollment.sends[step].reason != RETRIED:
            enrollment = self.ledger.reopen(_at_step_again(enrollment, step, now), step)
        if not enrollment.swept:
            self.executions.begin_anew(enrollment)


def retriable(enrollment: Enrollment, statuses: frozenset[SendStatus]) -> str | None:
    """The step whose send may be tried again; None when there is none.

    Only the newest message of a run that has not ended early: an older one would come after what was sent
    since. One that was given back before, and whose process died then, is found again.
    """
    if enrollment.status is EnrollmentStatus.LEFT:
        return None
    newest = max(enrollment.sends, key=lambda step: enrollment.sends[step].at, default=None)
    if newest is None:
        return None
    send = enrollment.sends[newest]
    was_given_back = send.status is SendStatus.DEFERRED and send.reason == RETRIED
    return newest if send.status in statuses or was_given_back else None


def retriable_skip(enrollment: Enrollment) -> str | None:
    """The step of a message that waited for an address in vain and may be tried again, or None.

    As of a send: only the newest message of a run that has not ended early.
    """
    if enrollment.status is EnrollmentStatus.LEFT:
        return None
    skipped = {
        label: skip.at for label, skip in enrollment.skips.items() if skip.reason is SkipReason.NO_ADDRESS
    }
    went = {label: send.at for label, send in enrollment.sends.items() if label not in skipped}
    newest = max({**went, **skipped}.items(), key=lambda each: each[1], default=(None, None))[0]
    return newest if newest in skipped else None


def _at_step_again(enrollment: Enrollment, step: str, now: datetime) -> Enrollment:
    """Since now: a message that was valid for some time is valid for that time again."""
    send = replace(enrollment.sends[step], status=SendStatus.DEFERRED, reason=RETRIED, attempts=0, tries=0)
    return enrollment.with_send(step, send).back_at_step(step, now, now)

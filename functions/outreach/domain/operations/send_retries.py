"""Which messages of a run that ended unsent may be retried, and how the run goes on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, Resume, SkipReason
from outreach.domain.sending.send import Send, SendStatus

RETRIED = "retried"
"""The recorded reason of a send that waits for its retry."""


class TooLate(StrEnum):
    """Why a message is not retried with the others. Reports show these values."""

    LATER_SENT = "a later message of its run was sent"
    LATER_UNRESOLVED = "a later message of its run may have been sent"
    RUN_ENDED = "its run ended early"
    NEWER_RUN = "a newer run took the place of its run"

    @property
    def may_be_sent(self) -> bool:
        """Whether an operator may have it sent nevertheless."""
        return self is TooLate.LATER_SENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The unsent endings that an operator selects."""

    statuses: frozenset[SendStatus] = frozenset()
    """FAILED, UNKNOWN or both."""
    failures: frozenset[str] = frozenset()
    """Of failed sends, those with one of these reasons too."""
    skips: frozenset[SkipReason] = frozenset()

    def has(self, send: Send) -> bool:
        return send.status in self.statuses or (
            send.status is SendStatus.FAILED and send.reason in self.failures
        )


@dataclass(frozen=True, slots=True)
class Unsent:
    """One message of a run that ended unsent."""

    step: str
    at: datetime
    too_late: TooLate | None
    """None: it may be retried."""


def unsent(enrollment: Enrollment, wanted: Wanted, *, is_newest_run: bool = True) -> tuple[Unsent, ...]:
    """The selected messages of a run, the earliest first.

    A message is too late once a later one was sent, or may have been: it would arrive after it. A later one
    that failed does not make it too late. Two of one instant are not later than each other.
    """
    found = sorted((at, step) for step, at in _wanted(enrollment, wanted))
    went = [send.at for send in enrollment.sends.values() if send.status.went_out]
    may_have = [send.at for send in enrollment.sends.values() if _is_unresolved(send, wanted)]

    def too_late(at: datetime) -> TooLate | None:
        if not is_newest_run:
            return TooLate.NEWER_RUN
        if enrollment.status is EnrollmentStatus.LEFT:
            return TooLate.RUN_ENDED
        if any(other > at for other in may_have):
            return TooLate.LATER_UNRESOLVED
        return TooLate.LATER_SENT if any(other > at for other in went) else None

    return tuple(Unsent(step, at, too_late(at)) for at, step in found)


def put_back(enrollment: Enrollment, first: Unsent, now: datetime) -> Enrollment:
    """The run at the step of its first retried message, due now, even if it was over.

    It goes on from there: what was skipped since is judged anew, what failed since is retried, and waits
    begin anew with the events that they used. A message with `valid_for` is valid for that time again.
    """
    sends = {
        step: _reopened(send) if send.at >= first.at and is_over_unsent(send) else send
        for step, send in enrollment.sends.items()
    }
    skips = {step: skip for step, skip in enrollment.skips.items() if skip.at < first.at}
    trigger = enrollment.trigger
    consumed = {
        name: at for name, at in enrollment.consumed.items() if at <= first.at or name == trigger.name
    }
    again = replace(enrollment, sends=sends, skips=skips, consumed=consumed, resume=None)
    return again.return_to_step(first.step, now, now)


def send_late(enrollment: Enrollment, late: tuple[str, ...], now: datetime) -> Enrollment:
    """The run at the first of these steps, due now; after them it goes on where it stands.

    Messages sent since are not judged again: a condition that holds by now takes no other arm.
    """
    first, *others = late
    sends = {
        step: _reopened(send) if step in late and is_over_unsent(send) else send
        for step, send in enrollment.sends.items()
    }
    skips = {step: skip for step, skip in enrollment.skips.items() if step not in late}
    resume = Resume(enrollment.step, enrollment.entered_at, tuple(others))
    return replace(enrollment, sends=sends, skips=skips, resume=resume).return_to_step(first, now, now)


def is_over_unsent(send: Send) -> bool:
    """Whether it failed, or was recorded as unknown."""
    return send.status in {SendStatus.FAILED, SendStatus.UNKNOWN}


def waits_for_retry(enrollment: Enrollment, step: str) -> bool:
    """Whether the step's send was reopened, and neither claimed nor skipped since."""
    send = enrollment.sends.get(step)
    if send is None or step in enrollment.skips:
        return False
    return send.status is SendStatus.DEFERRED and send.reason == RETRIED


def _wanted(enrollment: Enrollment, wanted: Wanted) -> Iterator[tuple[str, datetime]]:
    """A reopened run whose process crashed before its execution was started is found again."""
    for step, send in enrollment.sends.items():
        if wanted.has(send) or (waits_for_retry(enrollment, step) and (wanted.statuses or wanted.failures)):
            yield step, send.at
    for step, skip in enrollment.skips.items():
        tried = enrollment.sends.get(step)
        if skip.reason in wanted.skips and (tried is None or tried.status is SendStatus.DEFERRED):
            yield step, skip.at


def _is_unresolved(send: Send, wanted: Wanted) -> bool:
    return send.status is SendStatus.CLAIMED or (send.status is SendStatus.UNKNOWN and not wanted.has(send))


def _reopened(send: Send) -> Send:
    return replace(send, status=SendStatus.DEFERRED, reason=RETRIED, attempts=0, tries=0)

"""Leave a finished step and, in the same write, go on to the next wait or the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus
from outreach.domain.journeys.next_action import (
    Decision,
    Finish,
    Notify,
    SendMessage,
    WaitFor,
    WaitUntil,
    next_action,
)

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.usecases.journeys.context import EnrollmentContext


def advance_past_step(enrollment: Enrollment, context: EnrollmentContext, now: datetime) -> Enrollment:
    """The enrollment past the step it stands at.

    A next step without a wait is due at once: it must be in the due index, so that a later sweep finds it if
    this one crashes first.
    """
    moved = enrollment.past_step(context.campaign.after(enrollment.step), now)
    decision = next_action(context.campaign, moved, context.situation, now)
    match decision.action:
        case WaitUntil() | WaitFor():
            return decision.enrollment
        case Finish():
            return finished(decision, now)
        case SendMessage() | Notify():
            return replace(moved, due_at=now)


def finished(decision: Decision, now: datetime) -> Enrollment:
    """The enrollment after a Finish: completed, or ended before its last step."""
    if isinstance(decision.action, Finish) and decision.action.reason is not None:
        return decision.enrollment.ended(EnrollmentStatus.LEFT, decision.action.reason, now)
    return decision.enrollment.ended(EnrollmentStatus.FINISHED, "completed", now)


def event_of(action: WaitFor | WaitUntil) -> str | None:
    """The event that a wait is for; None for a date."""
    return action.event if isinstance(action, WaitFor) else None

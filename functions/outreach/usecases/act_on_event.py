"""Do to executions and to the due index what the stored rows say after an event."""

from dataclasses import replace
from datetime import datetime

from outreach.domain.enrollment import Enrollment
from outreach.domain.errors import Conflict
from outreach.domain.event import Event
from outreach.ports import Campaigns, Enrollments, Workflows

ATTEMPTS = 5
"""How often a lost race is run again before the queue's own retry takes over."""


def act_on_event(
    event: Event, *, enrollments: Enrollments, campaigns: Campaigns, workflows: Workflows, now: datetime
) -> None:
    """Start, stop and wake what a stored event concerns; everything here may be repeated.

    It looks at the rows only after the event was stored, so it also sees whoever began to wait while
    the event was being taken in; whoever begins later sees the event. Raises Conflict when races were
    lost again and again.
    """
    stored = enrollments.of_customer(event.customer.id).values()
    priorities = {campaign.name: campaign.priority for campaign in campaigns.current()}
    # The highest priority first, so that it reaches the cap first.
    for enrollment in sorted(stored, key=lambda each: -priorities.get(each.id.campaign, 0)):
        if enrollment.swept:
            _bring_forward(enrollment, event, enrollments, now)
        else:
            _carry(enrollment, event, workflows)


def _carry(enrollment: Enrollment, event: Event, workflows: Workflows) -> None:
    """What an execution carries: started, stopped or woken."""
    if enrollment.trigger.event_id == event.id:
        if enrollment.run > 1:
            before = replace(enrollment, run=enrollment.run - 1)
            workflows.stop(before.execution_name, "restarted")
        if enrollment.is_active:
            workflows.start(enrollment)
    if enrollment.ended_by == event.id:
        workflows.stop(enrollment.execution_name, enrollment.reason or "left")
    waiting = enrollment.waiting
    if waiting is not None and waiting.event == event.name and waiting.token is not None:
        workflows.wake(waiting.token)


def _bring_forward(enrollment: Enrollment, event: Event, enrollments: Enrollments, now: datetime) -> None:
    """What a sweep carries: due at once if it waits for this event and intake did not see that yet."""
    for attempt in range(1, ATTEMPTS + 1):
        waiting, due_at = enrollment.waiting, enrollment.due_at
        if waiting is None or waiting.event != event.name or due_at is None or due_at <= now:
            return
        try:
            enrollments.save(replace(enrollment, due_at=now))
        except Conflict:
            if attempt == ATTEMPTS:
                raise
            enrollment = enrollments.get(enrollment.id)
        else:
            return

"""Do to executions and to the due index what the stored rows say after an event."""

from dataclasses import replace
from datetime import datetime

from outreach.domain.campaign import WaitForStep
from outreach.domain.decision import WaitFor, next_action
from outreach.domain.enrollment import Enrollment, HoldReason
from outreach.domain.errors import Conflict, UnknownCampaign
from outreach.domain.event import Event
from outreach.ports import Campaigns, Clock, Enrollments, Workflows
from outreach.usecases.attempts import ATTEMPTS, attempts
from outreach.usecases.scene import Stage


def act_on_event(
    event: Event,
    *,
    stage: Stage,
    enrollments: Enrollments,
    campaigns: Campaigns,
    workflows: Workflows,
    clock: Clock,
    now: datetime,
) -> None:
    """Start, stop and wake what a stored event concerns; everything here may be repeated.

    It looks at the rows only after the event was stored, so it also sees whoever began to wait while
    the event was being taken in; whoever begins later sees the event. Raises Conflict when races were
    lost again and again.
    """
    stored = enrollments.of_customer(event.customer.id).values()
    priorities = {campaign.name: campaign.priority for campaign in campaigns.current()}

    def precedence(enrollment: Enrollment) -> tuple[int, str, str]:
        """The highest priority reaches the cap first; the stored key is a hash, so its value breaks ties."""
        campaign = enrollment.id.campaign
        return -priorities.get(campaign, 0), campaign, enrollment.key_value

    for enrollment in sorted(stored, key=precedence):
        if enrollment.swept:
            _bring_forward(enrollment, event, stage, enrollments, clock, now)
        else:
            _carry(enrollment, event, stage, workflows, now)


def _carry(enrollment: Enrollment, event: Event, stage: Stage, workflows: Workflows, now: datetime) -> None:
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
    if waiting is not None and waiting.token is not None and _is_over(enrollment, event, stage, now):
        workflows.wake(waiting.token)


def _bring_forward(
    enrollment: Enrollment,
    event: Event,
    stage: Stage,
    enrollments: Enrollments,
    clock: Clock,
    now: datetime,
) -> None:
    """What a sweep carries: due at once if its wait is over and intake did not see that yet."""
    for attempt in attempts(clock, event.id):
        is_due = enrollment.due_at is None or enrollment.due_at <= now
        if is_due or not _is_over(enrollment, event, stage, now):
            return
        try:
            enrollments.save(replace(enrollment, due_at=now))
        except Conflict:
            if attempt == ATTEMPTS:
                raise
            enrollment = enrollments.get(enrollment.id)
        else:
            return


def _is_over(enrollment: Enrollment, event: Event, stage: Stage, now: datetime) -> bool:
    """Whether what it waits for came with this event: the event itself, or the address it is held for."""
    if enrollment.hold is HoldReason.NO_ADDRESS:
        return "email" in event.customer.fields
    return _ends_wait(enrollment, event, stage, now)


def _ends_wait(enrollment: Enrollment, event: Event, stage: Stage, now: datetime) -> bool:
    """Whether it waits for this event, or the event changed `until:` so that the wait ends sooner.

    One that ends later than was thought needs nothing: at the old moment it looks and waits on.
    """
    waiting = enrollment.waiting
    if waiting is None or waiting.event == event.name:
        return waiting is not None
    try:
        scene = stage.scene_of(enrollment, now)
        step = scene.campaign.step(enrollment.step)
    except UnknownCampaign:
        return False
    if not isinstance(step, WaitForStep) or step.until is None:
        return False
    action = next_action(scene.campaign, enrollment, scene.situation, now).action
    return not isinstance(action, WaitFor) or action.deadline < waiting.deadline

"""Do to executions and to the due index what the stored rows say after an event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.domain.errors import UnknownCampaignError
from outreach.domain.journeys.campaign import WaitForStep, WaitStep
from outreach.domain.journeys.enrollment import Enrollment, HoldReason
from outreach.domain.journeys.next_action import Decision, WaitFor, WaitUntil, next_action, wait_goes_on
from outreach.usecases.attempts import save_newest

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.intake.event import Event
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Campaigns, Enrollments, Workflows
    from outreach.usecases.journeys.context import ContextLoader
    from outreach.usecases.sweeps.arm_wakes import ArmWakes


def act_on_event(
    event: Event,
    *,
    contexts: ContextLoader,
    enrollments: Enrollments,
    campaigns: Campaigns,
    workflows: Workflows,
    arm: ArmWakes,
    clock: Clock,
    now: datetime,
) -> None:
    """Start, stop and wake the enrollments that a stored event concerns; everything here may be repeated.

    It arms the wake of each swept enrollment that is due soon, whether this event or an earlier attempt to
    take it in made it due.

    It reads the rows only after the event was stored, so it also sees an enrollment that began to wait while
    the event was being taken in; one that begins later sees the event. Raises ConflictError when it lost
    races again and again.
    """
    stored = enrollments.of_customer(event.customer.id).values()
    priorities = {campaign.name: campaign.priority for campaign in campaigns.current()}

    def precedence(enrollment: Enrollment) -> tuple[int, str, str]:
        """The highest priority reaches the cap first; the stored key is a hash, so its value breaks ties."""
        campaign = enrollment.id.campaign
        return -priorities.get(campaign, 0), campaign, enrollment.key_value

    for enrollment in sorted(stored, key=precedence):
        if enrollment.swept:
            arm.of(_bring_forward(enrollment, event, contexts, enrollments, clock, now))
        else:
            _update_execution(enrollment, event, contexts, workflows, now)


def _update_execution(
    enrollment: Enrollment, event: Event, contexts: ContextLoader, workflows: Workflows, now: datetime
) -> None:
    """For a journey: its execution is started, stopped or woken."""
    if enrollment.trigger.event_id == event.id:
        if enrollment.run > 1:
            before = replace(enrollment, run=enrollment.run - 1)
            workflows.stop(before.execution_name, "restarted")
        if enrollment.is_active:
            workflows.start(enrollment)
    if enrollment.ended_by == event.id:
        workflows.stop(enrollment.execution_name, enrollment.reason or "left")
    waiting = enrollment.waiting
    if waiting is not None and waiting.token is not None and _is_over(enrollment, event, contexts, now):
        workflows.wake(waiting.token)


def _bring_forward(
    enrollment: Enrollment,
    event: Event,
    contexts: ContextLoader,
    enrollments: Enrollments,
    clock: Clock,
    now: datetime,
) -> Enrollment:
    """For a sweep: due at once if its wait is over, and later or sooner if its date moved."""

    def bring_forward(known: Enrollment) -> Enrollment:
        if known.due_at is not None and known.due_at <= now:
            return known
        moved = _after_event(known, event, contexts, now)
        return known if moved == known else enrollments.save(moved)

    return save_newest(bring_forward, enrollment, enrollments=enrollments, clock=clock)


def _is_over(enrollment: Enrollment, event: Event, contexts: ContextLoader, now: datetime) -> bool:
    """Whether this event ends its wait: the event itself, a nearer date, or an address."""
    if enrollment.hold is HoldReason.NO_ADDRESS:
        return "email" in event.customer.fields
    decision = _newly_decided(enrollment, event, contexts, now)
    return decision is not None and not wait_goes_on(enrollment, decision)


def _after_event(enrollment: Enrollment, event: Event, contexts: ContextLoader, now: datetime) -> Enrollment:
    """Due when its wait ends by what is known now; what follows the wait is left to the sweep."""
    if enrollment.hold is HoldReason.NO_ADDRESS:
        return replace(enrollment, due_at=now) if "email" in event.customer.fields else enrollment
    decision = _newly_decided(enrollment, event, contexts, now)
    if decision is None:
        return enrollment
    waits_on = isinstance(decision.action, WaitFor | WaitUntil)
    if waits_on and decision.enrollment.step == enrollment.step:
        return decision.enrollment
    return replace(enrollment, due_at=now)


def _newly_decided(
    enrollment: Enrollment, event: Event, contexts: ContextLoader, now: datetime
) -> Decision | None:
    """What happens next in an enrollment whose wait the event may have ended or moved; None for all others.

    Only an event of its name ends a wait for it, but any event may change the facts that `until:` reads.
    """
    if not enrollment.is_active:
        return None
    try:
        campaign = contexts.campaigns.pinned(enrollment.id.campaign, enrollment.bundle)
        step = campaign.step(enrollment.step)
    except UnknownCampaignError:
        return None
    if not isinstance(step, WaitStep | WaitForStep):
        return None
    if step.until is None and (isinstance(step, WaitStep) or step.event != event.name):
        return None
    return next_action(campaign, enrollment, contexts.context_of(enrollment, now).situation, now)

"""From the typed campaign file to the domain's Campaign."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.parts import Hours
from outreach.adapters.campaign_files.step_forms import (
    AnyStepForm,
    BranchForm,
    EndForm,
    NotifyForm,
    PauseForm,
    SendForm,
    SplitForm,
    WaitForForm,
)
from outreach.domain.durations import parse_duration
from outreach.domain.journeys.campaign import (
    Arm,
    BranchStep,
    Campaign,
    Condition,
    EndStep,
    Goal,
    NotifyStep,
    Reentry,
    SendStep,
    SplitStep,
    Step,
    WaitForStep,
    WaitStep,
)
from outreach.domain.sending.delivery_hours import ANY_TIME, DeliveryHours

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outreach.adapters.campaign_files.model import Header

SERVICE_TOPIC = "service"
"""The topic of transactional mail whose file names none: nobody can opt out of it."""


def campaign_from(header: Header, steps: Iterable[tuple[str, AnyStepForm]], version: str) -> Campaign:
    """The campaign; `steps` are labels and what stands there, already checked against each other."""
    word, _, rest = header.reentry.partition(" ")
    goal = header.goal
    return Campaign(
        name=header.name,
        title=header.title,
        message_class=header.message_class,
        topic=header.topic or SERVICE_TOPIC,
        trigger=header.trigger,
        key=header.key,
        reentry=Reentry(word),
        reentry_after=parse_duration(rest) if rest else None,
        driver=header.driver,
        steps=tuple(_step(label, form) for label, form in steps),
        version=version,
        only_if=header.only_if,
        window=_window(header.window),
        priority=header.priority,
        goal=None if goal is None else Goal(goal.event, goal.within),
        exit_on=tuple(header.exit_on),
        holdout=header.holdout,
        values=dict(header.values),
    )


def _step(label: str, form: AnyStepForm) -> Step:
    condition = Condition(form.when, form.unless)
    match form:
        case SendForm():
            window = None if form.window is None else _window(form.window)
            return SendStep(label, form.send, condition, window, form.valid_for)
        case PauseForm():
            wait = form.wait
            if isinstance(wait, timedelta):
                return WaitStep(label, condition, duration=wait)
            return WaitStep(label, condition, until=wait.until)
        case WaitForForm():
            return WaitForStep(label, condition, form.wait_for, form.up_to, form.until, form.on_timeout)
        case BranchForm():
            return BranchStep(label, condition, tuple(Arm(arm.goto, arm.when) for arm in form.branch))
        case SplitForm():
            return SplitStep(label, condition, dict(form.split))
        case NotifyForm():
            return NotifyStep(label, condition, form.notify)
        case EndForm():
            return EndStep(label, condition)


def _window(form: Hours | str) -> DeliveryHours:
    if not isinstance(form, Hours):
        return ANY_TIME
    if form.opens is None or form.closes is None:
        return DeliveryHours(ANY_TIME.opens, ANY_TIME.closes, form.days)
    return DeliveryHours(form.opens, form.closes, form.days)

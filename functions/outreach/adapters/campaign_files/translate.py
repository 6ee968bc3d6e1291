"""From the typed campaign file to the domain's Campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.hours import delivery_hours
from outreach.adapters.campaign_files.steps.registry import spec_of_form
from outreach.domain.durations import parse_duration
from outreach.domain.journeys.campaign import Campaign, Condition, Goal, Reentry, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.steps.form import StepForm
    from outreach.domain.journeys.declared_facts import DeclaredFacts

SERVICE_TOPIC = "service"
"""The topic of transactional mail whose file names none: customers cannot opt out of it."""


def campaign_from(
    header: Header, steps: Iterable[tuple[str, StepForm]], version: str, facts: DeclaredFacts
) -> Campaign:
    """The campaign; `steps` are labels and their forms, already checked against each other."""
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
        steps=tuple(step_from(label, form) for label, form in steps),
        version=version,
        only_if=header.only_if,
        window=delivery_hours(header.window),
        priority=header.priority,
        goal=None if goal is None else Goal(goal.event, goal.within),
        exit_on=tuple(header.exit_on),
        holdout=header.holdout,
        values=dict(header.values),
        facts=facts,
    )


def step_from(label: str, form: StepForm) -> Step:
    """The step of a form."""
    step: Step = spec_of_form(form).translate(form, label, Condition(form.when, form.unless))
    return step

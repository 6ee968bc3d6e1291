"""Asks what happens next in a campaign made of a few steps."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from builders import NOW, a_campaign, an_enrollment
from outreach.domain.journeys.campaign import (
    ALWAYS,
    Campaign,
    SendStep,
    Step,
)
from outreach.domain.journeys.enrollment import Enrollment
from outreach.domain.journeys.next_action import (
    Action,
    Decision,
    SendMessage,
    next_action,
)
from outreach.domain.journeys.situation import Situation

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DELAYED = "order.delayed"
LAST = SendStep("last", "last", ALWAYS)


def a_run(*steps: Step, **fields: object) -> tuple[Campaign, Enrollment]:
    campaign = a_campaign(steps=(*steps, LAST))
    return campaign, an_enrollment(**{"step": campaign.first_label, **fields})


def situation(values: dict[str, object] | None = None, seen: dict[str, datetime] | None = None) -> Situation:
    known = values or {}
    return Situation(lambda expression, _step: known[expression], seen or {}, ZoneInfo("UTC"))


def decided(
    run: tuple[Campaign, Enrollment],
    *,
    after: timedelta = timedelta(0),
    values: dict[str, object] | None = None,
    seen: dict[str, datetime] | None = None,
) -> Decision:
    return next_action(*run, situation(values, seen), NOW + after)


def reaches_last(action: Action) -> bool:
    return action == SendMessage(LAST)

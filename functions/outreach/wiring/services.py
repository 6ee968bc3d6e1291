"""Adapters that several rooms share: executions, announcements, refused events."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.clients import client
from outreach.wiring.settings import settings

if TYPE_CHECKING:
    from outreach.adapters.events.eventbridge_announcer import EventBridgeAnnouncer
    from outreach.adapters.events.sqs_refusals import SqsRefusals
    from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows


@cache
def workflows() -> StepFunctionsWorkflows:
    from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows

    arn = settings()["JOURNEY_STATE_MACHINE_ARN"]
    return StepFunctionsWorkflows(client("stepfunctions"), state_machine_arn=arn)


@cache
def tokens() -> StepFunctionsWorkflows:
    """For functions that only answer task tokens and do not know the machine (a circular reference)."""
    from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows

    return StepFunctionsWorkflows(client("stepfunctions"), state_machine_arn="")


@cache
def announcer() -> EventBridgeAnnouncer:
    from outreach.adapters.events.eventbridge_announcer import EventBridgeAnnouncer

    return EventBridgeAnnouncer(client("events"), bus=settings()["BUS_NAME"])


@cache
def refusals() -> SqsRefusals:
    from outreach.adapters.events.sqs_refusals import SqsRefusals

    return SqsRefusals(client("sqs"), queue_url=settings()["DEAD_LETTER_QUEUE_URL"])

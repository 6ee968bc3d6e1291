"""Adapters that several rooms share: executions, announcements, refused events."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.clients import client
from outreach.wiring.settings import settings
from outreach.wiring.storage import clock

if TYPE_CHECKING:
    from outreach.adapters.events.eventbridge_announcer import EventBridgeAnnouncer
    from outreach.adapters.events.sqs_refusals import SqsRefusals
    from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows
    from outreach.usecases.sweeps.arm_wakes import ArmWakes


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
def arm_wakes() -> ArmWakes:
    from outreach.adapters.stepfunctions.wakes import StepFunctionsWakes
    from outreach.usecases.sweeps.arm_wakes import ArmWakes

    arn = settings()["WAKE_STATE_MACHINE_ARN"]
    timer = StepFunctionsWakes(client("stepfunctions"), state_machine_arn=arn)
    return ArmWakes(timer=timer, clock=clock(), shards=int(settings()["SHARDS"]))


@cache
def announcer() -> EventBridgeAnnouncer:
    from outreach.adapters.events.eventbridge_announcer import EventBridgeAnnouncer

    return EventBridgeAnnouncer(client("events"), bus=settings()["BUS_NAME"])


@cache
def refusals() -> SqsRefusals:
    from outreach.adapters.events.sqs_refusals import SqsRefusals

    return SqsRefusals(client("sqs"), queue_url=settings()["DEAD_LETTER_QUEUE_URL"])

"""Builds the maintenance tasks of the reconciler."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.clients import client
from outreach.wiring.settings import settings
from outreach.wiring.storage import clock, table

if TYPE_CHECKING:
    from outreach.ports.operations import LookScheduler
    from outreach.usecases.operations.restart_journeys import RestartJourneys


@cache
def restart_journeys() -> RestartJourneys:
    from outreach.adapters.stepfunctions.executions import StepFunctionsExecutions
    from outreach.usecases.operations.restart_journeys import RestartJourneys

    executions = StepFunctionsExecutions(
        client("stepfunctions"),
        state_machine_arn=settings()["JOURNEY_STATE_MACHINE_ARN"],
        clock=clock(),
        on_cut=_warn_of_cut_list,
    )
    enrollments, customers = table().enrollments, table().customers
    return RestartJourneys(executions=executions, enrollments=enrollments, customers=customers, clock=clock())


def scheduled_looks(function_arn: str) -> LookScheduler:
    from outreach.adapters.scheduler.scheduled_reconciliations import ScheduledLooks

    return ScheduledLooks(
        client("scheduler"),
        group=settings()["LOOKS_GROUP"],
        role_arn=settings()["LOOKS_ROLE_ARN"],
        function_arn=function_arn,
        dead_letter_queue_arn=settings()["SCHEDULE_DEAD_LETTER_QUEUE_ARN"],
    )


def _warn_of_cut_list(status: str) -> None:
    from outreach.telemetry import warn

    warn("there are more executions than the reconciler has time to list", {"status": status})

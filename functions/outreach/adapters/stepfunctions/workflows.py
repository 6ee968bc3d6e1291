"""Starts, wakes and stops the executions of the journey machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

    from outreach.domain.journeys.enrollment import Enrollment

_LONGEST_CAUSE = 32_768
"""Characters of the cause of a stop (AWS limit)."""


class StepFunctionsWorkflows:
    """Implements the port Workflows. Everything may be repeated: what is done already is left alone."""

    def __init__(self, client: SFNClient, *, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start(self, enrollment: Enrollment) -> None:
        """Start the run's execution. Its name identifies the run, so there is never a second one.

        Its input holds ids only: reading executions must not reveal customers' data. `order_id` and
        `properties_apart` are there so that each of its steps reads all rows together.
        """
        names: dict[str, str | int] = {
            "customer_id": enrollment.id.customer_id,
            "campaign": enrollment.id.campaign,
            "key": enrollment.id.key,
            "run": enrollment.run,
        }
        if enrollment.trigger.order_id is not None:
            names["order_id"] = enrollment.trigger.order_id
        if enrollment.trigger.properties_apart:
            names["properties_apart"] = True
        try:
            self._client.start_execution(
                stateMachineArn=self._arn, name=enrollment.execution_name, input=json.dumps(names)
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def wake(self, token: str) -> None:
        """End the wait of a parked execution; a token that is no longer valid is left alone."""
        gone = self._client.exceptions
        try:
            self._client.send_task_success(taskToken=token, output="{}")
        except (gone.InvalidToken, gone.TaskTimedOut, gone.TaskDoesNotExist):
            return

    def stop(self, execution_name: str, reason: str) -> None:
        """Stop an execution at once; one that is over or never ran is left alone."""
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{execution_name}"
        try:
            self._client.stop_execution(executionArn=arn, error="Left", cause=reason[:_LONGEST_CAUSE])
        except self._client.exceptions.ExecutionDoesNotExist:
            return

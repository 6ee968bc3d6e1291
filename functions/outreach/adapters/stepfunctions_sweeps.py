"""Starts executions of the sweep machine between those that its schedule starts."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsSweeps:
    """Keeps the port SweepStarter."""

    def __init__(self, client: "SFNClient", *, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start_sweep(self, now: "datetime") -> None:
        """Start an execution named after the second; one of that name is left alone."""
        name = f"released-{now:%Y%m%dT%H%M%S}"
        try:
            self._client.start_execution(stateMachineArn=self._arn, name=name, input="{}")
        except self._client.exceptions.ExecutionAlreadyExists:
            return

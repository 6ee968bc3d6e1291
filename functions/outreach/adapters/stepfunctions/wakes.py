"""Arms wakes: executions of the wake machine that wait for their minute."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from outreach.adapters.stepfunctions.timestamp import to_timestamp

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_stepfunctions import SFNClient

_MOST_REMEMBERED = 1000
"""Wakes that a process remembers to have armed."""


class StepFunctionsWakes:
    """Keeps the port WakeTimer. Each process remembers what it armed, and does not arm it again."""

    def __init__(self, client: SFNClient, *, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn
        self._armed: set[str] = set()

    def wake_at(self, campaign: str, shard: int, minute: datetime) -> bool:
        """Start an execution named after the campaign, the shard and the minute in UTC.

        While it is open, starting it again under the same name and input succeeds (AWS); afterwards Step
        Functions refuses the name for 90 days.
        """
        name = f"wake-{campaign}-{shard}-{minute.astimezone(UTC):%Y%m%dT%H%M}"
        if name in self._armed:
            return True
        wake = {"campaign": campaign, "shard": shard, "at": to_timestamp(minute)}
        try:
            self._client.start_execution(stateMachineArn=self._arn, name=name, input=json.dumps(wake))
        except self._client.exceptions.ExecutionAlreadyExists:
            return False
        if len(self._armed) >= _MOST_REMEMBERED:
            self._armed.clear()
        self._armed.add(name)
        return True

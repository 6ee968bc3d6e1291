"""Starts executions of the sweep machine between those that its schedule starts."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_stepfunctions import SFNClient

ALL = "all-campaigns"


class StepFunctionsSweeps:
    """For operators' commands."""

    def __init__(self, client: SFNClient, *, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start_by_hand(self, campaign: str | None, now: datetime) -> str:
        """Start a sweep of one campaign, or of all; give the name of its execution.

        Asked again within the minute, it starts none and gives the same name.
        """
        name = f"{ALL if campaign is None else campaign}-{now:%Y%m%dT%H%M}"
        self._start(name, {} if campaign is None else {"campaign": campaign})
        return name

    def _start(self, name: str, asked: dict[str, str]) -> None:
        with suppress(self._client.exceptions.ExecutionAlreadyExists):
            self._client.start_execution(stateMachineArn=self._arn, name=name, input=json.dumps(asked))

"""Has EventBridge Scheduler call the reconciler once more, sooner than its own schedule would."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class ScheduledLooks:
    """Implements the port LookScheduler: one-time schedules in a group of the stack.

    Scheduler deletes each one after its call.
    """

    def __init__(
        self,
        client: Any,
        *,
        group: str,
        role_arn: str,
        function_arn: str,
        dead_letter_queue_arn: str,
    ) -> None:
        self._client = client
        self._group = group
        self._role_arn = role_arn
        self._function_arn = function_arn
        self._dead_letter_queue_arn = dead_letter_queue_arn

    def look_at(self, at: datetime) -> None:
        """Call the reconciler at that hour, once however often this is called."""
        hour = at.astimezone(UTC)
        with suppress(self._client.exceptions.ConflictException):
            self._client.create_schedule(
                GroupName=self._group,
                Name=f"again-{hour:%Y%m%dT%H}",
                ScheduleExpression=f"at({hour:%Y-%m-%dT%H:%M:%S})",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._function_arn,
                    "RoleArn": self._role_arn,
                    "Input": json.dumps({"again": True}),
                    "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600},
                    "DeadLetterConfig": {"Arn": self._dead_letter_queue_arn},
                },
            )

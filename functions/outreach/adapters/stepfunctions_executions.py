"""Finds executions of the journey machine that failed, and starts successors for them."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.domain.chance import share
from outreach.domain.enrollment import EnrollmentId
from outreach.ports import FailedExecution, Successor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_stepfunctions import SFNClient

    from outreach.ports import Clock

LOOK_BACK = timedelta(days=14)
MOST_SUCCESSORS = 3
_SEPARATOR = "."
_A_MOMENT = timedelta(minutes=1)
"""By which our clock and that of Step Functions may differ."""


class StepFunctionsExecutions:
    """Keeps the port Executions.

    A successor carries the name of the first execution and a number. Names are good for one execution in
    90 days (AWS), so the same successor is never started twice.
    """

    def __init__(self, client: "SFNClient", *, state_machine_arn: str, clock: "Clock") -> None:
        self._client = client
        self._arn = state_machine_arn
        self._clock = clock

    def failed(self) -> "Iterator[FailedExecution]":
        """Those that ended within two weeks, in another order each time.

        Each costs a request of its own, for what it carried.
        """
        now = self._clock.now()
        found = [
            execution
            for status in ("FAILED", "TIMED_OUT")
            for page in self._client.get_paginator("list_executions").paginate(
                stateMachineArn=self._arn, statusFilter=status
            )
            for execution in page["executions"]
            if execution["stopDate"] >= now - LOOK_BACK
        ]
        for execution in sorted(found, key=lambda each: share(now.isoformat(), each["name"])):
            told = self._client.describe_execution(executionArn=execution["executionArn"])
            ids = json.loads(told["input"])
            enrollment_id = EnrollmentId(ids["customer_id"], ids["campaign"], ids["key"])
            yield FailedExecution(execution["name"], enrollment_id, ids["run"])

    def begin_again(self, failed: "FailedExecution") -> "Successor":
        """Start a successor, once however often this is called."""
        first, _, number = failed.name.partition(_SEPARATOR)
        successor = int(number or 0) + 1
        if successor > MOST_SUCCESSORS:
            return Successor.NO_MORE
        ids = failed.enrollment_id
        names = {"customer_id": ids.customer_id, "campaign": ids.campaign, "key": ids.key, "run": failed.run}
        now = self._clock.now()
        try:
            started = self._client.start_execution(
                stateMachineArn=self._arn, name=f"{first}{_SEPARATOR}{successor}", input=json.dumps(names)
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return Successor.HAD_ONE
        # One that still runs answers as it did when it was started.
        return Successor.STARTED if started["startDate"] > now - _A_MOMENT else Successor.HAD_ONE

"""Finds failed executions of the journey machine, and starts successors for them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.journeys.hash_share import share
from outreach.domain.operations.journey_restarts import MOST_RESTARTS, Failure, Failures
from outreach.ports.operations import FailedExecution, Successor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.literals import ExecutionStatusType
    from mypy_boto3_stepfunctions.type_defs import ExecutionListItemTypeDef

    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.ports.clock import Clock

LOOK_BACK = timedelta(days=90)
"""As long as Step Functions keeps executions: what an operator must see is reported until then."""
STOPPED_LOOK_BACK = timedelta(hours=13)
"""Two runs of the reconciler. The execution of every customer who leaves is stopped, and each costs a
request: so only the newest."""
_LARGEST_PAGE = 1000
"""Executions in one answer (AWS limit)."""
_SEPARATOR = "."
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""The limit of a successor's number: a name has at most 80 characters (AWS limit)."""
_LATER_NAMES = re.compile(r"(-r[0-9a-f]+)?(\.[0-9a-z])?$")
"""What is added to the name of a run's first execution for its successors."""
_A_MOMENT = timedelta(minutes=1)
"""How far our clock and that of Step Functions may differ."""


class StepFunctionsExecutions:
    """Implements the port Executions.

    A successor has the name of the first execution and a number. Names are good for one execution in 90 days
    (AWS), so the same successor is never started twice.
    """

    def __init__(
        self,
        client: SFNClient,
        *,
        state_machine_arn: str,
        clock: Clock,
        on_cut: Callable[[ExecutionStatusType], None] = lambda _: None,
    ) -> None:
        """`on_cut` is called with each status that has more executions than there is time to list."""
        self._client = client
        self._on_cut = on_cut
        self._arn = state_machine_arn
        self._clock = clock

    def failed(self, stop_at: datetime) -> Iterator[FailedExecution]:
        """Those that failed, then those that were stopped lately, each in another order each time.

        Each costs a request of its own, for its input. One whose successor failed as well is left out.
        Listing takes half of the time at most, so that some is left to look at what was listed.
        """
        now = self._clock.now()
        yield from self._ended(("FAILED", "TIMED_OUT"), now - LOOK_BACK, stop_at)
        yield from self._ended(("ABORTED",), now - STOPPED_LOOK_BACK, stop_at)

    def _ended(
        self, statuses: tuple[ExecutionStatusType, ...], since: datetime, stop_at: datetime
    ) -> Iterator[FailedExecution]:
        found: dict[str, ExecutionListItemTypeDef] = {}
        now = self._clock.now()
        list_until = now + (stop_at - now) / 2
        for status in statuses:
            for page in self._client.get_paginator("list_executions").paginate(
                stateMachineArn=self._arn, statusFilter=status, PaginationConfig={"PageSize": _LARGEST_PAGE}
            ):
                found |= {each["name"]: each for each in page["executions"] if each["stopDate"] >= since}
                if self._clock.now() >= list_until and page.get("nextToken"):
                    self._on_cut(status)
                    break
        failures = Failures(
            Failure(each["stopDate"], _chain(name), _LATER_NAMES.sub("", name))
            for name, each in found.items()
        )
        last = [each for name, each in found.items() if _successor(name) not in found]
        for execution in sorted(last, key=lambda each: share(stop_at.isoformat(), each["name"])):
            told = self._client.describe_execution(executionArn=execution["executionArn"])
            ids = json.loads(told["input"])
            yield FailedExecution(
                execution["name"],
                EnrollmentId(ids["customer_id"], ids["campaign"], ids["key"]),
                ids["run"],
                execution["stopDate"],
                # A stopped execution was stopped by hand: no outage does that.
                _number(execution["name"]) + 1
                if "ABORTED" in statuses
                else failures.own(_chain(execution["name"])),
            )

    def running(self) -> Iterator[str]:
        """The runs that go on, under the names of their first executions."""
        pages = self._client.get_paginator("list_executions").paginate(
            stateMachineArn=self._arn, statusFilter="RUNNING", PaginationConfig={"PageSize": _LARGEST_PAGE}
        )
        return (_LATER_NAMES.sub("", each["name"]) for page in pages for each in page["executions"])

    def begin_anew(self, enrollment: Enrollment) -> Successor:
        """Start an execution that others may follow, as the first one. Once in a second."""
        now = self._clock.now()
        first = f"{enrollment.execution_name}-r{int(now.timestamp()):x}"
        return self.begin_again(FailedExecution(first, enrollment.id, enrollment.run, now))

    def begin_again(self, failed: FailedExecution) -> Successor:
        """Start a successor, once however often this is called."""
        successor = _successor(failed.name)
        if failed.own_failures > MOST_RESTARTS or successor is None:
            return Successor.NO_MORE
        ids = failed.enrollment_id
        names = {"customer_id": ids.customer_id, "campaign": ids.campaign, "key": ids.key, "run": failed.run}
        now = self._clock.now()
        try:
            started = self._client.start_execution(
                stateMachineArn=self._arn, name=successor, input=json.dumps(names)
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return Successor.HAD_ONE
        # A running one answers as it did when it was started.
        return Successor.STARTED if started["startDate"] > now - _A_MOMENT else Successor.HAD_ONE


def _chain(name: str) -> str:
    return name.partition(_SEPARATOR)[0]


def _number(name: str) -> int:
    return int(name.partition(_SEPARATOR)[2] or "0", len(_DIGITS))


def _successor(name: str) -> str | None:
    """None after the last one."""
    number = _number(name) + 1
    return f"{_chain(name)}{_SEPARATOR}{_DIGITS[number]}" if number < len(_DIGITS) else None

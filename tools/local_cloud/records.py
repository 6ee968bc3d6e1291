"""The records of the local cloud, for tests and reports to read."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How an invocation ended."""

    OK = "ok"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of one function."""

    function: str
    """Logical id in the template."""
    time: datetime
    request_id: str
    event_json: str
    outcome: Outcome
    error_type: str = ""
    error_message: str = ""
    cold_start: bool = False

    @property
    def event(self) -> Any:
        """The event the handler was given."""
        return json.loads(self.event_json)


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One AWS call that a handler made."""

    service: str
    operation: str
    function: str
    role: str
    time: datetime
    error: str = ""
    """The error code of the answer, empty when the call succeeded."""


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """An event that ran out of retries and had no dead-letter queue."""

    source: str
    target: str
    payload: str
    reason: str
    time: datetime


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message in a dead-letter queue."""

    queue: str
    """Logical id in the template."""
    body: str
    reason: str
    """Its attribute `Reason`, else the `ERROR_MESSAGE` that AWS adds; empty when nothing recorded one."""
    sent_at: datetime
    """When it was first put into a queue: a move to the dead-letter queue keeps that."""

    @property
    def event(self) -> Any:
        """The body, parsed. Raises ValueError when it is not JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line that a handler printed or logged."""

    function: str
    time: datetime
    text: str

"""Planned failures: at which AWS call a function's process crashes, or for how long calls fail."""

import random
from dataclasses import dataclass, field
from enum import StrEnum


class When(StrEnum):
    """Where around the chosen call the process crashes."""

    BEFORE = "before"
    """The call is never made."""
    AFTER = "after"
    """The call is made, and its answer is lost with the process."""
    TIMEOUT = "timeout"
    """The call is made, then nothing more happens until the function's timeout has passed."""
    THROTTLED = "throttled"
    """The call is never made: AWS answers ThrottlingException, after all retries of the client."""


@dataclass(slots=True)
class Fault:
    """Crash a function's process at its n-th matching AWS call, counted from 1 when the fault is added."""

    function: str | None = None
    """Logical id; None matches every function."""
    operation: str | None = None
    """For example `SendBulkEmail`; None matches every operation."""
    call: int = 1
    when: str = When.BEFORE
    fired: bool = field(default=False, init=False)
    _seen: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        self.when = When(self.when)
        if self.call < 1:
            raise ValueError(f"Fault.call is {self.call}: calls are counted from 1")

    def strikes(self, function: str, operation: str) -> bool:
        """Count one call; True exactly once, for the chosen call."""
        if self.fired or self.function not in {None, function} or self.operation not in {None, operation}:
            return False
        self._seen += 1
        if self._seen == self.call:
            self.fired = True
        return self.fired


@dataclass(slots=True)
class Outage:
    """Let matching AWS calls of functions fail for as long as it is among the faults of the cloud."""

    function: str | None = None
    """Logical id; None matches every function."""
    operation: str | None = None
    """For example `SendBulkEmail`; None matches every operation."""
    when: str = When.THROTTLED
    share: float = 1.0
    """Of the calls that match, from 0 to 1."""
    seed: int = 1
    _draw: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.when = When(self.when)
        self._draw = random.Random(self.seed)

    def strikes(self, function: str, operation: str) -> bool:
        """Whether this call fails."""
        if self.function not in {None, function} or self.operation not in {None, operation}:
            return False
        return self._draw.random() < self.share

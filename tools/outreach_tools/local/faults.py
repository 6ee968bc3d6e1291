"""Deaths on order: a test says at which AWS call a function's process dies, and whether the call was made."""

from dataclasses import dataclass, field
from enum import StrEnum


class When(StrEnum):
    """Where around the chosen call the process dies."""

    BEFORE = "before"
    """The call is never made."""
    AFTER = "after"
    """The call is made, and its answer is lost with the process."""
    TIMEOUT = "timeout"
    """The call is made, then nothing more happens until the function's timeout has passed."""


@dataclass(slots=True)
class Fault:
    """Kill a function's process at its n-th matching AWS call, counted from 1 when the fault is added."""

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
        """Count one call; True exactly once, for the call that is meant."""
        if self.fired or self.function not in {None, function} or self.operation not in {None, operation}:
            return False
        self._seen += 1
        if self._seen == self.call:
            self.fired = True
        return self.fired

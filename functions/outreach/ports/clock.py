"""The time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class Clock(Protocol):
    """Returns the time, and sleeps."""

    def now(self) -> datetime:
        """Now, in UTC."""
        ...

    def sleep(self, span: timedelta) -> None:
        """Return after this much time; at once for zero or less."""
        ...

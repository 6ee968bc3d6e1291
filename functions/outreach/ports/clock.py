"""The time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """This moment, UTC."""
        ...

    def sleep(self, span: timedelta) -> None:
        """Come back when so much time has passed; at once for none or less."""
        ...

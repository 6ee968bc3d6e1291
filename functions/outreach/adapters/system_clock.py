"""The machine's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class SystemClock:
    """Implements the port Clock."""

    def __init__(self, sleep: Callable[[float], None] | None = None) -> None:
        """`sleep` takes seconds; without it, `time.sleep` is looked up at each call."""
        self._sleep = sleep

    def now(self) -> datetime:
        """Now, in UTC, to the millisecond: rows store no finer time, so nothing is lost."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def sleep(self, span: timedelta) -> None:
        """Return after this much time; at once for zero or less."""
        (self._sleep or time.sleep)(max(0.0, span.total_seconds()))

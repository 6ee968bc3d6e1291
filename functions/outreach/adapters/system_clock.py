"""The machine's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class SystemClock:
    """Keeps the port Clock."""

    def __init__(self, sleep: Callable[[float], None] | None = None) -> None:
        """`sleep` takes seconds; without it, `time.sleep` is looked up at each call."""
        self._sleep = sleep

    def now(self) -> datetime:
        """This moment, UTC, to the millisecond: what is stored is no finer, so nothing is lost on the way."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def sleep(self, span: timedelta) -> None:
        """Come back when so much time has passed; at once for none or less."""
        (self._sleep or time.sleep)(max(0.0, span.total_seconds()))

"""The machine's clock."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Keeps the port Clock."""

    def now(self) -> datetime:
        """This moment, UTC, to the millisecond: what is stored is no finer, so nothing is lost on the way."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def sleep(self, span: timedelta) -> None:
        """Come back when so much time has passed; at once for none or less."""
        time.sleep(max(0.0, span.total_seconds()))

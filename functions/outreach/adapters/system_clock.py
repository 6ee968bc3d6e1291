"""The machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    """Keeps the port Clock."""

    def now(self) -> datetime:
        """This moment, UTC, to the millisecond: what is stored is no finer, so nothing is lost on the way."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

"""When the sweep of a campaign shard is to be woken."""

from datetime import UTC, datetime, timedelta

HORIZON = timedelta(hours=26)
"""How far ahead a wake is armed: what is due later is found by the daily run, with two hours to spare."""
LEAD = timedelta(seconds=10)
"""A wake comes at least so long after the write it is for: the index and other clocks may be behind."""
STUCK_RETRY = timedelta(hours=1)
"""When enrollments are tried again that an error kept from being moved: one must not wake a machine each
minute."""
CAUGHT_AFTER = timedelta(minutes=5)
"""What is overdue for longer was missed by its wake."""

_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wake_minute(due_at: datetime, now: datetime) -> datetime | None:
    """The full minute of the wake for what is due then; None when a later run sees to it.

    Whole minutes, so that all who arm a wake for the same minute name the same one.
    """
    if due_at > now + HORIZON:
        return None
    at = max(due_at, now + LEAD)
    return at + (_EPOCH - at) % _MINUTE


def next_minute(minute: datetime) -> datetime:
    return minute + _MINUTE

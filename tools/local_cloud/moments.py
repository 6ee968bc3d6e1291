"""Times as callers may give them: as text or as an aware datetime."""

from datetime import UTC, datetime


def instant_of(moment: str | datetime) -> datetime:
    """An aware datetime from either form.

    Raises ValueError for one without a zone.
    """
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    if found.tzinfo is None:
        raise ValueError(f"{found.isoformat()} has no time zone: write 2026-03-02T09:00:00Z")
    return found.astimezone(UTC)

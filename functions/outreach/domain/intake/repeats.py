"""Whether an event is a repeat of the one that was taken in under the same id."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.domain.errors import Problem, ReusedEventIdError
from outreach.domain.intake.event import ADDRESS_NEWS, Event

EVENT_MEMORY = timedelta(days=400)
"""How long an event's id is remembered; older events are refused, so none can be taken in twice."""
SAME_EVENT_WITHIN = timedelta(hours=1)
"""How far apart the times of two deliveries of one event may be: a producer may build it anew."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """What the table stores of an event that was taken in."""

    name: str | None = None
    occurred_at: datetime | None = None
    """As the producer sent it. None, as the name, in a row without it."""
    unevaluated: frozenset[str] = frozenset()
    """Campaigns whose `only_if` could not be evaluated for it: a repeat evaluates them again."""


def stored_event_of(event: Event, unevaluated: frozenset[str] = frozenset()) -> StoredEvent:
    """The record of this event."""
    return StoredEvent(event.name, event.stated_at or event.occurred_at, unevaluated)


def refuse_reused_id(event: Event, stored: StoredEvent) -> None:
    """Accept a repeat. Raises ReusedEventIdError for another event under the same id.

    Outreach dates its own events about an address anew at every attempt: of those only the name counts.
    """
    if stored.name is None or stored.occurred_at is None:
        return
    if event.name != stored.name:
        raise _reused(f"`{stored.name}`")
    apart = abs((event.stated_at or event.occurred_at) - stored.occurred_at)
    if event.name not in ADDRESS_NEWS and apart >= SAME_EVENT_WITHIN:
        raise _reused(f"`{stored.name}` that occurred {_span(apart)} earlier or later")


def _reused(which: str) -> ReusedEventIdError:
    what = (
        f"is the id of another event of this customer, {which}, which was taken in; "
        "give every event an id of its own (the id of an order is not one: an order has several events)"
    )
    return ReusedEventIdError((Problem("event_id", what),))


def _span(apart: timedelta) -> str:
    hours = apart // timedelta(hours=1)
    days = hours // 24
    number, unit = (days, "day") if days else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"

"""The cap: how much marketing mail one customer gets, across all campaigns."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `sends` within any `span`."""

    sends: int
    span: timedelta

    def __post_init__(self) -> None:
        if self.sends < 1 or self.span <= timedelta(0):
            raise ValueError("a cap needs one send and some time at least; to send nothing, pause instead")


DEFAULT_CAPS = (Cap(1, timedelta(hours=24)), Cap(3, timedelta(days=7)))


def room_at(mailed_at: tuple[datetime, ...], caps: tuple[Cap, ...], now: datetime) -> datetime:
    """The first instant, not before now, at which one more send fits under every cap.

    A send counts for the whole of a span: after one at noon, a 24-hour cap has room at noon next day.
    """
    room = now
    for cap in caps:
        recent = sorted(at for at in mailed_at if at > now - cap.span)
        if len(recent) >= cap.sends:
            room = max(room, recent[len(recent) - cap.sends] + cap.span)
    return room


def remembered(mailed_at: tuple[datetime, ...], caps: tuple[Cap, ...], now: datetime) -> tuple[datetime, ...]:
    """The sends that some cap still counts: older ones need not be kept."""
    longest = max((cap.span for cap in caps), default=timedelta(0))
    return tuple(sorted(at for at in mailed_at if at > now - longest))

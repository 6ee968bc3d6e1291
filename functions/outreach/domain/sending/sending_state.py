"""Whether mail is sent at all: what an operator paused, what the breaker paused, what the service refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from outreach.domain.sending.breaker import Breaker
from outreach.domain.sending.outage import Outage


@dataclass(frozen=True, slots=True)
class Pause:
    """An operator's pause of sending, and its reason."""

    everything: bool
    """Transactional mail, too, and not only marketing."""
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CampaignPause:
    """An operator's pause of one campaign, and its reason."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Restore:
    """An operator's restore of the table to an earlier time; until its end no enrollment advances.

    Rows and later events come back one after the other: a branch that was decided in between would use facts
    of two times.
    """

    to: datetime
    """The time of the rows."""
    begun_at: datetime
    by: str
    source: str
    """Name of the table that holds the rows of that time."""
    copied_at: datetime | None = None
    """When all rows were copied back."""
    replays: tuple[str, ...] = ()
    """Names of the replays that were started, in their order."""
    replayed_at: datetime | None = None
    """When every later event was taken in."""


@dataclass(frozen=True, slots=True)
class SendingState:
    """Whether mail may be sent."""

    pause: Pause | None = None
    breaker: Breaker = field(default_factory=Breaker)
    outage: Outage | None = None
    campaigns: Mapping[str, CampaignPause] = field(default_factory=dict)
    """Those that are paused, by name."""
    restore: Restore | None = None

    @property
    def marketing_paused(self) -> bool:
        return self.pause is not None or self.breaker.opening is not None

    @property
    def all_paused(self) -> bool:
        return self.pause is not None and self.pause.everything

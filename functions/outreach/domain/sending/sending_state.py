"""Whether mail goes out at all: what a person paused, what the breaker paused, what the service refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from outreach.domain.sending.breaker import Breaker
from outreach.domain.sending.outage import Outage


@dataclass(frozen=True, slots=True)
class Pause:
    """That a person stopped sending, and why."""

    everything: bool
    """Transactional mail, too, and not only marketing."""
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CampaignPause:
    """That an operator paused one campaign, and why."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Restore:
    """That an operator restores the table to an earlier time; until the end of it no enrollment advances.

    Rows and what happened since come back one after the other: a branch that was decided in between would
    be decided on facts of two times.
    """

    to: datetime
    """The time that the rows are of."""
    begun_at: datetime
    by: str
    source: str
    """Name of the table that holds the rows of that time."""
    copied_at: datetime | None = None
    """When all rows were copied back."""
    replays: tuple[str, ...] = ()
    """Names of the replays that were started, in their order."""
    replayed_at: datetime | None = None
    """When everything that happened since was taken in."""


@dataclass(frozen=True, slots=True)
class SendingState:
    """Whether mail may go out."""

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

"""Whether mail goes out at all: what a person paused, what the breaker paused, what the service refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from outreach.domain.breaker import Breaker
from outreach.domain.outage import Outage


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
class Sending:
    """Whether mail may go out."""

    pause: Pause | None = None
    breaker: Breaker = field(default_factory=Breaker)
    outage: Outage | None = None
    campaigns: Mapping[str, CampaignPause] = field(default_factory=dict)
    """Those that are paused, by name."""

    @property
    def marketing_paused(self) -> bool:
        return self.pause is not None or self.breaker.opening is not None

    @property
    def all_paused(self) -> bool:
        return self.pause is not None and self.pause.everything

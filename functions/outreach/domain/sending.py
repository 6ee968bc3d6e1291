"""Whether the shop lets mail go out at all: what a person paused, and what the breaker paused."""

from dataclasses import dataclass, field
from datetime import datetime

from outreach.domain.breaker import Breaker


@dataclass(frozen=True, slots=True)
class Pause:
    """That a person stopped sending, and why."""

    everything: bool
    """Transactional mail, too, and not only marketing."""
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sending:
    """Whether mail may go out."""

    pause: Pause | None = None
    breaker: Breaker = field(default_factory=Breaker)

    @property
    def marketing_paused(self) -> bool:
        return self.pause is not None or self.breaker.opening is not None

    @property
    def all_paused(self) -> bool:
        return self.pause is not None and self.pause.everything

"""Customers whom an operator stopped in a campaign, or in all, until the operator allows them again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

ALL_CAMPAIGNS = "*"
"""Stands for every campaign, transactional ones too; no campaign can have this name."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An operator's stop of a customer: by whom, and when. It stays on record once it is over."""

    at: datetime
    by: str
    allowed_at: datetime | None = None
    allowed_by: str | None = None

    @property
    def is_in_force(self) -> bool:
        return self.allowed_at is None


type Stops = Mapping[str, Stop]
"""Per name of a campaign, or `ALL_CAMPAIGNS`, the newest."""


def in_force(stops: Stops) -> frozenset[str]:
    """The campaigns, or `ALL_CAMPAIGNS`, in which the customer is stopped."""
    return frozenset(name for name, stop in stops.items() if stop.is_in_force)


def with_stop(stops: Stops, campaign: str, *, by: str, at: datetime) -> Stops:
    """With one more stop; one that is in force stays as it is."""
    known = stops.get(campaign)
    if known is not None and known.is_in_force:
        return stops
    return {**stops, campaign: Stop(at, by)}


def without_stop(stops: Stops, campaign: str, *, by: str, at: datetime) -> Stops:
    """With this stop ended; to end that of `ALL_CAMPAIGNS` ends every other one too."""

    def after(name: str, stop: Stop) -> Stop:
        is_ended = stop.is_in_force and campaign in {name, ALL_CAMPAIGNS}
        return replace(stop, allowed_at=at, allowed_by=by) if is_ended else stop

    return {name: after(name, stop) for name, stop in stops.items()}

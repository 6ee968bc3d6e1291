"""Plan a sweep: where is work now, and when should it look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Campaigns
    from outreach.ports.sweeps import DueShards

SHORTEST_PAUSE = timedelta(hours=1)
"""A sweep looks again at most this often: what comes due in between goes together."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of one campaign's due index."""

    campaign: str
    shard: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sweep does next: the work if there is any, else a pause, else nothing."""

    work: tuple[Shard, ...] = ()
    look_again_at: datetime | None = None


def plan_sweep(
    *, campaigns: Campaigns, shards: DueShards, clock: Clock, ends_at: datetime, only: str | None = None
) -> Plan:
    """Look at every campaign: one that an execution carries now may have been swept when some enrolled.

    With `only` look at the campaign of that name alone. Nothing is planned after `ends_at`: the next sweep
    sees to it.
    """
    now = clock.now()
    if now >= ends_at:
        return Plan()
    first_due = {
        Shard(campaign.name, shard): instant
        for campaign in campaigns.current()
        if only in {None, campaign.name}
        for shard, instant in shards.first_due(campaign.name).items()
    }
    work = tuple(shard for shard, instant in first_due.items() if instant <= now)
    if work:
        return Plan(work)
    again = max(min(first_due.values(), default=ends_at), now + SHORTEST_PAUSE)
    return Plan(look_again_at=again if again < ends_at else None)

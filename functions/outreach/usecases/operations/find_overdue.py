"""Find due enrollments that no sweep drives: a sweep that does not run, or a campaign that is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.ports.journeys import Campaigns
    from outreach.ports.sweeps import DueShards, ShardLease, SweptCampaigns

OVERDUE = timedelta(hours=26)
"""The daily run should have armed a wake for it: a day, and two hours for the work."""


def find_overdue(
    *, campaigns: Campaigns, shards: DueShards, lease: ShardLease, swept: SweptCampaigns, now: datetime
) -> dict[str, int]:
    """Per campaign, how many of its shards wait for longer than they should; only those with any.

    A shard that is swept right now, or was found held by a pause or a limit since, is not overdue. No wake is
    armed for a deleted campaign, so its name is stored from when it existed.
    """
    known = swept.swept_campaigns()
    names = known | {campaign.name for campaign in campaigns.current()}
    first_due = {name: shards.first_due(name) for name in sorted(names)}
    new = {name for name, instants in first_due.items() if instants} - known
    if new:
        swept.remember_swept(new)

    def is_late(name: str, shard: int, first: datetime) -> bool:
        if first >= now - OVERDUE:
            return False
        attended = lease.attended_until(name, shard)
        return attended is None or attended < now - OVERDUE

    late = {
        name: sum(is_late(name, shard, first) for shard, first in instants.items())
        for name, instants in first_due.items()
    }
    return {name: number for name, number in late.items() if number}

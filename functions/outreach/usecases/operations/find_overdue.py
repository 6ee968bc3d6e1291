"""Find due enrollments that no sweep drives: a sweep that does not run, or a campaign that is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.ports.journeys import Campaigns
    from outreach.ports.sweeps import DueShards, SweptCampaigns

OVERDUE = timedelta(hours=26)
"""A daily sweep should have reached it: a day, and two hours for the work."""


def find_overdue(
    *, campaigns: Campaigns, shards: DueShards, swept: SweptCampaigns, now: datetime
) -> dict[str, int]:
    """Per campaign, how many of its shards wait for longer than they should; only those with any.

    A deleted campaign is planned by no sweep, so its name is stored from when it existed.
    """
    known = swept.swept_campaigns()
    names = known | {campaign.name for campaign in campaigns.current()}
    first_due = {name: shards.first_due(name) for name in sorted(names)}
    new = {name for name, instants in first_due.items() if instants} - known
    if new:
        swept.remember_swept(new)
    late = {
        name: sum(instant < now - OVERDUE for instant in instants.values())
        for name, instants in first_due.items()
    }
    return {name: number for name, number in late.items() if number}

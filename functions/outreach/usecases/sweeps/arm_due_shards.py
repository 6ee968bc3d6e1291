"""Arm the wake of every campaign shard where something is due soon: the net under all who arm their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.sweeps.wake import CAUGHT_AFTER

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Campaigns
    from outreach.ports.sweeps import DueShards, ShardLease
    from outreach.usecases.sweeps.arm_wakes import ArmWakes


@dataclass(slots=True)
class Armed:
    """The result of one look at all shards."""

    wakes: int = 0
    caught: int = 0
    """Shards with something overdue that no wake came for, though nothing holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmDueShards:
    """The use case with its ports. Doing it again does no harm."""

    campaigns: Campaigns
    shards: DueShards
    lease: ShardLease
    arm: ArmWakes
    clock: Clock

    def __call__(self, only: str | None = None) -> Armed:
        """Look at every campaign: one that an execution carries now may have been swept when some enrolled.

        With `only` look at the campaign of that name alone.
        """
        armed = Armed()
        for campaign in self.campaigns.current():
            if only not in {None, campaign.name}:
                continue
            for shard, due_at in self.shards.first_due(campaign.name).items():
                armed.caught += self._was_missed(campaign.name, shard, due_at)
                armed.wakes += self.arm(campaign.name, shard, due_at)
        return armed

    def _was_missed(self, campaign: str, shard: int, due_at: datetime) -> bool:
        overdue_since = self.clock.now() - CAUGHT_AFTER
        if due_at >= overdue_since:
            return False
        attended = self.lease.attended_until(campaign, shard)
        return attended is None or attended < overdue_since

"""Sweep a campaign shard as the only one who does, and arm its next wake."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from outreach.domain.sweeps.wake import LEAD, STUCK_RETRY
from outreach.ports.sweeps import NextLook
from outreach.usecases.sweeps.sweep_shard import Swept

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.sweeps.counts import SweepCall
    from outreach.ports.clock import Clock
    from outreach.ports.sweeps import ShardLease
    from outreach.usecases.sweeps.arm_wakes import ArmWakes
    from outreach.usecases.sweeps.sweep_shard import SweepPage


class Next(StrEnum):
    """What the execution that made the call does after it."""

    AGAIN = "again"
    """Call again at once: time ran out, or another wake came meanwhile."""
    LOOK_AGAIN = "look_again"
    """Call once more in 20 seconds: nothing was found, which the index may show only now."""
    INCOMPLETE = "incomplete"
    """End, and say that an error kept enrollments from being moved."""
    OVER = "over"


@dataclass(slots=True)
class Visit:
    """The result of one call."""

    next: Next
    swept: Swept = field(default_factory=Swept)
    is_elsewhere: bool = False
    """Whether another sweeper is at the shard, and was asked to sweep once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepUnderLease:
    """The use case with its ports. Calling it again, at any time, does no harm."""

    sweep: SweepPage
    lease: ShardLease
    arm: ArmWakes
    clock: Clock

    def __call__(
        self, call: SweepCall, shard: int, *, owner: str, stop_at: datetime, looked_again: bool
    ) -> Visit:
        """Work through the shard, unless another sweeper does.

        `owner` is the execution: its next call, or the retry of a call that crashed, goes on under the same
        lease. The next wake is armed before the lease is released, so a retry of the call arms it.
        """
        if not self.lease.acquire(call.campaign, shard, owner=owner, now=self.clock.now()):
            return Visit(Next.OVER, is_elsewhere=True)
        try:
            return self._sweep(call, shard, owner=owner, stop_at=stop_at, looked_again=looked_again)
        except Exception:
            self.lease.abandon(call.campaign, shard, owner=owner)
            raise

    def _sweep(
        self, call: SweepCall, shard: int, *, owner: str, stop_at: datetime, looked_again: bool
    ) -> Visit:
        swept = self.sweep(call, shard, stop_at=stop_at)
        if swept.more:
            return Visit(Next.AGAIN, swept)
        look = self._arm_next(call.campaign, shard, swept)
        if not self.lease.release(call.campaign, shard, owner=owner, look=look):
            return Visit(Next.AGAIN, swept)
        if swept.counts.stuck:
            return Visit(Next.INCOMPLETE, swept)
        is_empty = not swept.found_any and swept.hold is None
        return Visit(Next.LOOK_AGAIN if is_empty and not looked_again else Next.OVER, swept)

    def _arm_next(self, campaign: str, shard: int, swept: Swept) -> NextLook | None:
        """Arm the next wake; give the look at what stays due, if anything does."""
        now = self.clock.now()
        if swept.hold is None and swept.next_due is not None:
            self.arm(campaign, shard, swept.next_due)
        if swept.hold is None and not swept.counts.stuck:
            return None
        wanted = now + STUCK_RETRY if swept.hold is None else swept.hold.until
        # One look is enough: if every wake that comes in between armed its own, there would be ever more.
        known = self.lease.next_look(campaign, shard)
        at = known if known is not None and now + LEAD < known <= wanted else wanted
        if at != known:
            self.arm(campaign, shard, at)
        return NextLook(at, is_held=swept.hold is not None)

"""Arm the wakes of campaign shards, so that what is due is swept in its minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sweeps.wake import next_minute, wake_minute

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.ports.clock import Clock
    from outreach.ports.sweeps import WakeTimer


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmWakes:
    """The use case with its ports. Arming again does no harm: a wake that finds nothing ends."""

    timer: WakeTimer
    clock: Clock
    shards: int
    """In how many parts the due index is written."""

    def __call__(self, campaign: str, shard: int, due_at: datetime) -> bool:
        """Arm the wake of a campaign shard for what is due then; False when that is too far ahead.

        What is due later than the horizon is found by the daily run.
        """
        minute = wake_minute(due_at, self.clock.now())
        if minute is None:
            return False
        if not self.timer.wake_at(campaign, shard, minute):
            self.timer.wake_at(campaign, shard, next_minute(minute))
        return True

    def of_customer(self, campaign: str, customer_id: str, due_at: datetime) -> bool:
        """The same for the shard that the customer's enrollments lie in."""
        return self(campaign, shard_of(customer_id, self.shards), due_at)

    def of(self, enrollment: Enrollment) -> None:
        """For an enrollment as it was just written, if it is swept and due at some time."""
        if enrollment.swept and enrollment.is_active and enrollment.due_at is not None:
            self.of_customer(enrollment.id.campaign, enrollment.id.customer_id, enrollment.due_at)

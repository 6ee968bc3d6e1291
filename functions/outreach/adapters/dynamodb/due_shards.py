"""Asks each shard of the due index whether it holds any work."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.ports import Enrollments


class DynamoDueShards:
    """Keeps the port DueShards: one small query per shard."""

    def __init__(self, enrollments: "Enrollments", *, shards: int) -> None:
        self._enrollments = enrollments
        self._shards = shards

    def with_work(self, campaign: str, now: "datetime") -> tuple[int, ...]:
        """The shards that hold at least one enrollment that is due, in order."""
        due = self._enrollments.due
        return tuple(shard for shard in range(self._shards) if due(campaign, shard, now, 1))

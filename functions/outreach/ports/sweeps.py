"""The ports of sweeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from outreach.domain.intake.customer import Customer
    from outreach.domain.intake.order import Order
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.page import Page
    from outreach.domain.sweeps.counts import SweepCall, SweepCounts


@dataclass(frozen=True, slots=True)
class EnrollmentSnapshot:
    """An enrollment with its customer and order."""

    enrollment: Enrollment
    customer: Customer
    order: Order | None


class SnapshotReader(Protocol):
    """Reads enrollments with their customers and orders at once."""

    def read(
        self, enrollment_id: EnrollmentId, *, order_id: str | None = None, properties_of: int | None = None
    ) -> EnrollmentSnapshot:
        """One enrollment, always the newest. Raises UnknownEnrollmentError.

        `order_id` is the order that the caller expects to have begun the run, `properties_of` the run if its
        trigger's properties are expected to lie apart: right ones save a request, wrong ones change nothing.
        """
        ...

    def read_all(self, enrollment_ids: Sequence[EnrollmentId]) -> tuple[EnrollmentSnapshot, ...]:
        """In the order asked for; missing enrollments are left out."""
        ...


class PageLog(Protocol):
    """Reads pages in the order of time, and stores up to where they are resolved."""

    def shards(self) -> range:
        """Every shard that pages are kept for."""
        ...

    def unresolved(self, shard: int, until: datetime) -> Iterable[Page]:
        """The pages after the newest resolved one, opened before `until`, the oldest first."""
        ...

    def neighbours(self, page: Page, span: timedelta) -> Iterable[Page]:
        """The nearest few pages of the shard that were opened at most so long before it, and after."""
        ...

    def resolved(self, page: Page) -> None:
        """Every claim up to and with this page is resolved."""
        ...


class WakeTimer(Protocol):
    """Wakes the sweep of a campaign shard at a full minute."""

    def wake_at(self, campaign: str, shard: int, minute: datetime) -> bool:
        """Arm the wake of that minute; armed already is as good. False when that wake came and went."""
        ...


@dataclass(frozen=True, slots=True)
class NextLook:
    """That a wake is armed to look again at what is due already."""

    at: datetime
    is_held: bool
    """Whether something holds all of the shard; else an error kept some enrollments from being moved."""


class ShardLease(Protocol):
    """Sees to it that one sweeper at a time works through a campaign shard.

    It keeps sweepers out of each other's way; that nothing is sent twice is the claims' doing.
    """

    def acquire(self, campaign: str, shard: int, *, owner: str, now: datetime) -> bool:
        """Take the lease, or renew one's own.

        False when another owner holds it, which is then asked to sweep once more.
        """
        ...

    def release(self, campaign: str, shard: int, *, owner: str, look: NextLook | None = None) -> bool:
        """Release the lease and store the look; False, and it stays, when its owner is to sweep again."""
        ...

    def abandon(self, campaign: str, shard: int, *, owner: str) -> None:
        """Release the lease whatever was asked: the owner failed."""
        ...

    def next_look(self, campaign: str, shard: int) -> datetime | None:
        """The time of the look that the newest sweep stored."""
        ...

    def attended_until(self, campaign: str, shard: int) -> datetime | None:
        """Until when the newest sweep holds the lease, or found the shard held; None if neither."""
        ...


class SweepLog(Protocol):
    """Stores what sweeps did, call by call, for operators."""

    def begin(self, call: SweepCall) -> None:
        """Record the call, before it has done anything."""
        ...

    def end(self, call: SweepCall, counts: SweepCounts) -> None:
        """Record what the call did."""
        ...


class SweptCampaigns(Protocol):
    """Stores which campaigns ever had something in the due index, though they may be deleted since."""

    def swept_campaigns(self) -> frozenset[str]:
        """Their names."""
        ...

    def remember_swept(self, names: Collection[str]) -> None:
        """Add these, permanently."""
        ...


class DueShards(Protocol):
    """Finds the parts of the due index where there is work."""

    def first_due(self, campaign: str) -> Mapping[int, datetime]:
        """Per shard with anything that waits, when its first enrollment is due."""
        ...

    def next_due(self, campaign: str, shard: int, after: datetime) -> datetime | None:
        """The first time after that one at which something is due in the shard."""
        ...

"""What sweeping due enrollments needs of the world."""

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
    """Everybody and everything that one enrollment is about."""

    enrollment: Enrollment
    customer: Customer
    order: Order | None


class SnapshotReader(Protocol):
    """Reads enrollments with their customers and orders at once."""

    def read(self, enrollment_id: EnrollmentId, *, order_id: str | None = None) -> EnrollmentSnapshot:
        """One enrollment, always the newest. Raises UnknownEnrollmentError.

        `order_id` is the order that the caller expects to have begun the run: a right one saves a request, a
        wrong one changes nothing.
        """
        ...

    def read_all(self, enrollment_ids: Sequence[EnrollmentId]) -> tuple[EnrollmentSnapshot, ...]:
        """In the order asked for; enrollments that are not there are left out."""
        ...


class PageLog(Protocol):
    """Reads pages in the order of time, and remembers how far they are settled."""

    def shards(self) -> range:
        """Every shard that pages are kept for."""
        ...

    def unresolved(self, shard: int, until: datetime) -> Iterable[Page]:
        """The pages after the newest one that is settled, opened before `until`, the oldest first."""
        ...

    def neighbours(self, page: Page, span: timedelta) -> Iterable[Page]:
        """The nearest few pages of the shard that were opened at most so long before it, and after."""
        ...

    def resolved(self, page: Page) -> None:
        """Nothing up to and with this page is in doubt any more."""
        ...


class SweepStarter(Protocol):
    """Starts a sweep between those that the schedule starts."""

    def start_sweep(self, now: datetime) -> None:
        """At once. Two at the same time do no harm."""
        ...


class SweepLog(Protocol):
    """Keeps what sweeps did, call by call, for people to see."""

    def begin(self, call: SweepCall) -> None:
        """From now on the call is known, and has not said yet what it did."""
        ...

    def end(self, call: SweepCall, counts: SweepCounts) -> None:
        """What the call did."""
        ...


class SweptCampaigns(Protocol):
    """Remembers which campaigns ever had something in the due index, though they may be deleted since."""

    def swept_campaigns(self) -> frozenset[str]:
        """Their names."""
        ...

    def remember_swept(self, names: Collection[str]) -> None:
        """Add these, for good."""
        ...


class DueShards(Protocol):
    """Finds the parts of the due index where there is work."""

    def first_due(self, campaign: str) -> Mapping[int, datetime]:
        """Per shard that waits for anything at all, the moment its first enrollment is due."""
        ...

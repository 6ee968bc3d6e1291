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

    def read(self, enrollment_id: EnrollmentId, *, order_id: str | None = None) -> EnrollmentSnapshot:
        """One enrollment, always the newest. Raises UnknownEnrollmentError.

        `order_id` is the order that the caller expects to have begun the run: a right one saves a request, a
        wrong one changes nothing.
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


class SweepStarter(Protocol):
    """Starts a sweep between those of the schedule."""

    def start_sweep(self, now: datetime) -> None:
        """At once. Two at the same time do no harm."""
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

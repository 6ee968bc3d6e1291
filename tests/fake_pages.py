"""Pages in memory: claimed together, closed together, read in the order of time."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.domain.errors import ConflictError
from outreach.domain.sending.page import LARGEST_PAGE, Page

if TYPE_CHECKING:
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.send import SendId
    from outreach.ports.sending import Claim


class FakePages(ABC):
    """BulkLedger and PageLog over a table that can claim and save one enrollment."""

    def __init__(self, *, shards: int) -> None:
        self._shards = shards
        self.pages: dict[tuple[int, datetime, str], Page] = {}
        self._resolved: dict[int, tuple[datetime, str]] = {}

    @abstractmethod
    def claim(self, claim: "Claim") -> "Enrollment":
        """One claim, as the table takes it."""

    @abstractmethod
    def save(self, enrollment: "Enrollment") -> "Enrollment":
        """One enrollment, as the table stores it."""

    # BulkLedger

    def claim_page(self, page: Page, claims: "Sequence[Claim]") -> "tuple[Enrollment, ...]":
        customers = {claim.customer.id for claim in claims}
        if len(claims) > LARGEST_PAGE or len(customers) < len(claims):
            raise AssertionError("DynamoDB takes no such transaction")
        claimed: dict[SendId, Enrollment] = {}
        for claim in claims:
            try:
                claimed[claim.send_id] = self.claim(claim)
            except ConflictError:
                continue
        if claimed:
            sends = {send_id: page.sends[send_id] for send_id in claimed}
            self.pages[_place(page)] = replace(page, sends=sends, receipts={})
        return tuple(claimed.values())

    def close_page(self, page: Page) -> None:
        opened = self.pages[_place(page)]
        assert list(opened.sends) == list(page.sends), "receipts are stored in the order of the sends"
        self.pages[_place(page)] = replace(opened, receipts=page.receipts)

    def save_all(self, enrollments: "Sequence[Enrollment]") -> "tuple[EnrollmentId, ...]":
        lost = []
        for enrollment in enrollments:
            try:
                self.save(enrollment)
            except ConflictError:
                lost.append(enrollment.id)
        return tuple(lost)

    # PageBook

    def shards(self) -> range:
        return range(self._shards)

    def unresolved(self, shard: int, until: datetime) -> Iterator[Page]:
        mark = self._resolved.get(shard)
        for where, at, page_id in sorted(self.pages):
            if where == shard and at < until and (mark is None or (at, page_id) > mark):
                yield self.pages[where, at, page_id]

    def neighbours(self, page: Page, span: timedelta) -> Iterator[Page]:
        near = [
            each for each in sorted(self.pages) if each[0] == page.shard and abs(each[1] - page.at) <= span
        ]
        place = near.index(_place(page))
        for each in (*near[:place][-3:], *near[place + 1 :][:3]):
            yield self.pages[each]

    def resolved(self, page: Page) -> None:
        self._resolved[page.shard] = page.at, page.id


def _place(page: Page) -> tuple[int, datetime, str]:
    return page.shard, page.at, page.id

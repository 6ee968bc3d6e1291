"""One customer's run of a campaign under its driver, over fakes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from builders import NOW, a_customer
from outreach.domain.intake.event import Event
from outreach.domain.journeys.campaign import Campaign, Driver
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.journeys.progress import Over, Parks, Waits
from usecases.shop import SHARDS, Shop


class DrivenWorld:
    """One shop whose campaign has one driver; time goes from due time to due time."""

    def __init__(self, campaign: Campaign, first: Event, answers: Mapping[str, Any]) -> None:
        self.campaign, self.driver = campaign, campaign.driver
        self.id = EnrollmentId("c-ana", campaign.name, "c-ana")
        self.shop = Shop(campaign, answers=answers)
        self.shop.table.know(a_customer())
        self.sent: list[tuple[str, datetime]] = []
        self.wakes_at: datetime | None = NOW
        self.token = 0
        self.tell(first)

    @property
    def row(self) -> Enrollment:
        return self.shop.row(self.id)

    def tell(self, event: Event) -> None:
        self.shop.take_in(event)
        self.move()

    def pass_time(self, until: datetime) -> None:
        while (due := self._due()) is not None and due <= until:
            self.shop.clock.set(max(due, self.shop.clock.now()))
            self.move()
        self.shop.clock.set(max(until, self.shop.clock.now()))

    def move(self) -> None:
        """All that is due now."""
        while (due := self._due()) is not None and due <= self.shop.clock.now():
            before = len(self.shop.mails)
            if self.driver is Driver.SWEEP:
                self.shop.sweep(self.campaign, shard_of("c-ana", SHARDS))
            else:
                self._advance()
            self.sent += [(name, self.shop.clock.now()) for name in self.shop.mails[before:]]
            self.shop.listen()

    def _due(self) -> datetime | None:
        if not self.row.is_active:
            return None
        if self.driver is Driver.SWEEP:
            return self.row.due_at
        is_woken = f"token-{self.token}" in self.shop.workflows.woken
        return self.shop.clock.now() if is_woken else self.wakes_at

    def _advance(self) -> None:
        """As the journey machine: an answered token, or a timeout, leads back here."""
        self.shop.workflows.parked.clear()
        self.token += 1
        match self.shop.advance(self.id, 1):
            case Waits(until):
                self.wakes_at = until
            case Parks(deadline=deadline):
                self.wakes_at = deadline
                self.shop.workflows.parked.add(f"token-{self.token}")
                self.shop.park(self.id, 1, f"token-{self.token}")
            case Over():
                self.wakes_at = None

"""A whole shop on fakes: every use case over one table, and the platform that calls them as AWS would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from builders import NOW, a_customer, an_enrollment
from fakes import (
    FakeAnnouncer,
    FakeCampaigns,
    FakeClock,
    FakeExpressions,
    FakeHouse,
    FakeLinks,
    FakeMailer,
    FakePacer,
    FakeRenderer,
    FakeTable,
    FakeWorkflows,
)
from outreach.domain.campaign import Campaign, Driver
from outreach.domain.customer import Customer
from outreach.domain.enrollment import Enrollment, EnrollmentId
from outreach.usecases.advance_enrollment import AdvanceEnrollment, Over, Parks, Waits
from outreach.usecases.park_enrollment import ParkEnrollment
from outreach.usecases.plan_sweep import plan_sweep
from outreach.usecases.scene import Stage
from outreach.usecases.sweep_page import Page, sweep_page
from outreach.usecases.take_in_event import TakeInEvent
from usecases.seams import CrashError, Seams

RETRY_AFTER = timedelta(seconds=30)
"""What the platform waits before it calls again after a crash."""
SHARDS = 2
_MOST_CALLS = 200


@dataclass(frozen=True)
class UseCases:
    advance: AdvanceEnrollment
    park: ParkEnrollment
    take_in: TakeInEvent


class Shop:
    """Its use cases run over ports that `seams` watches; those of `rival` over the same ports unwatched."""

    def __init__(self, *campaigns: Campaign, answers: Mapping[str, Any] | None = None) -> None:
        self.clock = FakeClock()
        self.table = FakeTable(shards=SHARDS)
        self.campaigns = FakeCampaigns(*campaigns)
        self.expressions = FakeExpressions(answers)
        self.renderer = FakeRenderer()
        self.pacer = FakePacer()
        self.mailer = FakeMailer()
        self.workflows = FakeWorkflows()
        self.announcer = FakeAnnouncer()
        self.house = FakeHouse()
        self.seams = Seams()
        self.failures: list[tuple[EnrollmentId, Exception]] = []
        self.rival = self._use_cases(lambda port: port)
        watched = self._use_cases(self.seams.around)
        self.advance, self.park, self.take_in = watched.advance, watched.park, watched.take_in

    @property
    def mails(self) -> list[str]:
        """The messages that went out, in order."""
        return [mail.message for mail in self.mailer.sent]

    def enroll(self, campaign: Campaign, customer: Customer | None = None, **fields: Any) -> EnrollmentId:
        """A customer at the campaign's first step; the customer is known already if none is given."""
        if customer is not None:
            self.table.know(customer)
        elif "c-ana" not in self.table.customers:
            self.table.know(a_customer())
        swept = campaign.driver is Driver.SWEEP
        fields = {"customer_id": customer.id if customer else "c-ana"} | fields
        enrollment = an_enrollment(
            campaign.name,
            step=fields.pop("step", campaign.first_label),
            swept=swept,
            due_at=NOW if swept else None,
            **fields,
        )
        return self.table.save(enrollment).id

    def row(self, enrollment_id: EnrollmentId) -> Enrollment:
        return self.table.get(enrollment_id)

    def change(self, customer_id: str = "c-ana", **fields: Any) -> None:
        """What some other door of the product stores about a customer."""
        known = self.table.customer(customer_id)
        self.table.know(
            a_customer(customer_id, **({"claims": known.claims, "mailed_at": known.mailed_at} | fields))
        )

    def carry(self, enrollment_id: EnrollmentId, run: int = 1) -> Over:
        """As the journey machine: advance and wait until it is over; after a crash, call again."""
        for _ in range(_MOST_CALLS):
            try:
                progress = self.advance(enrollment_id, run)
            except (CrashError, TimeoutError):
                self.clock.advance(RETRY_AFTER)
                continue
            match progress:
                case Over():
                    return progress
                case Waits(until):
                    self.clock.set(max(until, self.clock.now()))
                case Parks(deadline=deadline):
                    self.clock.set(max(deadline, self.clock.now()))
        raise AssertionError("the machine would go round for ever")

    def sweep(self, campaign: Campaign, shard: int, *, stop_at: datetime | None = None) -> Page:
        return sweep_page(
            campaign.name,
            shard,
            enrollments=self.seams.around(self.table),
            advance=self.advance,
            clock=self.clock,
            stop_at=stop_at or self.clock.now() + timedelta(minutes=15),
            on_failure=lambda who, error: self.failures.append((who, error)),
        )

    def sweep_days(self, days: int) -> None:
        """As the sweep machine, begun once a day: plan, work, wait; after a crash, call again."""
        start = self.clock.now()
        for day in range(days):
            self.clock.set(max(self.clock.now(), start + timedelta(days=day)))
            self._sweep_day(ends_at=self.clock.now() + timedelta(hours=23))

    def _sweep_day(self, ends_at: datetime) -> None:
        for _ in range(_MOST_CALLS):
            plan = plan_sweep(campaigns=self.campaigns, shards=self.table, clock=self.clock, ends_at=ends_at)
            for work in plan.work:
                self._until_done(work.campaign, work.shard)
            if plan.look_again_at is not None:
                self.clock.set(plan.look_again_at)
            elif not plan.work:
                return
        raise AssertionError("the machine would go round for ever")

    def _until_done(self, campaign: str, shard: int) -> None:
        by_name = {each.name: each for each in self.campaigns.current()}
        for _ in range(_MOST_CALLS):
            try:
                if not self.sweep(by_name[campaign], shard).more:
                    return
            except CrashError:
                self.clock.advance(RETRY_AFTER)
        raise AssertionError("the machine would go round for ever")

    def _use_cases(self, around: Callable[[Any], Any]) -> UseCases:
        table, clock = around(self.table), around(self.clock)
        stage = Stage(
            campaigns=around(self.campaigns),
            customers=table,
            expressions=around(self.expressions),
            link_maker=around(FakeLinks()),
        )
        advance = AdvanceEnrollment(
            stage=stage,
            enrollments=table,
            renderer=around(self.renderer),
            pacer=around(self.pacer),
            ledger=table,
            mailer=around(self.mailer),
            announcer=around(self.announcer),
            house=around(self.house),
            clock=clock,
        )
        workflows = around(self.workflows)
        park = ParkEnrollment(stage=stage, enrollments=table, workflows=workflows, clock=clock)
        take_in = TakeInEvent(
            stage=stage,
            customers=table,
            enrollments=table,
            campaigns=around(self.campaigns),
            store=table,
            addresses=around(self.table.addresses),
            workflows=workflows,
            clock=clock,
        )
        return UseCases(advance, park, take_in)

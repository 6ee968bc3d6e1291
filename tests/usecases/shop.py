"""A whole shop on fakes: every use case over one table, and the platform that calls them as AWS would.

More than 250 lines: it wires every use case over every fake.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from builders import KEY_SECRET, NOW, a_customer, an_enrollment
from fakes import (
    FakeAnnouncer,
    FakeBulkMailer,
    FakeCampaigns,
    FakeClock,
    FakeEvidence,
    FakeExpressions,
    FakeLinks,
    FakeMailer,
    FakeRateLimiter,
    FakeRenderer,
    FakeSendingState,
    FakeShardLease,
    FakeSweepLog,
    FakeTable,
    FakeWakeTimer,
    FakeWorkflows,
)
from outreach.domain.intake.customer import Customer
from outreach.domain.journeys.campaign import Campaign, Driver
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
from outreach.domain.journeys.progress import Over, Parks, Progress, Waits
from outreach.domain.sending.send import SendStatus
from outreach.domain.sweeps.counts import SweepCall, SweepCounts
from outreach.usecases.intake.take_in_event import TakeInEvent
from outreach.usecases.journeys.advance_enrollment import AdvanceEnrollment
from outreach.usecases.journeys.context import ContextLoader
from outreach.usecases.journeys.park_enrollment import ParkEnrollment
from outreach.usecases.sending.resolve_claim import ResolveClaim
from outreach.usecases.sending.send_page import SendPage
from outreach.usecases.sweeps.arm_due_shards import ArmDueShards
from outreach.usecases.sweeps.arm_wakes import ArmWakes
from outreach.usecases.sweeps.page_evidence import PageEvidence
from outreach.usecases.sweeps.resolve_pages import PagesResolved, ResolvePages
from outreach.usecases.sweeps.sweep_page import SweepBatch
from outreach.usecases.sweeps.sweep_shard import SweepPage, Swept
from outreach.usecases.sweeps.sweep_under_lease import Next, SweepUnderLease, Visit
from reported import report
from usecases.seams import CrashError, Seams

RETRY_AFTER = timedelta(seconds=30)
"""What the platform waits before it calls again after a crash."""
PATIENCE = timedelta(seconds=15)
"""How long a sweep sleeps for a permit."""
SHARDS = 2
_MOST_CALLS = 200


@dataclass(frozen=True)
class UseCases:
    advance: Callable[..., Progress]
    park: ParkEnrollment
    take_in: TakeInEvent
    sweep_page: SweepPage
    sweep_under_lease: SweepUnderLease
    arm_due_shards: ArmDueShards
    resolve_pages: ResolvePages


def swept_as(*, more: bool = False, errors: Mapping[str, int] | None = None, **outcomes: int) -> Swept:
    """A call with these outcomes, which are all that was due."""
    return Swept(SweepCounts(due=sum(outcomes.values()), **outcomes), Counter(errors), more)


class Shop:
    """Its use cases run over ports that `seams` counts; those of `rival` over the same ports uncounted."""

    def __init__(
        self, *campaigns: Campaign, answers: Mapping[str, Any] | None = None, feedback: bool = True
    ) -> None:
        self.clock = FakeClock()
        self.table = FakeTable(shards=SHARDS)
        self.campaigns = FakeCampaigns(*campaigns)
        self.expressions = FakeExpressions(answers)
        self.renderer = FakeRenderer()
        self.rate_limiter = FakeRateLimiter()
        self.mailer = FakeMailer()
        self.bulk_mailer = FakeBulkMailer(self.mailer)
        self.evidence = FakeEvidence(flows=feedback)
        self._reported_until = 0
        self._page_ids = count(1)
        self._call_ids = count(1)
        self.sweep_log = FakeSweepLog()
        self.timer = FakeWakeTimer()
        self.lease = FakeShardLease()
        self.workflows = FakeWorkflows()
        self.announcer = FakeAnnouncer()
        self.state_store = FakeSendingState()
        self.seams = Seams()
        self.failures: list[tuple[EnrollmentId | None, Exception]] = []
        self.failed_expressions: list[tuple[str, str, Exception]] = []
        self.rival = self._use_cases(lambda port: port)
        watched = self._use_cases(self.seams.around)
        self.advance, self.park, self.take_in = watched.advance, watched.park, watched.take_in
        self.sweep_page, self.resolve_pages = watched.sweep_page, watched.resolve_pages
        self.sweep_under_lease, self.arm_due_shards = watched.sweep_under_lease, watched.arm_due_shards

    @property
    def mails(self) -> list[str]:
        """The sent messages, in order."""
        return [mail.message for mail in self.mailer.sent]

    @property
    def mails_to(self) -> list[tuple[str, str]]:
        """Customer and message, in order."""
        return [(mail.send_id.customer_id, mail.message) for mail in self.mailer.sent]

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
        """What another part of the product stores about a customer."""
        known = self.table.customer(customer_id)
        self.table.know(
            a_customer(customer_id, **({"claims": known.claims, "mailed_at": known.mailed_at} | fields))
        )

    def carry(self, enrollment_id: EnrollmentId, run: int = 1) -> Over:
        """As the journey machine: advance and wait until it is over; after a crash, call again."""
        for _ in range(_MOST_CALLS):
            self.listen()
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

    def sweep(self, campaign: Campaign, shard: int, *, stop_at: datetime | None = None) -> Swept:
        return self.sweep_page(
            self.sweep_call(campaign.name),
            shard,
            stop_at=stop_at or self.clock.now() + timedelta(minutes=15),
        )

    def sweep_call(self, campaign: str) -> SweepCall:
        """A new one of the same sweep."""
        return SweepCall(sweep=NOW, id=f"call-{next(self._call_ids)}", campaign=campaign)

    def listen(self) -> None:
        """SES's reports of all messages sent since come in, if feedback flows."""
        if not self.evidence.flows:
            return
        unreported, self._reported_until = self.mailer.sent[self._reported_until :], len(self.mailer.sent)
        for mail in unreported:
            report(self.table, mail.send_id, SendStatus.SENT, self.clock.now(), message_id="ses")
        if unreported:
            self.evidence.reported(self.clock.now())

    def lose_reports(self) -> None:
        """The reports of all messages sent so far never come in."""
        self._reported_until = len(self.mailer.sent)

    def watch(self) -> PagesResolved:
        """As the reconciler: once; after a crash, call again."""
        self.listen()
        for _ in range(_MOST_CALLS):
            try:
                return self.resolve_pages(self.clock.now() + timedelta(minutes=15))
            except CrashError:
                self.clock.advance(RETRY_AFTER)
        raise AssertionError("the watch would crash for ever")

    def reconcile_until_resolved(self) -> None:
        """Once an hour until no claim is unresolved."""
        for _ in range(_MOST_CALLS):
            self.clock.advance(hours=1)
            if not self.watch().waiting:
                return
        raise AssertionError("a doubt is never ended")

    def sweep_days(self, days: int) -> None:
        """As the daily run, the reconciler and the wakes do.

        The reconciler looks every six hours, and the daily run arms wakes then, too: that arms no more than
        the reconciler does.
        """
        for _ in range(days * 4):
            end = self.clock.now() + timedelta(hours=6)
            self.watch()
            self._arm_due()
            self.wake_until(end)
        self.watch()
        self.wake_until(self.clock.now() + timedelta(minutes=2))

    def wake_until(self, end: datetime) -> None:
        """Every wake that comes by then, one after the other."""
        for _ in range(10 * _MOST_CALLS):
            wake = self.timer.take(end)
            if wake is None:
                self.clock.set(max(end, self.clock.now()))
                return
            self.clock.set(max(wake[2], self.clock.now()))
            self.wake(*wake)
            self.listen()
        raise AssertionError("there would be wakes for ever")

    def wake(self, campaign: str, shard: int, minute: datetime) -> list[Next]:
        """As the wake machine: call until it is over; after a crash, call again. What each call said."""
        said: list[Next] = []
        for _ in range(_MOST_CALLS):
            try:
                visit = self.visit(
                    campaign,
                    shard,
                    owner=f"{campaign}-{shard}-{minute}",
                    looked_again=Next.LOOK_AGAIN in said,
                )
            except (CrashError, TimeoutError):
                self.clock.advance(RETRY_AFTER)
                continue
            said.append(visit.next)
            if visit.next in {Next.OVER, Next.INCOMPLETE}:
                return said
            if visit.next is Next.LOOK_AGAIN:
                self.clock.advance(seconds=20)
        raise AssertionError("the machine would go round for ever")

    def rival_wake(self, campaign: str, shard: int) -> list[Next]:
        """Another wake of the shard, unwatched, while another sweep may be running."""
        visit = self.rival.sweep_under_lease(
            self.sweep_call(campaign),
            shard,
            owner="another wake",
            stop_at=self.clock.now() + timedelta(minutes=15),
            looked_again=True,
        )
        return [visit.next]

    def visit(self, campaign: str, shard: int, *, owner: str, looked_again: bool = False) -> Visit:
        """One call of the wake machine's function."""
        return self.sweep_under_lease(
            self.sweep_call(campaign),
            shard,
            owner=owner,
            stop_at=self.clock.now() + timedelta(minutes=15),
            looked_again=looked_again,
        )

    def _arm_due(self) -> None:
        for _ in range(_MOST_CALLS):
            try:
                self.arm_due_shards()
            except CrashError:
                self.clock.advance(RETRY_AFTER)
                continue
            return

    def _use_cases(self, around: Callable[[Any], Any]) -> UseCases:
        table, clock = around(self.table), around(self.clock)
        contexts = ContextLoader(
            campaigns=around(self.campaigns),
            customers=table,
            expressions=around(self.expressions),
            link_maker=around(FakeLinks()),
            on_failed_expression=lambda *told: self.failed_expressions.append(told),
        )
        evidence, renderer, rate_limiter = (
            around(self.evidence),
            around(self.renderer),
            around(self.rate_limiter),
        )
        state_store, resolve = around(self.state_store), ResolveClaim(evidence=evidence)
        advance = AdvanceEnrollment(
            contexts=contexts,
            snapshots=table,
            resolve=resolve,
            enrollments=table,
            addresses=around(self.table.addresses),
            renderer=renderer,
            rate_limiter=rate_limiter,
            ledger=table,
            mailer=around(self.mailer),
            announcer=around(self.announcer),
            state_store=state_store,
            clock=clock,
        )
        send_page = SendPage(
            bulk_ledger=table,
            ledger=table,
            enrollments=table,
            bulk_mailer=around(self.bulk_mailer),
            rate_limiter=rate_limiter,
            state_store=state_store,
            clock=clock,
            new_page_id=lambda: f"page-{next(self._page_ids)}",
        )
        batch = SweepBatch(
            contexts=contexts,
            snapshots=table,
            renderer=renderer,
            rate_limiter=rate_limiter,
            bulk_ledger=table,
            send_page=send_page,
            state_store=state_store,
            clock=clock,
            patience=PATIENCE,
        )
        arm = ArmWakes(timer=around(self.timer), clock=clock, shards=SHARDS)
        lease = around(self.lease)
        sweep_page = SweepPage(
            enrollments=table,
            shards=table,
            batch=batch,
            advance=advance,
            log=around(self.sweep_log),
            clock=clock,
            on_failure=lambda who, error: self.failures.append((who, error)),
        )
        resolve_pages = ResolvePages(
            log=table,
            resolve=resolve,
            deliveries=table,
            enrollments=table,
            page_evidence=PageEvidence(log=table, deliveries=table, evidence=evidence),
            arm=arm,
            clock=clock,
        )
        arm_due_shards = ArmDueShards(
            campaigns=around(self.campaigns), shards=table, lease=lease, arm=arm, clock=clock
        )
        workflows = around(self.workflows)
        park = ParkEnrollment(contexts=contexts, enrollments=table, workflows=workflows, clock=clock)
        take_in = TakeInEvent(
            contexts=contexts,
            customers=table,
            enrollments=table,
            campaigns=around(self.campaigns),
            store=table,
            addresses=around(self.table.addresses),
            erasable_records=around(self.table.erasable_records),
            workflows=workflows,
            arm=arm,
            clock=clock,
            key_secret=lambda: KEY_SECRET,
        )
        return UseCases(
            lambda *which, **known: advance(*which, **known).progress,
            park,
            take_in,
            sweep_page,
            SweepUnderLease(sweep=sweep_page, lease=lease, arm=arm, clock=clock),
            arm_due_shards,
            resolve_pages,
        )

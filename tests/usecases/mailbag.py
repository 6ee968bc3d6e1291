"""A shop that has sent messages, and SES's reports of them: the feedback use cases on fakes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from builders import KEY_SECRET, NOW, a_campaign, a_customer, a_send, an_enrollment, an_event
from fake_feedback import FakeMarks
from fakes import (
    FakeAnnouncer,
    FakeCampaigns,
    FakeClock,
    FakeExpressions,
    FakeLinks,
    FakeTable,
    FakeWakeTimer,
    FakeWorkflows,
)
from outreach.domain.feedback.report import Bounced, BounceKind, Feedback, Report, ReportSource
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.intake.event import SIGNED_UP, CustomerMention
from outreach.domain.journeys.campaign import MessageClass
from outreach.domain.sending.send import SendId, SendStatus
from outreach.usecases.feedback.apply_address_report import ApplyAddressReport
from outreach.usecases.feedback.suppress_address import SuppressAddress
from outreach.usecases.feedback.take_in_feedback import Digest, TakeInFeedback
from outreach.usecases.intake.take_in_event import TakeInEvent
from outreach.usecases.intake.unsubscribe import Unsubscribe
from outreach.usecases.journeys.context import ContextLoader
from outreach.usecases.operations.restore_send import RestoreSend
from outreach.usecases.sweeps.arm_wakes import ArmWakes
from usecases.seams import Seams

SOFT = Bounced(NOW, BounceKind.TRANSIENT, "MailboxFull")
HARD = Bounced(NOW, BounceKind.PERMANENT, "NoEmail")


def _sent_at(number: int) -> datetime:
    return NOW + timedelta(days=number)


CONFIGURATION_SET = "outreach"


class Mailbag:
    """Ana got `mails` messages, one a day, each of a marketing campaign of its own; none is reported yet."""

    def __init__(self, mails: int = 1, *, message_class: MessageClass = MessageClass.MARKETING) -> None:
        self.clock = FakeClock(_sent_at(mails + 1))
        self.table = FakeTable(shards=1)
        self.marks = FakeMarks()
        self.workflows = FakeWorkflows()
        self.seams = Seams()
        campaigns = [
            a_campaign(f"mail-{n}", trigger="post.wanted", message_class=message_class) for n in range(mails)
        ]
        self.campaigns = FakeCampaigns(*campaigns)
        self.is_marketing = message_class is MessageClass.MARKETING
        self.take_in_event, self.rival = self._use_cases(lambda port: port)
        _, self.take_in = self._use_cases(self.seams.around)
        self.signs_up("c-ana", "ana@example.com")
        for number, campaign in enumerate(campaigns):
            send = a_send(SendStatus.SENT, at=_sent_at(number), message_id=f"ses-{number}")
            self.table.save(an_enrollment(campaign.name, sends={"welcome": send}))
            self.workflows.start(self.table.get(an_enrollment(campaign.name).id))

    def signs_up(self, customer_id: str, email: str, name: str = SIGNED_UP) -> None:
        consent = a_customer().consent
        mention = CustomerMention(customer_id, {"email": email}, consent=consent)
        number = len(self.table.events)
        at = NOW + timedelta(minutes=number)
        self.take_in_event(
            an_event(name, id=f"e-{number}", customer_id=customer_id, customer=mention, occurred_at=at)
        )

    def report(
        self,
        feedback: Feedback,
        number: int = 0,
        *,
        to: str = "ana@example.com",
        source: ReportSource = ReportSource.EVENTBRIDGE,
    ) -> Report:
        return Report(
            feedback,
            f"ses-{number}",
            _sent_at(number),
            (to,),
            self.send_id(number),
            self.is_marketing,
            source=source,
        )

    def send_id(self, number: int = 0) -> SendId:
        return an_enrollment(f"mail-{number}").send_id("welcome")

    def hears(self, *reported: tuple[Feedback, int] | Feedback) -> Digest:
        """One batch: each about a message, the first one if none is named."""
        pairs = [each if isinstance(each, tuple) else (each, 0) for each in reported]
        return self.take_in([self.report(feedback, number) for feedback, number in pairs])

    def status(self, number: int = 0) -> SendStatus:
        return self.table.sent(self.send_id(number)).status

    @property
    def suppression(self) -> SuppressionReason | None:
        """Of Ana, as claims see it."""
        return self.table.customer("c-ana").suppression

    def outcome(self) -> dict[str, Any]:
        """Everything that must not depend on order and repetition."""
        ana = self.table.customer("c-ana")
        return {
            "sends": {step: send for row in self.table.enrollments.values() for step, send in _named(row)},
            "suppression": ana.suppression,
            "consent": ana.consent,
            "suppressed": {
                key: row.status.suppression
                for key, row in self.table.addresses.rows.items()
                if row.status.suppression is not None
            },
            "bad": (
                self.table.state_store.counted.total.bounces,
                self.table.state_store.counted.total.complaints,
            ),
        }

    def waiting(self) -> tuple[set[str], set[str]]:
        """Executions that run, and campaigns whose enrollment is active."""
        active = {row.id.campaign for row in self.table.enrollments.values() if row.is_active}
        return set(self.workflows.running), active

    def _use_cases(self, around: Callable[[Any], Any]) -> tuple[TakeInEvent, TakeInFeedback]:
        table, clock, addresses = around(self.table), around(self.clock), around(self.table.addresses)
        contexts = ContextLoader(
            campaigns=self.campaigns,
            customers=table,
            expressions=FakeExpressions(),
            link_maker=FakeLinks(),
            on_failed_expression=lambda *_: None,
        )
        take_in_event = TakeInEvent(
            contexts=contexts,
            customers=table,
            enrollments=table,
            campaigns=self.campaigns,
            store=table,
            addresses=addresses,
            erasable_records=around(self.table.erasable_records),
            workflows=around(self.workflows),
            arm=ArmWakes(timer=around(FakeWakeTimer()), clock=clock, shards=1),
            clock=clock,
            key_secret=lambda: KEY_SECRET,
        )
        suppress = SuppressAddress(addresses=addresses, tell=take_in_event, clock=clock)
        unsubscribe = Unsubscribe(
            customers=table,
            addresses=addresses,
            store=table,
            enrollments=table,
            campaigns=self.campaigns,
            workflows=around(self.workflows),
            announcer=FakeAnnouncer(),
            clock=clock,
        )
        return take_in_event, TakeInFeedback(
            ledger=table,
            breaker_store=around(self.table.state_store),
            marks=around(self.marks),
            apply_report=ApplyAddressReport(
                ledger=table, customers=table, suppress=suppress, opt_out=unsubscribe.of_mailbox
            ),
            restore_send=RestoreSend(
                enrollments=table, customers=table, campaigns=self.campaigns, sends=table, clock=clock
            ),
            configuration_set=CONFIGURATION_SET,
            clock=clock,
        )


def _named(row: Any) -> list[tuple[str, Any]]:
    return [(row.id.campaign, send) for send in row.sends.values()]

"""The smallest driver there is: rows in dictionaries, and a clock that jumps from due time to due time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from builders import KEY_SECRET
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.event import Event
from outreach.domain.intake.event_effects import Intake, Outcome, take_in
from outreach.domain.intake.order import Order
from outreach.domain.journeys.campaign import Campaign
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, Trigger
from outreach.domain.journeys.event_history import event_history, with_newest
from outreach.domain.journeys.facts import Links, facts_for
from outreach.domain.journeys.next_action import (
    Finish,
    Notify,
    SendMessage,
    WaitFor,
    WaitUntil,
    next_action,
)
from outreach.domain.journeys.situation import Situation
from outreach.domain.sending.cap import remembered
from outreach.domain.sending.delivery_hours import zone_of
from outreach.domain.sending.gate import Hold, Pass, Refuse, Rules, gate
from outreach.domain.sending.send import Send, SendStatus

type Evaluate = Callable[[str, Mapping[str, object]], object]

_LINKS = Links("https://example.com/u", "https://example.com/p", "https://example.com/s")
_MOST_MOVES = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that was sent."""

    at: datetime
    to: str
    campaign: str
    key: str
    run: int
    step: str
    message: str


def no_expressions(expression: str, _facts: Mapping[str, object]) -> object:
    """For campaigns without conditions."""
    raise AssertionError(f"nobody said what {expression!r} is worth")


@dataclass(slots=True)
class SmallWorld:
    """Give it events and let time pass; then look at what was sent and where each customer stands."""

    campaigns: tuple[Campaign, ...]
    now: datetime
    evaluate: Evaluate = no_expressions
    rules: Rules = field(default_factory=Rules)
    default_zone: str = "UTC"
    customers: dict[str, Customer] = field(default_factory=dict)
    orders: dict[tuple[str, str], Order] = field(default_factory=dict)
    enrollments: dict[EnrollmentId, Enrollment] = field(default_factory=dict)
    archived: list[Enrollment] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    notified: list[tuple[datetime, str]] = field(default_factory=list)
    known: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, *events: Event) -> None:
        """Take in events now, each once, and advance the customer's active enrollments."""
        for event in events:
            if (event.customer.id, event.id) in self.known:
                continue
            intake = self._take_in(event)
            if intake.outcome is Outcome.ERASED:
                continue
            self.known.add((event.customer.id, event.id))
            self.customers[event.customer.id] = intake.customer
            if intake.order is not None:
                self.orders[event.customer.id, intake.order.id] = intake.order
            self.enrollments.update({each.id: each for each in intake.changed})
            self.archived.extend(intake.archived)
            for each in self._active():
                if each.id.customer_id == event.customer.id:
                    self._move(each.id)

    def pass_time(self, *, until: datetime | None = None, **span: float) -> None:
        """Let time pass; everything that becomes due on the way is done when it is due."""
        end = until or self.now + timedelta(**span)
        for _ in range(_MOST_MOVES):
            due = min(
                ((each.due_at or self.now, each.id.campaign, each.id) for each in self._active()),
                default=None,
            )
            if due is None or due[0] > end:
                self.now = end
                return
            self.now = max(self.now, due[0])
            self._move(due[2])
        raise AssertionError("it never comes to rest")

    def messages(self, customer_id: str | None = None) -> list[str]:
        """What was sent, in order."""
        return [each.message for each in self.sent if customer_id in {None, each.to}]

    def enrollment(self, campaign: str, key: str | None = None) -> Enrollment:
        """The only enrollment of a campaign, or the one of a key."""
        [found] = [
            e for e in self.enrollments.values() if e.id.campaign == campaign and key in {None, e.key_value}
        ]
        return found

    def campaign_of(self, enrollment: Enrollment) -> Campaign:
        return next(each for each in self.campaigns if each.name == enrollment.id.campaign)

    def _active(self) -> Iterable[Enrollment]:
        return [each for each in self.enrollments.values() if each.is_active]

    def _take_in(self, event: Event) -> Intake:
        customer_id = event.customer.id
        return take_in(
            event,
            self.customers.get(customer_id, Customer(customer_id)),
            None if event.order is None else self.orders.get((customer_id, event.order.id)),
            {id_: each for id_, each in self.enrollments.items() if id_.customer_id == customer_id},
            self.campaigns,
            self.campaign_of,
            lambda candidate, customer, order: (
                candidate.campaign.only_if is None
                or bool(
                    self._situation(
                        candidate.campaign, candidate.key_value, candidate.trigger, customer, order
                    ).evaluate(candidate.campaign.only_if, "only_if")
                )
            ),
            self.now,
            key_secret=lambda: KEY_SECRET,
            orders_of=lambda: self._orders_of(customer_id),
        )

    def _orders_of(self, customer_id: str) -> list[Order]:
        return [order for (whose, _), order in self.orders.items() if whose == customer_id]

    def _situation(
        self,
        campaign: Campaign,
        key_value: str,
        trigger: Trigger,
        customer: Customer,
        order: Order | None,
    ) -> Situation:
        zone = zone_of(customer.profile.time_zone, customer.profile.country, {}, self.default_zone)
        facts = facts_for(campaign, key_value, trigger, customer, order, _LINKS, zone, self.now)
        return Situation(
            lambda expression, _step: self.evaluate(expression, facts),
            event_history(
                campaign,
                key_value,
                trigger,
                customer,
                with_newest(self._orders_of(customer.id), order),
            ),
            zone,
        )

    def _move(self, enrollment_id: EnrollmentId) -> None:
        while (enrollment := self.enrollments[enrollment_id]).is_active:
            campaign, trigger = self.campaign_of(enrollment), enrollment.trigger
            customer = self.customers[enrollment_id.customer_id]
            order = self.orders.get((customer.id, trigger.order_id or ""))
            situation = self._situation(campaign, enrollment.key_value, trigger, customer, order)
            decision = next_action(campaign, enrollment, situation, self.now)
            enrollment = decision.enrollment
            rests = False
            match decision.action:
                case WaitUntil() | WaitFor():
                    rests = True
                case Finish(reason):
                    status = EnrollmentStatus.FINISHED if reason is None else EnrollmentStatus.LEFT
                    enrollment = enrollment.ended(status, reason or "completed", self.now)
                case Notify(step):
                    self.notified.append((self.now, step.event))
                    enrollment = enrollment.enter_step(campaign.after(step.label), self.now)
                case SendMessage(step):
                    verdict = gate(campaign, step, enrollment, customer, self.rules, situation.zone, self.now)
                    match verdict:
                        case Hold(until, reason):
                            enrollment, rests = enrollment.held(reason, until), True
                        case Refuse(reason):
                            skipped = enrollment.skipping(step.label, reason, self.now)
                            enrollment = skipped.enter_step(campaign.after(step.label), self.now)
                        case Pass():
                            enrollment = self._send(campaign, enrollment, step.label, step.message, customer)
            self.enrollments[enrollment_id] = enrollment
            if rests:
                return

    def _send(
        self, campaign: Campaign, enrollment: Enrollment, label: str, message: str, customer: Customer
    ) -> Enrollment:
        self.sent.append(
            Sent(self.now, customer.id, campaign.name, enrollment.key_value, enrollment.run, label, message)
        )
        if campaign.is_marketing:
            mailed = (*remembered(customer.mailed_at, self.rules.caps, self.now), self.now)
            self.customers[customer.id] = replace(customer, mailed_at=mailed)
        sent = enrollment.with_send(label, Send(message, SendStatus.SENT, self.now))
        return sent.enter_step(campaign.after(label), self.now)

"""Who may begin a run when a trigger arrives, and the run that begins."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from outreach.domain.intake.customer import Customer
from outreach.domain.intake.event import Event
from outreach.domain.intake.order import Order
from outreach.domain.journeys.campaign import Campaign, Driver, Key
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, Trigger
from outreach.domain.journeys.enrollment_key import KeySecret, key_id
from outreach.domain.journeys.event_history import event_history, with_newest
from outreach.domain.journeys.reentry import may_enter_again


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enrollment that a trigger asks for; `only_if` is still to be judged."""

    campaign: Campaign
    id: EnrollmentId
    key_value: str
    """The value of its key, of which `id.key` may be a hash."""
    trigger: Trigger

    @property
    def id_of_older_releases(self) -> EnrollmentId:
        """Whether the value itself is in the id."""
        return replace(self.id, key=self.key_value)


type Judge = Callable[[Candidate, Customer, Order | None], bool]
"""Evaluates a campaign's `only_if` for a candidate."""


def candidates_of(
    event: Event,
    customer: Customer,
    order: Order | None,
    campaigns: Iterable[Campaign],
    key_secret: KeySecret,
) -> Iterable[Candidate]:
    """The candidates that the event would enroll, the highest priority first."""
    for campaign in sorted(campaigns, key=lambda each: (-each.priority, each.name)):
        if campaign.trigger != event.name:
            continue
        trigger = Trigger.of(event)
        for value in _keys(campaign.key, customer, order if event.order else None):
            key = key_id(campaign.key, value, customer.id, key_secret)
            yield Candidate(campaign, EnrollmentId(customer.id, campaign.name, key), value, trigger)


def newest_run(
    candidate: Candidate,
    changed: Mapping[EnrollmentId, Enrollment],
    enrollments: Mapping[EnrollmentId, Enrollment],
) -> Enrollment | None:
    """The newest run, which an older release may have stored under the value of its key."""
    for each in (candidate.id, candidate.id_of_older_releases):
        running = changed.get(each) or enrollments.get(each)
        if running is not None:
            return running
    return None


def _keys(key: Key, customer: Customer, order: Order | None) -> tuple[str, ...]:
    match key:
        case Key.CUSTOMER:
            return (customer.id,)
        case Key.ORDER:
            return () if order is None else (order.id,)
        case Key.PRODUCT_LINE:
            lines = [] if order is None else [item.product_line for item in order.items if item.product_line]
            return tuple(dict.fromkeys(lines))


def exit_came_first(
    candidate: Candidate,
    customer: Customer,
    order: Order | None,
    orders_of: Callable[[], Iterable[Order]],
) -> bool:
    """Whether an event that would end the run is known already."""
    campaign, trigger = candidate.campaign, candidate.trigger
    happened = {name for name in campaign.exit_on if _is_since(customer.seen.get(name), trigger)}
    if not happened:
        return False
    orders = with_newest(orders_of() if campaign.key is Key.PRODUCT_LINE else (), order)
    history = event_history(campaign, candidate.key_value, trigger, customer, orders)
    return any(_is_since(history.get(name), trigger) for name in happened)


def _is_since(happened: datetime | None, trigger: Trigger) -> bool:
    return happened is not None and happened >= trigger.occurred_at


def may_enter(candidate: Candidate, running: Enrollment | None, customer: Customer, now: datetime) -> bool:
    campaign, trigger = candidate.campaign, candidate.trigger
    if customer.is_stopped(campaign.name):
        return False
    return running is None or may_enter_again(campaign, running, trigger.occurred_at, now)


def new_run(candidate: Candidate, before: Enrollment | None, now: datetime) -> Enrollment:
    """A new run at the first step. The first step counts from the event, not from its arrival."""
    campaign, trigger = candidate.campaign, candidate.trigger
    return Enrollment(
        id=candidate.id,
        trigger=trigger,
        bundle=campaign.version,
        started_at=now,
        step=campaign.first_label,
        entered_at=min(trigger.occurred_at, now),
        due_at=now if campaign.driver is Driver.SWEEP else None,
        swept=campaign.driver is Driver.SWEEP,
        consumed={trigger.name: trigger.occurred_at},
        run=1 if before is None else before.run + 1,
        hidden_key=None if candidate.id.key == candidate.key_value else candidate.key_value,
        version=before.version if before is not None and before.id == candidate.id else 0,
    )

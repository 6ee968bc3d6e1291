"""What an event changes: the customer, the order, and the enrollments."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from outreach.domain.errors import UnknownCampaignError
from outreach.domain.feedback.suppression import SuppressionApplied
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.erasure import erase, erased_until, is_erased, returned, run_since
from outreach.domain.intake.event import DELETED, Event
from outreach.domain.intake.merge import merge_customer, merge_order
from outreach.domain.intake.order import Order
from outreach.domain.intake.totals import count_order
from outreach.domain.journeys.campaign import Campaign, Driver, Key
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentId,
    EnrollmentStatus,
    LeaveReason,
    Trigger,
)
from outreach.domain.journeys.enrollment_key import KeySecret, key_id
from outreach.domain.journeys.event_history import counts_for, event_history, with_newest
from outreach.domain.journeys.reentry import may_enter_again

MOST_ENDED_AT_ONCE = 90
"""Runs that an erasure ends in its own transaction, which holds a hundred rows; the others end after it."""


class Outcome(StrEnum):
    """The outcome of a valid event."""

    TAKEN = "taken"
    ERASED = "erased"
    """It is about an erased customer: nothing of it is stored."""


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


@dataclass(frozen=True, slots=True)
class Intake:
    """All that changes with one event; stored in one transaction."""

    outcome: Outcome
    customer: Customer
    order: Order | None = None
    changed: tuple[Enrollment, ...] = ()
    """Enrollments that are new, ended, or due at once."""
    archived: tuple[Enrollment, ...] = ()
    """Runs ended by a restart that still have an event to publish."""
    suppression_applied: SuppressionApplied | None = None
    """Set when the customer's suppression was looked up: it is stored then, and only then."""
    unevaluated: frozenset[str] = frozenset()
    """Campaigns that enrolled nobody because their `only_if` could not be evaluated."""


def enrollments_alone(intake: Intake, customer: Customer, event: Event) -> Intake:
    """What a repeated event adds: runs that it begins, and nothing of the customer."""

    def belongs(run: Enrollment) -> bool:
        begins = run.trigger.event_id == event.id and run.is_active
        return begins or (run.ended_by == event.id and run.reason == LeaveReason.RESTARTED)

    changed = tuple(run for run in intake.changed if belongs(run))
    ids = {run.id for run in changed}
    archived = tuple(run for run in intake.archived if run.id in ids)
    return Intake(intake.outcome, customer, None, changed, archived, unevaluated=intake.unevaluated)


def take_in(
    event: Event,
    customer: Customer,
    order: Order | None,
    enrollments: Mapping[EnrollmentId, Enrollment],
    campaigns: Iterable[Campaign],
    campaign_of: Callable[[Enrollment], Campaign],
    judge: Judge,
    now: datetime,
    *,
    key_secret: KeySecret,
    orders_of: Callable[[], Iterable[Order]],
) -> Intake:
    """Decide what an event changes. Its id was checked: it is not a repeat.

    `campaigns` are the current ones, which new enrollments are pinned to; `campaign_of` finds the version
    that a running enrollment is pinned to, or raises UnknownCampaignError. `key_secret` returns the key of
    the hash that enrollments are found under; `orders_of` reads all stored orders of the customer, and is
    called only when they matter.
    """
    if is_erased(customer, event):
        return Intake(Outcome.ERASED, customer)
    if event.name == DELETED:
        return _erased(event, customer, enrollments.values(), now)

    agreed = customer.wants_marketing
    customer = merge_customer(returned(customer), event)
    withdrew = agreed and not customer.wants_marketing
    if event.order is not None:
        before, order = order, merge_order(order or Order(event.order.id), event)
        customer, order = count_order(customer, before, order)

    changed: dict[EnrollmentId, Enrollment] = {}
    for enrollment in enrollments.values():
        try:
            campaign = campaign_of(enrollment)
        except UnknownCampaignError:
            continue  # no driver runs it any more: it must not block the event
        moved = _concerned(enrollment, campaign, event, order, now)
        if withdrew and campaign.is_marketing and moved.is_active:
            moved = _left(moved, LeaveReason.UNSUBSCRIBED, event, now)
        if moved is not enrollment:
            changed[enrollment.id] = moved

    archived: list[Enrollment] = []
    for candidate in _candidates(event, customer, order, campaigns, key_secret):
        running = _running(candidate, changed, enrollments)
        if _exit_came_first(candidate, customer, order, orders_of):
            continue
        if not _may_enter(candidate, running, customer, now) or not judge(candidate, customer, order):
            continue
        if running is not None and running.id != candidate.id:
            if running.is_active:  # its row stays in place: it needs no archived copy
                changed[running.id] = _left(running, LeaveReason.RESTARTED, event, now)
        elif running is not None and (running.sends or running.skips):
            archived.append(
                _left(running, LeaveReason.RESTARTED, event, now) if running.is_active else running
            )
        changed[candidate.id] = _enroll(candidate, running, now)
    return Intake(Outcome.TAKEN, customer, order, tuple(changed.values()), tuple(archived))


def _erased(event: Event, customer: Customer, enrollments: Iterable[Enrollment], now: datetime) -> Intake:
    """The profile is erased, and every run ends but those of a customer who signed up again since.

    The customer's other records are erased right after this is stored: they may exceed one transaction.
    """
    erased = erase(customer, event.occurred_at)
    until = erased_until(erased)
    active = (each for each in enrollments if each.is_active)
    ended = [run for each in active if (run := run_since(each, until, now, by=event.id)) is not each]
    return Intake(Outcome.TAKEN, erased, changed=tuple(ended[:MOST_ENDED_AT_ONCE]))


def _concerned(
    enrollment: Enrollment, campaign: Campaign, event: Event, order: Order | None, now: datetime
) -> Enrollment:
    """The enrollment after an event of its customer: left, converted, woken, or unchanged.

    A goal counts the events of every key; exits and waits only those of the run's key.
    """
    if event.occurred_at < enrollment.trigger.occurred_at:
        return enrollment
    if _reaches_goal(enrollment, campaign, event):
        enrollment = replace(enrollment, goal_at=event.occurred_at)
        if enrollment.is_active:
            return _left(enrollment, LeaveReason.GOAL, event, now)
        return enrollment
    if not enrollment.is_active or not counts_for(campaign, enrollment.key_value, enrollment.trigger, order):
        return enrollment
    if event.name in campaign.exit_on:
        return _left(enrollment, LeaveReason.EXIT_EVENT, event, now)
    waiting = enrollment.waiting
    if waiting is not None and waiting.event == event.name and enrollment.swept:
        return replace(enrollment, due_at=now)
    return enrollment


def _reaches_goal(enrollment: Enrollment, campaign: Campaign, event: Event) -> bool:
    """Only an event after a message, and within the goal's time, can be that message's effect."""
    touch = enrollment.last_touch_at
    if campaign.goal is None or event.name != campaign.goal.event or enrollment.goal_at or touch is None:
        return False
    return touch < event.occurred_at <= touch + campaign.goal.within


def _candidates(
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
        trigger = Trigger(
            event.id, event.name, event.occurred_at, event.properties, event.order.id if event.order else None
        )
        for value in _keys(campaign.key, customer, order if event.order else None):
            key = key_id(campaign.key, value, customer.id, key_secret)
            yield Candidate(campaign, EnrollmentId(customer.id, campaign.name, key), value, trigger)


def _running(
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


def _exit_came_first(
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


def _may_enter(candidate: Candidate, running: Enrollment | None, customer: Customer, now: datetime) -> bool:
    campaign, trigger = candidate.campaign, candidate.trigger
    if customer.is_stopped(campaign.name):
        return False
    return running is None or may_enter_again(campaign, running, trigger.occurred_at, now)


def _enroll(candidate: Candidate, before: Enrollment | None, now: datetime) -> Enrollment:
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


def _left(enrollment: Enrollment, reason: LeaveReason, event: Event, now: datetime) -> Enrollment:
    return enrollment.ended(EnrollmentStatus.LEFT, reason, now, by=event.id)

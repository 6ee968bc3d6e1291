"""What an event changes: the customer, the order, and the enrollments."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from outreach.domain.errors import UnknownCampaignError
from outreach.domain.feedback.suppression import SuppressionApplied
from outreach.domain.intake.candidates import (
    Candidate,
    Judge,
    candidates_of,
    exit_came_first,
    may_enter,
    new_run,
    newest_run,
)
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.erasure import erase, erased_until, is_erased, returned, run_since
from outreach.domain.intake.event import DELETED, Event
from outreach.domain.intake.merge import merge_customer, merge_order
from outreach.domain.intake.order import Order
from outreach.domain.intake.totals import count_order
from outreach.domain.journeys.campaign import Campaign
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.journeys.enrollment_key import KeySecret
from outreach.domain.journeys.event_history import counts_for

MOST_ENDED_AT_ONCE = 90
"""Runs that an erasure ends in its own transaction, which holds a hundred rows; the others end after it."""


class Outcome(StrEnum):
    """The outcome of a valid event."""

    TAKEN = "taken"
    ERASED = "erased"
    """It is about an erased customer: nothing of it is stored."""


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
    """Campaigns without a new enrollment because their `only_if` could not be evaluated."""


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
    for candidate in candidates_of(event, customer, order, campaigns, key_secret):
        running = newest_run(candidate, changed, enrollments)
        if exit_came_first(candidate, customer, order, orders_of):
            continue
        if not may_enter(candidate, running, customer, now) or not judge(candidate, customer, order):
            continue
        if running is not None:
            _restart(running, candidate, event, now, changed=changed, archived=archived)
        changed[candidate.id] = new_run(candidate, running, now)
    return Intake(Outcome.TAKEN, customer, order, tuple(changed.values()), tuple(archived))


def _restart(
    running: Enrollment,
    candidate: Candidate,
    event: Event,
    now: datetime,
    *,
    changed: dict[EnrollmentId, Enrollment],
    archived: list[Enrollment],
) -> None:
    """What becomes of the run before; the new one takes its row if both have the same id."""
    ended = _left(running, LeaveReason.RESTARTED, event, now) if running.is_active else running
    if running.id == candidate.id:
        if running.sends or running.skips:
            archived.append(ended)
    elif running.is_active:  # its row stays in place: it needs no archived copy
        changed[running.id] = ended


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


def _left(enrollment: Enrollment, reason: LeaveReason, event: Event, now: datetime) -> Enrollment:
    return enrollment.ended(EnrollmentStatus.LEFT, reason, now, by=event.id)

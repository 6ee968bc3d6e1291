"""Erase what a deleted customer left: orders, answers, what triggered their runs, and old runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.domain.intake.erasure import erased_until, order_since, run_since
from outreach.usecases.attempts import retry_on_conflict

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.intake.event import Event
    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.ports.clock import Clock
    from outreach.ports.intake import Customers, ErasableRecords
    from outreach.ports.journeys import Enrollments


def erase_customer(
    event: Event,
    *,
    customers: Customers,
    enrollments: Enrollments,
    erasable_records: ErasableRecords,
    clock: Clock,
) -> None:
    """Row by row, after the deletion was stored; a repeat finishes what a crash left undone.

    From then on nothing older can be stored any more, because every event reads the profile first. Raises
    ConflictError when it lost races again and again.
    """
    retry_on_conflict(
        lambda: _erase(event, customers, enrollments, erasable_records, clock.now()),
        clock=clock,
        whose=event.id,
    )


def drop_purchases_in_ids(
    event: Event,
    *,
    customers: Customers,
    enrollments: Enrollments,
    erasable_records: ErasableRecords,
    clock: Clock,
) -> None:
    """Delete erased runs whose id reveals what was bought, as older releases wrote it.

    They were ended by `erase_customer`, and nothing drives them any more. A repeat finishes what a crash left
    undone. Raises ConflictError when it lost races again and again.
    """
    retry_on_conflict(
        lambda: _drop_purchases_in_ids(event.customer.id, customers, enrollments, erasable_records),
        clock=clock,
        whose=event.id,
    )


def _drop_purchases_in_ids(
    customer_id: str, customers: Customers, enrollments: Enrollments, erasable_records: ErasableRecords
) -> None:
    """The profile is read after each reading, as below."""
    newest = enrollments.of_customer(customer_id).values()
    until = erased_until(customers.customer(customer_id))
    for enrollment in newest:
        if enrollment.has_purchase_in_id and enrollment.trigger.occurred_at <= until:
            erasable_records.drop_enrollment(enrollment)

    archived = erasable_records.runs_of(customer_id)
    until = erased_until(customers.customer(customer_id))
    for run in archived:
        if run.has_purchase_in_id and run.trigger.occurred_at <= until:
            erasable_records.drop_run(run)


def _erase(
    event: Event,
    customers: Customers,
    enrollments: Enrollments,
    erasable_records: ErasableRecords,
    now: datetime,
) -> None:
    """The profile is read after each reading: so the rows are from before a customer's return.

    A run moves into the archive when a newer one replaces it, so the archive is read after the others.
    """
    customer_id = event.customer.id
    newest = enrollments.of_customer(customer_id).values()
    until = erased_until(customers.customer(customer_id))
    for enrollment in newest:
        left = _left_of(enrollment, until, now, event, erasable_records)
        if left is not enrollment:
            enrollments.save(left)

    orders = customers.orders_of(customer_id)
    until = erased_until(customers.customer(customer_id))
    for order in orders:
        rest = order_since(order, until)
        if rest is not order:
            erasable_records.keep_of_order(customer_id, order, rest)

    archived = erasable_records.runs_of(customer_id)
    until = erased_until(customers.customer(customer_id))
    for run in archived:
        left = _left_of(run, until, now, event, erasable_records)
        if left is not run:
            erasable_records.keep_run(left)

    answers = erasable_records.answers_of(customer_id)
    until = erased_until(customers.customer(customer_id))
    for question, answer in answers.items():
        if answer.at <= until:
            erasable_records.drop_answer(question, answer)


def _left_of(
    run: Enrollment, until: datetime, now: datetime, event: Event, erasable_records: ErasableRecords
) -> Enrollment:
    """What is left of a run. Properties that lie apart are deleted before the run says that it has none.

    So after a crash between the two, a repeat still finds the run.
    """
    left = run_since(run, until, now, by=event.id)
    if not left.trigger.properties_apart or left.trigger.occurred_at > until:
        return left
    erasable_records.drop_properties(left)
    return replace(left, trigger=replace(left.trigger, properties_apart=False))

"""Forget what a deleted customer left behind: orders, answers, what triggered their runs, and old runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.errors import Conflict
from outreach.domain.forgetting import forgotten_until, order_since, run_since
from outreach.usecases.attempts import ATTEMPTS, attempts

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.event import Event
    from outreach.ports import Clock, Customers, Enrollments, Traces


def forget_customer(
    event: Event, *, customers: Customers, enrollments: Enrollments, traces: Traces, clock: Clock
) -> None:
    """Row by row, after the deletion was stored; doing it again finishes what a crash left undone.

    From then on nothing older can be stored any more, for every event asks the profile first. Raises
    Conflict when races were lost again and again.
    """
    for attempt in attempts(clock, event.id):
        try:
            _forget(event, customers, enrollments, traces, clock.now())
        except Conflict:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def drop_purchases_in_ids(
    event: Event, *, customers: Customers, enrollments: Enrollments, traces: Traces, clock: Clock
) -> None:
    """Delete forgotten runs whose id says what was bought, as older releases wrote it.

    They were ended by `forget_customer`, and nothing carries them any more. Doing it again finishes what a
    crash left undone. Raises Conflict when races were lost again and again.
    """
    for attempt in attempts(clock, event.id):
        try:
            _drop_purchases_in_ids(event.customer.id, customers, enrollments, traces)
        except Conflict:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _drop_purchases_in_ids(
    customer_id: str, customers: Customers, enrollments: Enrollments, traces: Traces
) -> None:
    """The profile is asked after each reading, as below."""
    newest = enrollments.of_customer(customer_id).values()
    until = forgotten_until(customers.customer(customer_id))
    for enrollment in newest:
        if enrollment.has_purchase_in_id and enrollment.trigger.occurred_at <= until:
            traces.drop_enrollment(enrollment)

    archived = traces.runs_of(customer_id)
    until = forgotten_until(customers.customer(customer_id))
    for run in archived:
        if run.has_purchase_in_id and run.trigger.occurred_at <= until:
            traces.drop_run(run)


def _forget(
    event: Event, customers: Customers, enrollments: Enrollments, traces: Traces, now: datetime
) -> None:
    """The profile is asked after each reading: what was read then is from before anybody's return.

    A run moves into the archive when a newer one takes its place, so the archive comes after the others.
    """
    customer_id = event.customer.id
    newest = enrollments.of_customer(customer_id).values()
    until = forgotten_until(customers.customer(customer_id))
    for enrollment in newest:
        left = run_since(enrollment, until, now, by=event.id)
        if left is not enrollment:
            enrollments.save(left)

    orders = customers.orders_of(customer_id)
    until = forgotten_until(customers.customer(customer_id))
    for order in orders:
        rest = order_since(order, until)
        if rest is not order:
            traces.keep_of_order(customer_id, order, rest)

    archived = traces.runs_of(customer_id)
    until = forgotten_until(customers.customer(customer_id))
    for run in archived:
        left = run_since(run, until, now, by=event.id)
        if left is not run:
            traces.keep_run(left)

    answers = traces.answers_of(customer_id)
    until = forgotten_until(customers.customer(customer_id))
    for question, answer in answers.items():
        if answer.at <= until:
            traces.forget_answer(question, answer)

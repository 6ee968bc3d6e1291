"""What every ErasableRecords must do, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.dynamodb.conftest import Memory
from adapters.dynamodb.rows import a_full_order
from builders import NOW, a_customer, a_send, an_enrollment, an_order
from outreach.domain.errors import ConflictError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, LeaveReason, Trigger
from outreach.domain.sending.send import SendStatus
from reported import report

LATER = NOW + timedelta(hours=1)


def some_orders(memory: Memory) -> None:
    memory.take_in(a_customer(), a_full_order())
    memory.take_in(replace(a_customer(), version=1), an_order("o#2 %/ñ"))
    memory.take_in(a_customer("c-ben"), an_order())


def an_archived_run(memory: Memory) -> Enrollment:
    trigger = Trigger("evt-1", "customer.signed_up", NOW, {"note": "for Ana"})
    before = memory.save(an_enrollment(trigger=trigger, sends={"welcome": a_send(SendStatus.SENT)}))
    ended = before.ended(EnrollmentStatus.LEFT, LeaveReason.RESTARTED, NOW)
    new = an_enrollment(run=before.run + 1, version=before.version)
    memory.take_in(memory.customers.customer("c-ana"), changed=(new,), archived=(ended,))
    (run,) = memory.erasable_records.runs_of("c-ana")
    return run


def test_all_orders_of_a_customer_are_found_and_no_others(memory: Memory) -> None:
    some_orders(memory)

    orders = {order.id: order for order in memory.customers.orders_of("c-ana")}

    assert orders == {
        "o-1": replace(a_full_order(), version=1),
        "o#2 %/ñ": replace(an_order("o#2 %/ñ"), version=1),
    }
    assert list(memory.customers.orders_of("c-nobody")) == []


def test_an_order_of_which_nothing_is_left_is_gone(memory: Memory) -> None:
    some_orders(memory)
    order = memory.customers.order("c-ana", "o-1")
    assert order is not None

    memory.erasable_records.keep_of_order("c-ana", order, None)

    assert memory.customers.order("c-ana", "o-1") is None
    assert [each.id for each in memory.customers.orders_of("c-ana")] == ["o#2 %/ñ"]
    assert memory.customers.order("c-ben", "o-1") is not None


def test_of_an_order_that_goes_on_the_rest_is_kept(memory: Memory) -> None:
    some_orders(memory)
    order = memory.customers.order("c-ana", "o-1")
    assert order is not None
    left = replace(order, items=(), url=None)

    memory.erasable_records.keep_of_order("c-ana", order, left)

    assert memory.customers.order("c-ana", "o-1") == replace(left, version=2)


@pytest.mark.parametrize("goes", [True, False])
def test_an_order_that_changed_meanwhile_is_looked_at_again(memory: Memory, *, goes: bool) -> None:
    some_orders(memory)
    read = memory.customers.order("c-ana", "o-1")
    assert read is not None
    memory.take_in(memory.customers.customer("c-ana"), replace(read, status="shipped"))

    with pytest.raises(ConflictError):
        memory.erasable_records.keep_of_order("c-ana", read, None if goes else replace(read, items=()))
    assert memory.customers.order("c-ana", "o-1") == replace(read, status="shipped", version=2)


def test_runs_in_the_archive_are_found_with_their_sends(memory: Memory) -> None:
    run = an_archived_run(memory)

    assert (run.run, run.status, run.trigger.properties) == (1, EnrollmentStatus.LEFT, {"note": "for Ana"})
    assert run.sends["welcome"].status is SendStatus.SENT
    assert list(memory.erasable_records.runs_of("c-ben")) == []


def test_what_a_run_was_triggered_by_can_go_while_feedback_says_more_of_its_sends(memory: Memory) -> None:
    run = an_archived_run(memory)
    report(memory.deliveries, run.send_id("welcome"), SendStatus.OPENED, LATER)

    memory.erasable_records.keep_run(replace(run, trigger=replace(run.trigger, properties={})))

    (kept,) = memory.erasable_records.runs_of("c-ana")
    assert kept.trigger.properties == {}
    assert kept.sends["welcome"].status is SendStatus.OPENED
    with pytest.raises(ConflictError):
        memory.erasable_records.keep_run(run)


def test_a_run_in_the_archive_can_be_deleted_again_and_again(memory: Memory) -> None:
    run = an_archived_run(memory)

    memory.erasable_records.drop_run(run)
    memory.erasable_records.drop_run(run)

    assert list(memory.erasable_records.runs_of("c-ana")) == []
    assert memory.enrollments.get(run.id).run == run.run + 1


def test_a_newest_run_is_deleted_unless_it_changed_meanwhile(memory: Memory) -> None:
    read = memory.save(an_enrollment())
    changed = memory.save(replace(read, step="later"))

    with pytest.raises(ConflictError):
        memory.erasable_records.drop_enrollment(read)
    memory.erasable_records.drop_enrollment(changed)

    assert memory.enrollments.of_customer("c-ana") == {}


@pytest.mark.parametrize("value", ["oven", "", None])
def test_the_value_of_a_key_is_kept_beside_its_id_however_often_the_run_moves(
    memory: Memory, value: str | None
) -> None:
    saved = memory.save(an_enrollment(key="22-characters-of-a-hash", hidden_key=value))
    moved = memory.save(replace(saved, step="later"))

    assert memory.enrollments.get(saved.id) == moved
    assert moved.hidden_key == value

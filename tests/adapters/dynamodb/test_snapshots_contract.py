"""What every SnapshotReader must do, the fake as well as the table."""

from dataclasses import replace

import pytest

from adapters.dynamodb.conftest import Memory
from adapters.dynamodb.rows import a_full_customer, a_full_enrollment, a_full_order
from adapters.scripted_service import ScriptedService
from builders import NOW, a_customer, an_enrollment, an_order
from outreach.adapters.dynamodb import DynamoTable
from outreach.adapters.dynamodb.batch_get import ASKED_IN_VAIN, TableIsBusyError, batch_get
from outreach.adapters.dynamodb.journeys.enrollment_change import new_row
from outreach.adapters.dynamodb.keys import enrollment as key_of
from outreach.domain.errors import UnknownEnrollmentError
from outreach.domain.intake.customer import Customer
from outreach.domain.journeys.enrollment import EnrollmentId, Trigger
from outreach.ports.sweeps import EnrollmentSnapshot


def test_a_party_is_what_single_reads_would_give(memory: Memory) -> None:
    memory.take_in(a_full_customer(), a_full_order())
    stored = memory.save(a_full_enrollment())

    (snapshot,) = memory.snapshots.read_all([stored.id])

    assert snapshot == EnrollmentSnapshot(
        memory.enrollments.get(stored.id),
        memory.customers.customer("c-ana"),
        memory.customers.order("c-ana", "o-1"),
    )
    assert snapshot.order is not None


def test_they_come_in_the_order_asked_for_and_those_that_are_gone_are_left_out(memory: Memory) -> None:
    ids = [memory.save(an_enrollment("win-back", customer_id=f"c-{number}")).id for number in (3, 1, 2)]

    snapshots = memory.snapshots.read_all([*ids[:2], EnrollmentId("c-9", "win-back", "c-9"), ids[2]])

    assert [snapshot.enrollment.id for snapshot in snapshots] == ids


def test_a_customer_with_two_enrollments_is_in_two_parties(memory: Memory) -> None:
    ana = memory.know(a_customer())
    ids = [memory.save(an_enrollment("tutorial", key=key)).id for key in ("oven", "pan")]

    assert [snapshot.customer for snapshot in memory.snapshots.read_all(ids)] == [ana, ana]


def test_an_unknown_customer_or_order_is_an_empty_one(memory: Memory) -> None:
    trigger = Trigger("evt-1", "order.placed", NOW, order_id="o-1")
    stored = memory.save(an_enrollment(trigger=trigger))

    assert memory.snapshots.read_all([stored.id]) == (EnrollmentSnapshot(stored, Customer("c-ana"), None),)


def test_more_than_one_request_may_hold_are_read_too(memory: Memory) -> None:
    ids = [memory.save(an_enrollment(customer_id=f"c-{number}")).id for number in range(120)]

    assert [snapshot.enrollment.id for snapshot in memory.snapshots.read_all(ids)] == ids


@pytest.mark.parametrize("expected", ["o-1", "o-2", None])
def test_one_enrollment_is_read_whole_whatever_order_the_caller_expects(
    memory: Memory, expected: str | None
) -> None:
    memory.take_in(a_full_customer(), a_full_order())
    memory.take_in(memory.customers.customer("c-ana"), an_order("o-2"))
    stored = memory.save(a_full_enrollment())

    snapshot = memory.snapshots.read(stored.id, order_id=expected)

    assert snapshot == memory.snapshots.read_all([stored.id])[0]
    assert snapshot.order == memory.customers.order("c-ana", "o-1")


def test_an_enrollment_that_is_not_there_cannot_be_read(memory: Memory) -> None:
    memory.take_in(a_full_customer())

    with pytest.raises(UnknownEnrollmentError):
        memory.snapshots.read(an_enrollment().id)


def test_one_request_reads_an_enrollment_whose_order_is_expected() -> None:
    service = ScriptedService("dynamodb")
    trigger = Trigger("evt-1", "order.placed", NOW, order_id="o-1")
    enrollment = an_enrollment(trigger=trigger)
    row = new_row(enrollment, key_of(enrollment.id), 1)
    service.answers({"Responses": {"table": [row]}, "UnprocessedKeys": {}})

    DynamoTable(service.client, "table", shards=1).snapshots.read(enrollment.id, order_id="o-1")

    (request,) = service.requests
    assert len(request["RequestItems"]["table"]["Keys"]) == 3


def test_no_customer_is_read_without_a_request(memory: Memory) -> None:
    assert memory.snapshots.read_all([]) == ()


def test_orders_of_other_customers_are_not_mixed_up(memory: Memory) -> None:
    trigger = Trigger("evt-1", "order.placed", NOW, order_id="o-1")
    for customer_id in ("c-ana", "c-bo"):
        memory.take_in(a_customer(customer_id), an_order(delay_reason=customer_id))
    ids = [
        memory.save(an_enrollment("delay", customer_id=each, trigger=trigger)).id
        for each in ("c-bo", "c-ana")
    ]

    orders = [snapshot.order and snapshot.order.delay_reason for snapshot in memory.snapshots.read_all(ids)]
    assert orders == ["c-bo", "c-ana"]


def test_what_dynamodb_leaves_for_later_is_asked_for_again() -> None:
    service = ScriptedService("dynamodb")
    enrollment = an_enrollment()
    key = key_of(enrollment.id)
    service.answers({"Responses": {"table": []}, "UnprocessedKeys": {"table": {"Keys": [key]}}})
    service.answers({"Responses": {"table": [new_row(enrollment, key, 1)]}, "UnprocessedKeys": {}})

    (snapshot,) = DynamoTable(service.client, "table", shards=1).snapshots.read_all([enrollment.id])

    assert snapshot.enrollment == replace(enrollment, version=1)
    assert [len(request["RequestItems"]["table"]["Keys"]) for request in service.requests] == [2, 1]


def test_a_table_that_returns_nothing_is_asked_again_a_little_later_each_time_up_to_a_limit() -> None:
    service, pauses = ScriptedService("dynamodb"), list[float]()
    key = key_of(an_enrollment().id)
    for _ in range(20):
        service.answers({"Responses": {"table": []}, "UnprocessedKeys": {"table": {"Keys": [key]}}})

    with pytest.raises(TableIsBusyError):
        batch_get(service.client, "table", [key], sleep=pauses.append)

    assert len(service.requests) == len(pauses) + 1 == ASKED_IN_VAIN
    assert all(0 < pause <= 2 for pause in pauses)
    assert sum(pauses) > 1


def test_what_is_too_large_for_one_answer_is_fetched_without_a_pause() -> None:
    service, pauses = ScriptedService("dynamodb"), list[float]()
    rows = [new_row(each, key_of(each.id), 1) for each in (an_enrollment("one"), an_enrollment("two"))]
    wanted = [{name: row[name] for name in ("PK", "SK")} for row in rows]
    service.answers({"Responses": {"table": rows[:1]}, "UnprocessedKeys": {"table": {"Keys": wanted[1:]}}})
    service.answers({"Responses": {"table": rows[1:]}, "UnprocessedKeys": {}})

    assert len(batch_get(service.client, "table", wanted, sleep=pauses.append)) == 2
    assert pauses == []

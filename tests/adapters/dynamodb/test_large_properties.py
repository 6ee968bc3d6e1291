"""Large properties lie in a row of their own: written once, read with the run, deleted by an erasure."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.dynamodb.conftest import Memory
from builders import NOW, a_customer, a_send, an_enrollment, an_event
from fakes import FakeClock
from outreach.domain.intake.customer import Json
from outreach.domain.intake.erasure import erase
from outreach.domain.intake.event import DELETED, Event
from outreach.domain.journeys.enrollment import LARGEST_IN_THE_RUN, Enrollment, Trigger, size_of
from outreach.domain.sending.send import SendId, SendStatus
from outreach.ports.sending import Claim
from outreach.usecases.intake.erase_customer import erase_customer

LATER = NOW + timedelta(minutes=1)
LINE = {"sku": "pan-26", "name": "Cast iron pan, 26 cm", "price": "59.90", "quantity": 1, "colour": "blå"}
CART: dict[str, Json] = {"items": [{**LINE, "place": place} for place in range(40)]}


def started(properties: dict[str, Json], **fields: Any) -> Event:
    return an_event("checkout.started", properties=properties, **fields)


def begun(memory: Memory, properties: dict[str, Json], **fields: Any) -> Enrollment:
    """A run as intake stores it."""
    run = an_enrollment("cart", trigger=Trigger.of(started(properties)), **fields)
    memory.take_in(memory.customers.customer("c-ana"), changed=(run,))
    return memory.enrollments.get(run.id)


def in_all_readings(memory: Memory, run: Enrollment) -> list[Enrollment]:
    return [
        memory.enrollments.get(run.id),
        memory.enrollments.of_customer("c-ana")[run.id],
        memory.snapshots.read(run.id).enrollment,
        memory.snapshots.read(run.id, properties_of=run.run).enrollment,
        memory.snapshots.read(run.id, properties_of=run.run + 1, order_id="o-9").enrollment,
        *(each.enrollment for each in memory.snapshots.read_all([run.id])),
        *memory.records.record("c-ana").newest,
    ]


@pytest.mark.parametrize("properties", [{}, {"note": "short"}, CART], ids=["none", "small", "large"])
def test_every_reading_of_a_run_has_its_properties(memory: Memory, properties: dict[str, Json]) -> None:
    run = begun(memory, properties)

    assert [each.trigger.properties for each in in_all_readings(memory, run)] == [properties] * 7


def test_they_stay_as_the_run_goes_on(memory: Memory) -> None:
    customer, run = memory.know(a_customer()), begun(memory, CART)

    moved = memory.save(run.enter_step("next", LATER))
    claimed = memory.ledger.claim(_claim(memory, moved))
    memory.ledger.record(claimed, "welcome", a_send(SendStatus.SENT, at=LATER, message_id="m-1"))
    _deliver(memory, claimed.send_id("welcome"))

    assert customer.id == "c-ana"
    assert [each.trigger.properties for each in in_all_readings(memory, run)] == [CART] * 7


def test_a_run_that_a_newer_one_replaced_keeps_its_own(memory: Memory) -> None:
    first = begun(memory, CART)
    other = started({**CART, "again": True}, id="evt-2")
    second = replace(first, trigger=Trigger.of(other), run=2)
    memory.take_in(memory.customers.customer("c-ana"), changed=(second,), archived=(first,))

    (archived,) = memory.erasable_records.runs_of("c-ana")

    assert archived.trigger.properties == CART
    assert memory.enrollments.get(first.id).trigger.properties == other.properties


def test_a_send_that_is_recorded_for_a_moved_run_finds_them(memory: Memory) -> None:
    memory.know(a_customer())
    claimed = memory.ledger.claim(_claim(memory, begun(memory, CART)))
    memory.save(memory.enrollments.get(claimed.id).enter_step("other", LATER))

    recorded = memory.ledger.record(claimed, "welcome", a_send(SendStatus.SENT, at=LATER, message_id="m-1"))

    assert recorded.step == "other"
    assert recorded.trigger.properties == CART


def test_properties_that_an_older_release_stored_in_the_run_stay_there(stored: Memory) -> None:
    run = an_enrollment("cart", trigger=Trigger("evt-1", "checkout.started", NOW, CART))

    saved = stored.save(stored.save(run).enter_step("next", LATER))

    assert stored.enrollments.get(saved.id).trigger.properties == CART
    assert not _rows(stored, "FACTS#")


@pytest.mark.parametrize(
    "properties", [CART, {"text": "é" * 245, "n": 1}], ids=["a cart of 40 lines", "as many as fit"]
)
def test_the_row_that_claims_and_reports_write_is_under_a_kilobyte(
    stored: Memory, properties: dict[str, Json]
) -> None:
    stored.know(a_customer())
    run = begun(stored, properties)
    claimed = stored.ledger.claim(_claim(stored, run))
    stored.ledger.record(claimed, "welcome", a_send(SendStatus.SENT, at=LATER, message_id="0" * 60))
    _deliver(stored, claimed.send_id("welcome"))

    (row,) = _rows(stored, "ENROLLMENT#")

    assert size_of(properties) >= LARGEST_IN_THE_RUN - 10
    assert _billed(row) < 1024


def test_they_are_written_once_and_read_in_the_same_batch(stored: Memory) -> None:
    stored.know(a_customer())
    with _requests(stored) as made:
        run = begun(stored, CART)
        claimed = stored.ledger.claim(_claim(stored, run))
        stored.ledger.record(claimed, "welcome", a_send(SendStatus.SENT, at=LATER, message_id="m-1"))
        _deliver(stored, claimed.send_id("welcome"))
    with _requests(stored) as reading:
        stored.snapshots.read(run.id, properties_of=run.run)

    writes = [
        body for operation, body in made if operation in {"TransactWriteItems", "UpdateItem", "PutItem"}
    ]
    assert sum("FACTS#" in body for body in writes) == 1
    assert len(writes) == 4
    assert [operation for operation, _ in reading] == ["BatchGetItem"]


def test_an_erasure_deletes_them_wherever_it_was_interrupted(stored: Memory) -> None:
    for drops_first in (False, True):
        run = begun(stored, CART, run=1) if not drops_first else stored.enrollments.get(_id())
        if drops_first:
            stored.erasable_records.drop_properties(run)
        customer = stored.customers.customer("c-ana")
        stored.take_in(erase(customer, LATER))
        _erase(stored)

        assert not _rows(stored, "FACTS#")
        left = stored.enrollments.get(run.id).trigger
        assert not left.properties
        assert not left.properties_apart


def _id() -> Any:
    return an_enrollment("cart").id


def _erase(memory: Memory) -> None:
    erase_customer(
        an_event(DELETED, id="evt-gone", occurred_at=LATER),
        customers=memory.customers,
        enrollments=memory.enrollments,
        erasable_records=memory.erasable_records,
        clock=FakeClock(LATER),
    )


def _deliver(memory: Memory, send_id: SendId) -> None:
    known = memory.deliveries.sent(send_id)
    memory.deliveries.move(send_id, known, replace(known, status=SendStatus.DELIVERED))


def _claim(memory: Memory, run: Enrollment) -> Claim:
    customer = memory.customers.customer("c-ana")
    return Claim(run.send_id("welcome"), run.with_send("welcome", a_send(at=LATER)), customer, None, ())


def _billed(row: dict[str, Any]) -> int:
    """Bytes of an item as DynamoDB counts them (developer guide, "Item sizes and formats")."""
    return sum(len(name.encode()) + _bytes(attribute) for name, attribute in row.items())


def _bytes(attribute: dict[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _bytes(each) for name, each in value.items())
    return len(value) // 2 + 2 if kind == "N" else len(value.encode())


def _rows(memory: Memory, prefix: str) -> list[Any]:
    assert memory.client is not None
    rows = memory.client.scan(TableName=memory.table)["Items"]
    return [row for row in rows if row["SK"]["S"].startswith(prefix)]


@contextmanager
def _requests(memory: Memory) -> Iterator[list[tuple[str, str]]]:
    """The operations and bodies of all requests made inside."""
    made: list[tuple[str, str]] = []
    assert memory.client is not None

    def note(model: Any, params: Any, **_: Any) -> None:
        made.append((model.name, str(params["body"])))

    memory.client.meta.events.register("before-call.dynamodb", note)
    try:
        yield made
    finally:
        memory.client.meta.events.unregister("before-call.dynamodb", note)

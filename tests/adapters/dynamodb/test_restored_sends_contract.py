"""What brings back the sends that a restored table lost, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.dynamodb.conftest import Memory
from builders import NOW, a_customer, a_send, an_enrollment
from outreach.adapters.dynamodb.operations.restored_sends import DynamoRestoredSends
from outreach.domain.errors import ConflictError
from outreach.domain.sending.send import SendStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WENT = NOW - timedelta(hours=3)
SENT = a_send(SendStatus.DELIVERED, at=WENT, message_id="ses-1")


def test_the_send_and_where_its_run_stands_are_stored_and_the_cap_counts_it(memory: Memory) -> None:
    ana, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    moved = enrollment.with_send("welcome", SENT).enter_step("nudge", WENT)

    memory.restored_sends.restore(moved, "welcome", ana)

    stored, customer = memory.enrollments.get(enrollment.id), memory.customers.customer("c-ana")
    assert stored == replace(moved, version=enrollment.version + 1)
    assert (customer.mailed_at, customer.claims) == ((WENT,), 1)


def test_transactional_mail_takes_no_place_under_the_cap(memory: Memory) -> None:
    memory.know(a_customer())
    enrollment = memory.save(an_enrollment())

    memory.restored_sends.restore(enrollment.with_send("welcome", SENT), "welcome", None)

    assert memory.customers.customer("c-ana").mailed_at == ()


def test_a_send_that_is_known_is_left_as_it_is(memory: Memory) -> None:
    ana, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    moved = enrollment.with_send("welcome", SENT)
    memory.restored_sends.restore(moved, "welcome", None)

    with pytest.raises(ConflictError):
        memory.restored_sends.restore(
            replace(memory.enrollments.get(enrollment.id)).with_send("welcome", SENT), "welcome", ana
        )

    assert memory.customers.customer("c-ana").mailed_at == ()


def test_a_run_that_changed_meanwhile_is_decided_anew(memory: Memory) -> None:
    memory.know(a_customer())
    enrollment = memory.save(an_enrollment())
    memory.save(enrollment)

    with pytest.raises(ConflictError):
        memory.restored_sends.restore(enrollment.with_send("welcome", SENT), "welcome", None)


def test_a_customer_who_was_claimed_meanwhile_is_decided_anew(memory: Memory) -> None:
    ana = memory.know(a_customer())
    first, second = memory.save(an_enrollment()), memory.save(an_enrollment("news"))
    memory.restored_sends.restore(first.with_send("welcome", SENT), "welcome", ana)

    with pytest.raises(ConflictError):
        memory.restored_sends.restore(second.with_send("welcome", SENT), "welcome", ana)

    assert memory.enrollments.get(second.id).sends == {}


def test_a_report_without_a_run_is_noted_once_under_a_key_of_any_length(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    sends = DynamoRestoredSends(dynamodb, table, shards=1)
    send_id = replace(an_enrollment().send_id("welcome"), key="k" * 900)

    sends.note_unmatched(send_id, NOW)
    sends.note_unmatched(send_id, NOW)

    rows = dynamodb.scan(TableName=table)["Items"]
    assert [row["send"]["S"] for row in rows] == [send_id.encoded()]

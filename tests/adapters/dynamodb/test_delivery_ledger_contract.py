"""What every DeliveryLedger must do, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from adapters.dynamodb.conftest import Memory
from builders import NOW, a_customer, a_send, an_enrollment
from fakes import FakeClock
from outreach.adapters.dynamodb.feedback.delivery_ledger import DynamoDeliveryLedger
from outreach.adapters.dynamodb.sending.sending_state import DynamoSendingState
from outreach.domain.errors import ConflictError, UnknownSendError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, LeaveReason
from outreach.domain.sending.breaker import Breaker, Tally
from outreach.domain.sending.send import Send, SendStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SENT = a_send(SendStatus.SENT, message_id="ses-1")
BOUNCED = replace(SENT, status=SendStatus.BOUNCED, reason="NoEmail")


@pytest.fixture
def ledger(memory: Memory, dynamodb: "DynamoDBClient") -> Any:
    return memory.fake or DynamoDeliveryLedger(dynamodb, memory.table)


@pytest.fixture
def state_store(memory: Memory, dynamodb: "DynamoDBClient") -> Any:
    if memory.fake is not None:
        return memory.fake.state_store
    return DynamoSendingState(dynamodb, memory.table, clock=FakeClock())


def _sent(memory: Memory, send: Send = SENT, **fields: Any) -> Enrollment:
    return memory.save(an_enrollment(sends={"welcome": send}, **fields))


def _restarted(memory: Memory, before: Enrollment) -> None:
    ended = before.ended(EnrollmentStatus.LEFT, LeaveReason.RESTARTED, NOW)
    new = an_enrollment(run=before.run + 1, version=before.version)
    memory.take_in(a_customer(), changed=(new,), archived=(ended,))


def test_a_send_is_found_by_what_ses_repeats(memory: Memory, ledger: Any) -> None:
    enrollment = _sent(memory)

    assert ledger.sent(enrollment.send_id("welcome")) == SENT


def test_a_send_of_a_run_that_was_replaced_is_found_and_moved(memory: Memory, ledger: Any) -> None:
    before = _sent(memory)
    _restarted(memory, before)
    ledger.move(before.send_id("welcome"), SENT, BOUNCED)

    assert ledger.sent(before.send_id("welcome")) == BOUNCED
    assert memory.enrollments.get(before.id).sends == {}


def test_many_sends_are_found_together_wherever_their_runs_lie(memory: Memory, ledger: Any) -> None:
    before = _sent(memory)
    _restarted(memory, before)
    other = _sent(memory, BOUNCED, customer_id="c-bo")
    strangers = [an_enrollment(run=2).send_id("welcome"), an_enrollment().send_id("another step")]
    asked = [before.send_id("welcome"), other.send_id("welcome"), *strangers]

    assert ledger.sent_many(asked) == {asked[0]: SENT, asked[1]: BOUNCED}


@pytest.mark.parametrize(
    "stranger",
    [
        an_enrollment(customer_id="c-nobody").send_id("welcome"),
        an_enrollment().send_id("another step"),
        an_enrollment(run=2).send_id("welcome"),
    ],
    ids=["customer", "step", "run"],
)
def test_a_send_that_was_never_claimed_is_unknown(memory: Memory, ledger: Any, stranger: Any) -> None:
    _sent(memory)

    with pytest.raises(UnknownSendError):
        ledger.sent(stranger)


def test_a_move_leaves_the_enrollment_to_the_process_that_read_it(memory: Memory, ledger: Any) -> None:
    enrollment = _sent(memory)
    ledger.move(enrollment.send_id("welcome"), SENT, BOUNCED)

    assert memory.enrollments.get(enrollment.id) == enrollment.with_send("welcome", BOUNCED)


@pytest.mark.parametrize(
    "stale",
    [
        a_send(SendStatus.CLAIMED),
        replace(SENT, status=SendStatus.DELIVERED),
        replace(SENT, reason="what it was once"),
    ],
)
def test_a_send_that_changed_meanwhile_is_not_moved(memory: Memory, ledger: Any, stale: Send) -> None:
    enrollment = _sent(memory)

    with pytest.raises(ConflictError):
        ledger.move(enrollment.send_id("welcome"), stale, BOUNCED)
    assert ledger.sent(enrollment.send_id("welcome")) == SENT


def test_of_two_reasons_the_one_that_was_read_is_replaced(memory: Memory, ledger: Any) -> None:
    enrollment = _sent(memory, replace(SENT, status=SendStatus.UNKNOWN, reason="no_record"))
    send_id = enrollment.send_id("welcome")
    ledger.move(send_id, ledger.sent(send_id), SENT)

    assert ledger.sent(send_id).reason is None


def test_a_bounce_and_its_count_are_stored_together(memory: Memory, ledger: Any, state_store: Any) -> None:
    enrollment = _sent(memory)
    counted = state_store.breaker().counting(Tally(1, bounces=1), NOW)
    ledger.move(enrollment.send_id("welcome"), SENT, BOUNCED, breaker=counted)

    assert state_store.breaker() == replace(counted, version=1)
    assert ledger.sent(enrollment.send_id("welcome")) == BOUNCED


def test_when_another_counted_meanwhile_neither_is_stored(
    memory: Memory, ledger: Any, state_store: Any
) -> None:
    enrollment = _sent(memory)
    state_store.count(Breaker((Tally(7),)))

    with pytest.raises(ConflictError):
        ledger.move(enrollment.send_id("welcome"), SENT, BOUNCED, breaker=Breaker((Tally(1, bounces=1),)))
    assert ledger.sent(enrollment.send_id("welcome")) == SENT
    assert state_store.breaker().total == Tally(7)


def test_when_the_send_moved_meanwhile_nothing_is_counted(
    memory: Memory, ledger: Any, state_store: Any
) -> None:
    enrollment = _sent(memory, BOUNCED)

    with pytest.raises(ConflictError):
        ledger.move(enrollment.send_id("welcome"), SENT, BOUNCED, breaker=Breaker((Tally(1, bounces=1),)))
    assert state_store.breaker() == Breaker()


def test_the_newest_message_that_arrived_is_found_in_old_runs_too(memory: Memory, ledger: Any) -> None:
    def at(day: int, status: SendStatus) -> Send:
        return replace(SENT, at=NOW + timedelta(days=day), status=status)

    _restarted(memory, _sent(memory, at(5, SendStatus.CLICKED)))
    memory.save(
        an_enrollment("win-back", sends={"a": at(3, SendStatus.DELIVERED), "b": at(9, SendStatus.SENT)})
    )
    memory.save(
        an_enrollment("other", customer_id="c-ben", sends={"a": at(8, SendStatus.DELIVERED)}),
    )
    memory.save(an_enrollment("late", sends={"a": at(7, SendStatus.BOUNCED)}))

    assert ledger.newest_arrival("c-ana") == NOW + timedelta(days=5)
    assert ledger.newest_arrival("c-nobody") is None

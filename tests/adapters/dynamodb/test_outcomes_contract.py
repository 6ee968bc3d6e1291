"""What every Ledger must do with the outcome of a send, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.dynamodb.conftest import Memory
from builders import NOW, a_customer, a_send, an_enrollment
from outreach.domain.errors import ConflictError, UnknownEnrollmentError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, HoldReason, LeaveReason
from outreach.domain.sending.send import Send, SendId, SendStatus
from outreach.ports.sending import Claim
from reported import report

LATER = NOW + timedelta(minutes=1)
SENT = Send("welcome", SendStatus.SENT, LATER, message_id="ses-1")


def _claimed(memory: Memory) -> Enrollment:
    """A sender holds the right to send the welcome message."""
    customer, enrollment = memory.know(a_customer()), memory.save(an_enrollment())
    claim = Claim(enrollment.send_id("welcome"), enrollment.with_send("welcome", a_send()), customer, None)
    return memory.ledger.claim(claim)


def _sent(claimed: Enrollment) -> Enrollment:
    """Where the enrollment is after the message was sent."""
    return claimed.with_send("welcome", SENT).enter_step("nudge", LATER)


def test_a_sent_message_is_recorded_and_the_enrollment_advances(memory: Memory) -> None:
    claimed = _claimed(memory)

    recorded = memory.ledger.record(_sent(claimed), "welcome", SENT)

    assert recorded == replace(_sent(claimed), version=claimed.version + 1)
    assert memory.enrollments.get(claimed.id) == recorded


def test_recording_the_same_outcome_twice_is_once(memory: Memory) -> None:
    """An answer that was lost on the way makes the sender record again."""
    claimed = _claimed(memory)
    first = memory.ledger.record(_sent(claimed), "welcome", SENT)

    assert memory.ledger.record(_sent(claimed), "welcome", SENT) == first
    assert memory.enrollments.get(claimed.id) == first


def test_a_refused_message_is_held_at_its_step(memory: Memory) -> None:
    claimed = _claimed(memory)
    deferred = a_send(SendStatus.DEFERRED, reason="rate")

    memory.ledger.record(claimed.held(HoldReason.PACE, LATER), "welcome", deferred)

    held = memory.enrollments.get(claimed.id)
    assert (held.step, held.hold, held.due_at) == ("welcome", HoldReason.PACE, LATER)
    assert held.sends == {"welcome": deferred}


def test_an_enrollment_that_ended_while_the_message_went_stays_ended(memory: Memory) -> None:
    claimed = _claimed(memory)
    left = memory.save(claimed.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, LATER))

    recorded = memory.ledger.record(_sent(claimed), "welcome", SENT)

    assert recorded == left.with_send("welcome", SENT)
    assert memory.enrollments.get(claimed.id) == recorded


def test_feedback_that_was_faster_than_the_sender_stays(memory: Memory) -> None:
    claimed = _claimed(memory)
    report(memory.deliveries, claimed.send_id("welcome"), SendStatus.DELIVERED, LATER, message_id="ses-1")

    recorded = memory.ledger.record(_sent(claimed), "welcome", SENT)

    assert recorded.sends["welcome"].status is SendStatus.DELIVERED
    assert recorded.step == "nudge"
    assert memory.enrollments.get(claimed.id) == recorded


def test_feedback_and_an_ending_may_both_be_faster(memory: Memory) -> None:
    claimed = _claimed(memory)
    report(memory.deliveries, claimed.send_id("welcome"), SendStatus.DELIVERED, LATER, message_id="ses-1")
    read = memory.enrollments.get(claimed.id)
    left = memory.save(read.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, LATER))

    assert memory.ledger.record(_sent(claimed), "welcome", SENT) == left
    assert memory.enrollments.get(claimed.id) == left


def test_the_outcome_of_a_run_that_was_restarted_goes_to_the_archive(memory: Memory) -> None:
    claimed = _claimed(memory)
    ended = claimed.ended(EnrollmentStatus.LEFT, LeaveReason.RESTARTED, LATER)
    new = an_enrollment(run=2, version=claimed.version)
    memory.take_in(memory.customers.customer("c-ana"), changed=(new,), archived=(ended,))

    recorded = memory.ledger.record(_sent(claimed), "welcome", SENT)

    assert (recorded.run, recorded.is_active, recorded.sends) == (1, False, {"welcome": SENT})
    assert memory.enrollments.get(claimed.id) == replace(new, version=new.version + 1)
    assert not report(memory.deliveries, claimed.send_id("welcome"), SendStatus.SENT, LATER)
    assert report(memory.deliveries, claimed.send_id("welcome"), SendStatus.OPENED, LATER)


def test_an_unclaimed_send_cannot_be_recorded(memory: Memory) -> None:
    enrollment = memory.save(an_enrollment())

    with pytest.raises(ConflictError, match="nobody claimed"):
        memory.ledger.record(_sent(enrollment), "welcome", SENT)
    assert memory.enrollments.get(enrollment.id) == enrollment


def test_nothing_is_recorded_for_an_enrollment_that_is_not_there(memory: Memory) -> None:
    with pytest.raises(UnknownEnrollmentError):
        memory.ledger.record(an_enrollment(), "welcome", SENT)


def test_feedback_raises_a_send_and_never_lowers_it(memory: Memory) -> None:
    claimed = _claimed(memory)
    send_id = claimed.send_id("welcome")

    assert report(memory.deliveries, send_id, SendStatus.DELIVERED, LATER, message_id="ses-1")
    assert not report(memory.deliveries, send_id, SendStatus.DELIVERED, LATER)
    assert not report(memory.deliveries, send_id, SendStatus.SENT, LATER)
    assert report(memory.deliveries, send_id, SendStatus.BOUNCED, LATER, reason="General")

    bounced = Send("welcome", SendStatus.BOUNCED, LATER, message_id="ses-1", reason="General")
    assert memory.enrollments.get(claimed.id) == claimed.with_send("welcome", bounced)


def test_feedback_leaves_the_enrollment_to_the_process_that_read_it(memory: Memory) -> None:
    claimed = _claimed(memory)
    report(memory.deliveries, claimed.send_id("welcome"), SendStatus.SENT, LATER)

    assert memory.enrollments.get(claimed.id).version == claimed.version


@pytest.mark.parametrize(
    "stranger",
    [
        an_enrollment(customer_id="c-nobody").send_id("welcome"),
        an_enrollment().send_id("another step"),
        an_enrollment(run=2).send_id("welcome"),
    ],
    ids=["customer", "step", "run"],
)
def test_feedback_of_an_unknown_send_changes_nothing(memory: Memory, stranger: SendId) -> None:
    claimed = _claimed(memory)

    assert not report(memory.deliveries, stranger, SendStatus.OPENED, LATER)
    assert memory.enrollments.get(claimed.id) == claimed


@pytest.mark.parametrize("status", [SendStatus.FAILED, SendStatus.UNKNOWN])
def test_a_send_that_ended_without_going_may_be_reopened_by_a_person(
    memory: Memory, status: SendStatus
) -> None:
    stored = memory.save(an_enrollment(sends={"welcome": a_send(status, reason="why")}, step="pause"))
    again = replace(stored.with_send("welcome", a_send(SendStatus.DEFERRED)), step="welcome")

    reopened = memory.ledger.reopen(again, {"welcome"})

    assert memory.enrollments.get(stored.id) == reopened == replace(again, version=stored.version + 1)


@pytest.mark.parametrize("status", [SendStatus.CLAIMED, SendStatus.SENT, SendStatus.BOUNCED])
def test_a_send_that_went_or_may_go_is_not_reopened(memory: Memory, status: SendStatus) -> None:
    stored = memory.save(an_enrollment(sends={"welcome": a_send(status)}))

    with pytest.raises(ConflictError):
        memory.ledger.reopen(stored.with_send("welcome", a_send(SendStatus.DEFERRED)), {"welcome"})
    assert memory.enrollments.get(stored.id) == stored

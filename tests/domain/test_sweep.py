"""The outcome of a sweep's look at one enrollment."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, an_enrollment
from outreach.domain.journeys.enrollment import EnrollmentStatus, HoldReason, LeaveReason, SkipReason
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sweeps.counts import SweepCounts, outcome_of


def a_look(status: SendStatus | None, *, skip: SkipReason | None, held: bool) -> SweepCounts:
    found = an_enrollment(sends={"before": Send("before", SendStatus.SENT, NOW)})
    left = found
    if status is not None:
        left = left.with_send("letter", Send("letter", status, NOW))
    if skip is not None:
        left = left.skipping("other", skip, NOW)
    if held:
        left = left.held(HoldReason.CAP, NOW + timedelta(hours=1))
    return outcome_of(found, left)


@given(
    st.none() | st.sampled_from(SendStatus),
    st.none() | st.sampled_from(SkipReason),
    st.booleans(),
)
def test_every_look_has_an_outcome(status: SendStatus | None, skip: SkipReason | None, held: bool) -> None:
    assert a_look(status, skip=skip, held=held).accounted >= 1


@pytest.mark.parametrize(
    ("status", "skip", "held", "expected"),
    [
        (SendStatus.SENT, None, False, SweepCounts(sent=1)),
        (SendStatus.DELIVERED, None, False, SweepCounts(sent=1)),
        (SendStatus.SENT, None, True, SweepCounts(due=1, sent=1, held=1)),
        (SendStatus.FAILED, None, False, SweepCounts(failed=1)),
        (SendStatus.UNKNOWN, None, False, SweepCounts(failed=1)),
        (SendStatus.CLAIMED, None, False, SweepCounts(in_doubt=1)),
        (SendStatus.DEFERRED, None, True, SweepCounts(held=1)),
        (None, SkipReason.HOLDOUT, False, SweepCounts(skipped=1)),
        (None, SkipReason.CONDITION, False, SweepCounts(moved_on=1)),
        (None, SkipReason.EXPRESSION_FAILED, True, SweepCounts(held=1)),
        (None, SkipReason.HOLDOUT, True, SweepCounts(due=1, skipped=1, held=1)),
        (None, None, True, SweepCounts(held=1)),
        (None, None, False, SweepCounts(moved_on=1)),
    ],
)
def test_the_outcome_of_a_look(
    status: SendStatus | None, skip: SkipReason | None, held: bool, expected: SweepCounts
) -> None:
    assert a_look(status, skip=skip, held=held) == expected


@pytest.mark.parametrize(
    ("reason", "unsent", "expected"),
    [
        (LeaveReason.EXPIRED, True, SweepCounts(expired=1)),
        (LeaveReason.EXPIRED, False, SweepCounts(moved_on=1)),
        (LeaveReason.NO_INSTANT, False, SweepCounts(no_moment=1)),
        (LeaveReason.GOAL, False, SweepCounts(moved_on=1)),
    ],
)
def test_a_run_that_ends_without_its_message_is_counted_as_what_it_ended_by(
    reason: LeaveReason, *, unsent: bool, expected: SweepCounts
) -> None:
    found = an_enrollment()
    left = found.skipping("letter", SkipReason.EXPIRED, NOW) if unsent else found

    assert outcome_of(found, left.ended(EnrollmentStatus.LEFT, reason, NOW)) == expected


def test_a_run_that_was_over_before_is_not_counted_again() -> None:
    over = an_enrollment().ended(EnrollmentStatus.LEFT, LeaveReason.NO_INSTANT, NOW)

    assert outcome_of(over, over) == SweepCounts(moved_on=1)


def test_a_message_and_the_end_of_its_run_are_counted_both() -> None:
    found = an_enrollment()
    sent = found.with_send("letter", Send("letter", SendStatus.SENT, NOW))

    ended = sent.ended(EnrollmentStatus.LEFT, LeaveReason.NO_INSTANT, NOW)

    assert outcome_of(found, ended) == SweepCounts(due=1, sent=1, no_moment=1)

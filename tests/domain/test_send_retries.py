"""Which messages that ended unsent may be retried, and how their run goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_send, an_enrollment
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentStatus,
    LeaveReason,
    Resume,
    Skip,
    SkipReason,
)
from outreach.domain.operations.send_retries import RETRIED, TooLate, Wanted, put_back, send_late, unsent
from outreach.domain.sending.send import Send, SendStatus

FAILED = Wanted(statuses=frozenset({SendStatus.FAILED}))
UNKNOWN_TOO = Wanted(statuses=frozenset({SendStatus.FAILED, SendStatus.UNKNOWN}))
EXPIRED = Wanted(skips=frozenset({SkipReason.EXPIRED}))
LATER = NOW + timedelta(days=1)
MUCH_LATER = NOW + timedelta(days=2)


def send_of(status: SendStatus, day: int, reason: str | None = None) -> Send:
    return a_send(status, at=NOW + timedelta(days=day), reason=reason)


def a_run(*statuses: SendStatus, **fields: object) -> Enrollment:
    """One message a day, in this order."""
    sends = {f"message-{day}": send_of(status, day) for day, status in enumerate(statuses)}
    return replace(an_enrollment(step="end"), sends=sends, status=EnrollmentStatus.FINISHED, **fields)  # type: ignore[arg-type] # fields by name


@pytest.mark.parametrize(
    ("statuses", "wanted", "expected"),
    [
        ((SendStatus.FAILED,), FAILED, [None]),
        ((SendStatus.FAILED, SendStatus.FAILED), FAILED, [None, None]),
        ((SendStatus.FAILED, SendStatus.SENT), FAILED, [TooLate.LATER_SENT]),
        ((SendStatus.FAILED, SendStatus.BOUNCED), FAILED, [TooLate.LATER_SENT]),
        ((SendStatus.FAILED, SendStatus.SENT, SendStatus.FAILED), FAILED, [TooLate.LATER_SENT, None]),
        ((SendStatus.FAILED, SendStatus.CLAIMED), FAILED, [TooLate.LATER_UNRESOLVED]),
        ((SendStatus.FAILED, SendStatus.UNKNOWN), FAILED, [TooLate.LATER_UNRESOLVED]),
        ((SendStatus.FAILED, SendStatus.UNKNOWN), UNKNOWN_TOO, [None, None]),
        ((SendStatus.FAILED, SendStatus.DEFERRED), FAILED, [None]),
        ((SendStatus.SENT, SendStatus.FAILED), FAILED, [None]),
        ((SendStatus.UNKNOWN,), FAILED, []),
        ((SendStatus.SENT,), FAILED, []),
    ],
)
def test_a_message_is_too_late_once_a_later_one_went_and_not_because_a_later_one_failed(
    statuses: tuple[SendStatus, ...], wanted: Wanted, expected: list[TooLate | None]
) -> None:
    assert [message.too_late for message in unsent(a_run(*statuses), wanted)] == expected


def test_no_message_of_a_run_that_ended_early_or_was_replaced_is_tried_again() -> None:
    run = a_run(SendStatus.FAILED)
    left = run.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, LATER)

    assert [each.too_late for each in unsent(left, FAILED)] == [TooLate.RUN_ENDED]
    assert [each.too_late for each in unsent(run, FAILED, is_newest_run=False)] == [TooLate.NEWER_RUN]
    assert [each.may_be_sent for each in TooLate] == [True, False, False, False]


@pytest.mark.parametrize("reason", SkipReason)
def test_a_skipped_message_is_found_by_its_reason(reason: SkipReason) -> None:
    run = replace(an_enrollment(step="end"), skips={"welcome": Skip(reason, NOW)})

    assert len(unsent(run, Wanted(skips=frozenset({reason})))) == 1
    assert unsent(run, Wanted(skips=frozenset(SkipReason) - {reason})) == ()


def test_a_message_that_ses_refused_for_now_and_that_expired_then_is_found_as_expired() -> None:
    run = replace(a_run(SendStatus.DEFERRED), skips={"message-0": Skip(SkipReason.EXPIRED, LATER)})

    assert [(each.step, each.at) for each in unsent(run, EXPIRED)] == [("message-0", LATER)]


def test_failed_messages_are_found_by_their_reason_alone_too() -> None:
    sends = {"a": send_of(SendStatus.FAILED, 0, "render_failed"), "b": send_of(SendStatus.FAILED, 1, "other")}
    run = replace(an_enrollment(step="end"), sends=sends)

    found = unsent(run, Wanted(failures=frozenset({"render_failed"})))

    assert [each.step for each in found] == ["a"]


def test_a_run_that_is_put_back_judges_anew_what_came_after() -> None:
    trigger = an_enrollment().trigger.name
    run = a_run(SendStatus.SENT, SendStatus.FAILED, SendStatus.FAILED)
    run = replace(
        run,
        skips={
            "before": Skip(SkipReason.CONDITION, NOW),
            "after": Skip(SkipReason.CONDITION, MUCH_LATER),
        },
        consumed={trigger: NOW, "order.placed": NOW, "cart.left": MUCH_LATER},
    )
    first = unsent(run, FAILED)[0]
    now = NOW + timedelta(days=9)

    again = put_back(run, first, now)

    assert (again.step, again.entered_at, again.due_at, again.status) == (
        "message-1",
        now,
        now,
        EnrollmentStatus.ACTIVE,
    )
    assert [(send.status, send.reason) for send in again.sends.values()] == [
        (SendStatus.SENT, None),
        (SendStatus.DEFERRED, RETRIED),
        (SendStatus.DEFERRED, RETRIED),
    ]
    assert set(again.skips) == {"before"}
    assert set(again.consumed) == {trigger, "order.placed"}


def test_late_messages_go_first_and_then_the_run_goes_on_where_it_stood() -> None:
    run = replace(
        a_run(SendStatus.FAILED, SendStatus.SENT),
        skips={"offer": Skip(SkipReason.EXPIRED, NOW), "other": Skip(SkipReason.CONDITION, NOW)},
        step="pause",
        entered_at=LATER,
        status=EnrollmentStatus.ACTIVE,
    )
    now = NOW + timedelta(days=9)

    late = send_late(run, ("message-0", "offer"), now)
    assert (late.step, late.due_at) == ("message-0", now)
    assert late.resume == Resume("pause", LATER, ("offer",))
    assert set(late.skips) == {"other"}
    assert late.sends["message-0"].status is SendStatus.DEFERRED

    second = late.past_step("whatever follows", now)
    assert (second.step, second.entered_at) == ("offer", now)
    back = second.past_step("whatever follows", now)
    assert (back.step, back.entered_at, back.resume) == ("pause", LATER, None)
    assert back.past_step("next", now).step == "next"

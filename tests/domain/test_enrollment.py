"""An enrollment knows where it stands, what it sent, and what it is called."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_send, an_enrollment
from outreach.domain.journeys.enrollment import (
    EnrollmentId,
    EnrollmentStatus,
    HoldReason,
    LeaveReason,
    SkipReason,
)
from outreach.domain.sending.send import SendId, SendStatus

HOUR = timedelta(hours=1)


def test_a_hold_that_only_goes_on_is_counted_once() -> None:
    held = an_enrollment()
    for reason in (HoldReason.CAP, HoldReason.CAP, HoldReason.WINDOW, HoldReason.CAP):
        held = held.held(reason, NOW + HOUR)

    assert held.holds == {HoldReason.CAP: 2, HoldReason.WINDOW: 1}


def test_going_on_ends_every_wait_and_hold() -> None:
    moved = an_enrollment().held(HoldReason.CAP, NOW + HOUR).enter_step("next", NOW + HOUR)

    assert (moved.step, moved.entered_at) == ("next", NOW + HOUR)
    assert (moved.hold, moved.due_at, moved.waiting) == (None, None, None)


def test_what_is_over_is_due_for_nothing() -> None:
    over = an_enrollment(due_at=NOW).ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW, by="evt-9")

    assert not over.is_active
    assert (over.due_at, over.waiting, over.hold, over.ended_by) == (None, None, None, "evt-9")


def test_one_that_is_back_at_a_step_is_as_if_it_had_never_gone_on() -> None:
    began = an_enrollment(step="hello", entered_at=NOW)
    ended = began.held(HoldReason.CAP, NOW).ended(EnrollmentStatus.FINISHED, "end", NOW + HOUR, by="evt-9")

    back = ended.return_to_step("hello", NOW, NOW + 2 * HOUR)

    assert back == replace(began, due_at=NOW + 2 * HOUR, holds=ended.holds)


def test_the_last_touch_is_the_newest_message_that_went_out_or_was_spared() -> None:
    enrollment = an_enrollment(
        sends={
            "one": a_send(SendStatus.SENT, at=NOW),
            "two": a_send(SendStatus.DELIVERED, at=NOW + HOUR),
            "three": a_send(SendStatus.FAILED, at=NOW + 3 * HOUR),
        }
    )

    assert enrollment.last_touch_at == NOW + HOUR
    assert enrollment.skipping("four", SkipReason.EXPIRED, NOW + 4 * HOUR).last_touch_at == NOW + HOUR
    assert enrollment.skipping("four", SkipReason.HOLDOUT, NOW + 4 * HOUR).last_touch_at == NOW + 4 * HOUR
    assert an_enrollment().last_touch_at is None


def test_execution_names_hold_no_ids_fit_step_functions_and_differ_by_run() -> None:
    long = an_enrollment("a" * 40, customer_id="ana@example.com" * 8, key="o/1 #%" * 20, run=1_000_000)

    assert len(long.execution_name) <= 80
    assert set(long.execution_name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert replace(long, run=2).execution_name != long.execution_name


def test_execution_names_differ_where_customer_and_key_only_look_alike() -> None:
    one = replace(an_enrollment(), id=EnrollmentId("ab", "onboarding", "c"))
    other = replace(an_enrollment(), id=EnrollmentId("a", "onboarding", "bc"))

    assert one.execution_name != other.execution_name


@pytest.mark.parametrize("customer_id", ["c-ana", "gid://shopify/Customer/1", "ñ#%|~ 客户"])
def test_a_send_id_survives_being_one_word(customer_id: str) -> None:
    send_id = an_enrollment(customer_id=customer_id, run=3).send_id("welcome")

    assert SendId.decoded(send_id.encoded()) == send_id
    assert set(send_id.encoded()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("word", ["", "nonsense", "%%%", "YQ"])
def test_a_word_that_is_no_send_id_is_refused(word: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - only that it is refused matters
        SendId.decoded(word)


def test_statuses_rank_so_that_late_reports_change_nothing() -> None:
    tried = [SendStatus.CLAIMED, SendStatus.DEFERRED, SendStatus.UNKNOWN, SendStatus.FAILED]
    along = [SendStatus.SENT, SendStatus.DELIVERED, SendStatus.OPENED, SendStatus.CLICKED]
    bad = [SendStatus.REJECTED, SendStatus.SUPPRESSED, SendStatus.BOUNCED, SendStatus.COMPLAINED]

    order = tried + along[:1] + [SendStatus.SOFT_BOUNCED] + along[1:] + bad
    assert sorted(SendStatus, key=lambda each: each.rank) == order
    assert {each for each in SendStatus if each.went_out} == set(order) - set(tried)

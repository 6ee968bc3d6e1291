"""What follows from a refusal: for the message, its enrollment, the cap and the rate limiter."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_send, an_enrollment
from outreach.domain.errors import (
    SendFalteredError,
    SendImpossibleError,
    SendingPausedError,
    SendRefusedError,
    SendThrottledError,
)
from outreach.domain.journeys.enrollment import EnrollmentStatus, HoldReason, SkipReason
from outreach.domain.sending.outage import outage_after
from outreach.domain.sending.refusal import (
    LONGER_EACH_TIME,
    QUOTA_PAUSE,
    SHORT_PAUSE,
    THROTTLE_PAUSE,
    failed_or_released,
    hold_after,
    leaves_its_place,
    shows_a_limit,
)
from outreach.domain.sending.send import MOST_TRIES, SendStatus
from outreach.domain.sending.send_reason import SendReason, reason_of
from outreach.domain.sending.undo_claim import can_be_undone, is_resolved_already, undone

CLAIMED = a_send(attempts=2)
EARLIER = NOW - timedelta(days=3)


@pytest.mark.parametrize(
    ("refusal", "status", "tries"),
    [
        (SendThrottledError(SendReason.RATE), SendStatus.DEFERRED, 0),
        (SendingPausedError(SendReason.UNREACHABLE), SendStatus.DEFERRED, 0),
        (SendFalteredError("TRANSIENT_FAILURE"), SendStatus.DEFERRED, 1),
        (SendImpossibleError("MessageRejected"), SendStatus.FAILED, 0),
    ],
)
def test_a_refused_message_may_be_claimed_again_unless_it_will_never_be_taken(
    refusal: SendRefusedError, status: SendStatus, tries: int
) -> None:
    outcome = failed_or_released(CLAIMED, refusal)

    assert (outcome.status, outcome.tries, outcome.reason) == (status, tries, refusal.reason)
    assert outcome.at == CLAIMED.at
    assert outcome.attempts == (2 if status is SendStatus.FAILED else 1)


def test_the_last_try_in_vain_is_the_end() -> None:
    outcome = failed_or_released(replace(CLAIMED, tries=MOST_TRIES - 1), SendFalteredError("FAILED"))

    assert outcome.status is SendStatus.FAILED


@pytest.mark.parametrize(
    ("refusal", "tries", "is_marketing", "reason", "pause"),
    [
        (SendThrottledError(SendReason.RATE), 0, True, HoldReason.PACE, THROTTLE_PAUSE),
        (SendThrottledError(SendReason.RATE), 0, False, HoldReason.PACE, SHORT_PAUSE),
        (SendThrottledError(SendReason.DAILY_QUOTA), 0, False, HoldReason.QUOTA, QUOTA_PAUSE),
        (SendFalteredError("FAILED"), 1, True, HoldReason.PACE, THROTTLE_PAUSE),
        (SendFalteredError("FAILED"), 3, False, HoldReason.PACE, SHORT_PAUSE * LONGER_EACH_TIME**2),
    ],
)
def test_the_next_try_waits_as_its_reason_says(
    refusal: SendRefusedError, tries: int, is_marketing: bool, reason: HoldReason, pause: timedelta
) -> None:
    outcome = a_send(SendStatus.DEFERRED, tries=tries)

    hold = hold_after(refusal, outcome, None, is_marketing=is_marketing, now=NOW)

    assert hold == (reason, NOW + pause)


def test_in_an_outage_it_waits_until_the_next_try_of_all() -> None:
    refusal = SendingPausedError("AccountSuspendedException")
    known = outage_after(None, refusal.reason, NOW)

    hold = hold_after(refusal, a_send(SendStatus.DEFERRED), known, is_marketing=True, now=NOW)

    assert hold == (HoldReason.PAUSED, outage_after(known, refusal.reason, NOW).retry_at)


def test_what_failed_for_good_waits_for_nothing() -> None:
    failed = a_send(SendStatus.FAILED)

    assert hold_after(SendImpossibleError("x"), failed, None, is_marketing=True, now=NOW) is None


@pytest.mark.parametrize(
    ("before", "status", "reason", "is_marketing", "shows"),
    [
        (None, SendStatus.DEFERRED, SendReason.RATE, True, True),
        (None, SendStatus.DEFERRED, SendReason.RATE, False, False),
        (SendReason.RATE, SendStatus.DEFERRED, SendReason.RATE, False, True),
        (None, SendStatus.DEFERRED, SendReason.DAILY_QUOTA, False, True),
        (None, SendStatus.FAILED, "MessageRejected", True, False),
        (None, SendStatus.SENT, None, True, False),
    ],
)
def test_the_rate_limiter_learns_of_limits_and_not_of_a_second_that_was_full(
    before: str | None, status: SendStatus, reason: str | None, is_marketing: bool, shows: bool
) -> None:
    known = None if before is None else a_send(SendStatus.DEFERRED, reason=before)

    outcome = a_send(status, reason=reason)
    assert shows_a_limit(known, outcome, is_marketing=is_marketing, is_alone=True) is shows


def test_a_page_that_is_refused_for_the_rate_shows_the_limit_whatever_its_class() -> None:
    outcome = a_send(SendStatus.DEFERRED, reason=SendReason.RATE)

    assert shows_a_limit(None, outcome, is_marketing=False, is_alone=False)


@pytest.mark.parametrize("status", SendStatus)
@pytest.mark.parametrize("is_marketing", [True, False])
def test_only_marketing_that_failed_leaves_its_place_under_the_cap(
    status: SendStatus, is_marketing: bool
) -> None:
    expected = is_marketing and status is SendStatus.FAILED

    assert leaves_its_place(a_send(status), is_marketing=is_marketing) is expected


def test_a_recorded_reason_is_a_word_of_ours_or_the_services_own_code() -> None:
    for reason in SendReason:
        assert reason_of(str(reason)) is reason
    assert reason_of("MessageRejected") == "MessageRejected"


PAST = an_enrollment(step="pause", sends={"welcome": a_send()}, due_at=NOW + timedelta(days=2))
SEND_ID = PAST.send_id("welcome")


def test_an_undone_claim_stands_at_its_step_as_before_and_is_due() -> None:
    skipped = PAST.skipping("tips", SkipReason.CONDITION, NOW).skipping("news", SkipReason.CONDITION, EARLIER)
    released = CLAIMED.released(SendReason.RATE)

    back = undone(skipped, "welcome", released, entered_at=EARLIER, hold=None, now=NOW)

    assert (back.step, back.entered_at, back.due_at) == ("welcome", EARLIER, NOW)
    assert (back.sends, back.hold) == ({"welcome": released}, None)
    assert set(back.skips) == {"news"}, "what the claim skipped is judged again"


def test_an_undone_claim_may_be_held() -> None:
    hold = HoldReason.PACE, NOW + THROTTLE_PAUSE

    back = undone(PAST, "welcome", CLAIMED.released("x"), entered_at=EARLIER, hold=hold, now=NOW)

    assert (back.hold, back.due_at) == hold


def test_a_claim_that_finished_its_run_can_be_undone() -> None:
    over = PAST.ended(EnrollmentStatus.FINISHED, "completed", NOW)

    back = undone(over, "welcome", CLAIMED.released("x"), entered_at=EARLIER, hold=None, now=NOW)

    assert can_be_undone(over, SEND_ID)
    assert (back.is_active, back.reason, back.ended_at) == (True, None, None)


@pytest.mark.parametrize(
    "enrollment",
    [
        replace(PAST, run=2),
        PAST.ended(EnrollmentStatus.LEFT, "goal", NOW),
        PAST.with_send("tips", a_send(at=NOW + timedelta(hours=1))),
        replace(PAST, sends={}),
    ],
    ids=["another run", "left", "a later message", "erased"],
)
def test_a_claim_cannot_be_undone_once_its_run_went_another_way(enrollment: object) -> None:
    assert not can_be_undone(enrollment, SEND_ID)  # type: ignore[arg-type]  # a case of the table


@pytest.mark.parametrize(
    ("stored", "is_resolved"),
    [
        (a_send(), False),
        (a_send(SendStatus.SENT), True),
        (a_send(SendStatus.DEFERRED), True),
        (a_send(at=NOW + timedelta(minutes=1)), True),
    ],
)
def test_a_claim_is_resolved_when_it_was_recorded_or_taken_anew(stored: object, is_resolved: bool) -> None:
    row = PAST.with_send("welcome", stored)  # type: ignore[arg-type]  # a case of the table

    assert is_resolved_already(row, SEND_ID, a_send()) is is_resolved

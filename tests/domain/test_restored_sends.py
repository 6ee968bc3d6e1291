"""What a restore learns again from reports, and what it decides about the rest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer, a_send, an_enrollment
from outreach.domain.feedback.report import Delivered, Opened, Report, ReportSource, Sent, Subscribed
from outreach.domain.journeys.campaign import END, Campaign, Goal, MessageClass
from outreach.domain.journeys.enrollment import EnrollmentStatus, LeaveReason
from outreach.domain.operations.restored_sends import (
    recorded_as_unknown,
    reported_send,
    sent_unreported,
    unreported_slots,
    with_reported_send,
    without_unresolved_sends,
)
from outreach.domain.sending.send import SendStatus
from usecases.steps import send, wait

WENT = NOW + timedelta(hours=1)
LATER = NOW + timedelta(days=1)
STEPS = (send("welcome"), wait(days=1), send("nudge"))
ONBOARDING = a_campaign(steps=STEPS)
WAIT = STEPS[1].label
SENT = a_send(SendStatus.SENT, at=WENT, message_id="ses-1")


def _report(feedback: object) -> Report:
    return Report(feedback, "ses-1", WENT)  # type: ignore[arg-type] # any of the ten kinds


def test_a_report_restores_the_send_with_its_instant_and_id() -> None:
    assert reported_send(_report(Sent(WENT)), ONBOARDING, "welcome") == SENT
    opened = reported_send(_report(Opened(LATER)), ONBOARDING, "welcome")
    assert opened is not None
    assert (opened.status, opened.at) == (SendStatus.OPENED, WENT)


def test_a_report_that_proves_nothing_restores_no_send() -> None:
    assert reported_send(_report(Subscribed(WENT, wants_nothing=True)), ONBOARDING, "welcome") is None


@pytest.mark.parametrize(
    ("stands_at", "reported", "then_at"),
    [
        ("welcome", "welcome", WAIT),
        ("welcome", "nudge", END),
        (WAIT, "welcome", WAIT),
        (WAIT, "nudge", END),
        ("nudge", "welcome", "nudge"),
        ("welcome", "a-step-of-another-version", "welcome"),
    ],
)
def test_a_run_stands_behind_the_newest_message_that_went(
    stands_at: str, reported: str, then_at: str
) -> None:
    before = an_enrollment(step=stands_at)

    after = with_reported_send(before, ONBOARDING, reported, SENT, a_customer(), LATER)

    assert after.step == then_at
    assert after.sends == {reported: SENT}
    assert after.entered_at == (WENT if then_at != stands_at else before.entered_at)


def test_a_swept_run_that_moved_is_due() -> None:
    after = with_reported_send(
        an_enrollment(swept=True, due_at=NOW), ONBOARDING, "welcome", SENT, a_customer(), LATER
    )

    assert after.due_at == LATER


@pytest.mark.parametrize(
    ("bought_at", "reaches"),
    [
        (WENT + timedelta(hours=1), True),
        (WENT, False),
        (WENT + timedelta(days=3), False),
    ],
)
def test_a_goal_that_was_reached_after_the_message_ends_the_run(bought_at: object, reaches: bool) -> None:
    campaign = replace(ONBOARDING, goal=Goal("order.placed", timedelta(days=2)))
    customer = a_customer(seen={"order.placed": bought_at})

    after = with_reported_send(an_enrollment(), campaign, "welcome", SENT, customer, LATER)

    assert (after.status is EnrollmentStatus.LEFT, after.goal_at == bought_at) == (reaches, reaches)
    assert (after.reason == LeaveReason.GOAL) is reaches


@pytest.mark.parametrize(
    ("message_class", "attempts", "status"),
    [
        (MessageClass.MARKETING, 1, SendStatus.UNKNOWN),
        (MessageClass.TRANSACTIONAL, 1, SendStatus.DEFERRED),
        (MessageClass.TRANSACTIONAL, 2, SendStatus.UNKNOWN),
    ],
)
def test_an_unresolved_claim_is_decided_by_class(
    message_class: MessageClass, attempts: int, status: SendStatus
) -> None:
    campaign = replace(ONBOARDING, message_class=message_class)
    enrollment = an_enrollment(sends={"welcome": a_send(attempts=attempts)})

    assert without_unresolved_sends(enrollment, campaign, LATER).sends["welcome"].status is status


def test_what_was_sent_or_refused_is_left_as_it_is() -> None:
    enrollment = an_enrollment(sends={"welcome": SENT, "nudge": a_send(SendStatus.FAILED)})

    assert without_unresolved_sends(enrollment, ONBOARDING, LATER) == enrollment


def test_five_minutes_that_only_sns_reported_are_missing_in_the_archive() -> None:
    first, second, third = (NOW + timedelta(minutes=5 * number) for number in range(3))
    slots = {
        (ReportSource.SNS, first),
        (ReportSource.EVENTBRIDGE, first),
        (ReportSource.SNS, second),
        (ReportSource.SNS, third),
    }

    assert unreported_slots(slots, first, second) == {second}


@pytest.mark.parametrize(
    ("step", "campaign", "expected"),
    [
        ("welcome", ONBOARDING, "welcome"),
        (WAIT, ONBOARDING, "nudge"),
        (WAIT, replace(ONBOARDING, message_class=MessageClass.TRANSACTIONAL), None),
        (END, ONBOARDING, None),
    ],
)
def test_marketing_that_was_due_when_nothing_was_archived_is_not_sent(
    step: str, campaign: Campaign, expected: str | None
) -> None:
    enrollment = an_enrollment(step=step, due_at=WENT + timedelta(minutes=2))

    assert sent_unreported(enrollment, campaign, {WENT}) == expected
    assert sent_unreported(enrollment, campaign, {NOW}) is None
    if expected is not None:
        given_up = recorded_as_unknown(enrollment, campaign, expected, LATER)
        assert given_up.sends[expected].status is SendStatus.UNKNOWN
        assert sent_unreported(given_up, campaign, {WENT}) is None


def test_delivery_alone_proves_that_a_message_went() -> None:
    delivered = reported_send(_report(Delivered(LATER)), ONBOARDING, "welcome")
    assert delivered is not None
    assert delivered.status.went_out

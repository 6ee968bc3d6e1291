"""What a second trigger does: never, after the exit, after a rest, or a new start."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_send, an_enrollment, an_event
from domain.taking_in import ACTIVE, DAY, HOUR, OVER, WIN_BACK, placed, taken
from outreach.domain.intake.event import ORDER_PLACED
from outreach.domain.journeys.campaign import Reentry
from outreach.domain.journeys.enrollment import (
    Enrollment,
    LeaveReason,
    Skip,
    SkipReason,
    Trigger,
)
from outreach.domain.sending.send import SendStatus


@pytest.mark.parametrize(
    ("reentry", "before", "after", "enters"),
    [
        pytest.param(Reentry.NEVER, ACTIVE, DAY, False, id="never: while active"),
        pytest.param(Reentry.NEVER, OVER, 99 * DAY, False, id="never: after it is over"),
        pytest.param(Reentry.AFTER_EXIT, ACTIVE, DAY, False, id="after exit: while active"),
        pytest.param(Reentry.AFTER_EXIT, OVER, 2 * DAY, True, id="after exit: after it is over"),
        pytest.param(Reentry.AFTER, ACTIVE, 31 * DAY, False, id="after 30d: still active"),
        pytest.param(Reentry.AFTER, OVER, 29 * DAY, False, id="after 30d: too soon"),
        pytest.param(Reentry.AFTER, OVER, 30 * DAY, True, id="after 30d: rested"),
        pytest.param(Reentry.RESTART, ACTIVE, DAY, True, id="restart: while active"),
        pytest.param(Reentry.RESTART, OVER, 2 * DAY, True, id="restart: after it is over"),
    ],
)
def test_a_second_trigger_does_what_the_campaign_says(
    reentry: Reentry, before: Enrollment, after: timedelta, *, enters: bool
) -> None:
    campaign = a_campaign(reentry=reentry, reentry_after=30 * DAY)
    second = an_event(id="evt-2", occurred_at=NOW + after)

    changed = taken(second, campaign, enrollments=[before], after=after).changed

    assert [each.run for each in changed] == ([2] if enters else [])


@pytest.mark.parametrize("after", [timedelta(0), -HOUR])
def test_an_older_trigger_that_arrives_late_restarts_nothing(after: timedelta) -> None:
    campaign = a_campaign(reentry=Reentry.RESTART)

    late = an_event(id="evt-0", occurred_at=NOW + after)

    assert taken(late, campaign, enrollments=[ACTIVE], after=DAY).changed == ()


def test_a_restart_keeps_the_row_and_counts_the_run() -> None:
    running = replace(ACTIVE, version=4, run=6)
    campaign = a_campaign(reentry=Reentry.RESTART)

    [again] = taken(an_event(id="evt-2", occurred_at=NOW + DAY), campaign, enrollments=[running]).changed

    assert (again.id, again.version, again.run) == (running.id, 4, 7)
    assert (again.step, again.sends, again.skips) == ("welcome", {}, {})


def test_a_restart_archives_a_run_that_still_has_an_event_to_publish() -> None:
    campaign = a_campaign(reentry=Reentry.RESTART)
    second = an_event(id="evt-2", occurred_at=NOW + DAY)
    sent = replace(ACTIVE, sends={"welcome": a_send(SendStatus.SENT)})
    skipped = replace(OVER, skips={"welcome": Skip(SkipReason.HOLDOUT, NOW)})

    assert taken(second, campaign, enrollments=[ACTIVE]).archived == ()
    [stopped] = taken(second, campaign, enrollments=[sent]).archived
    [finished] = taken(second, campaign, enrollments=[skipped]).archived

    assert (stopped.run, stopped.reason, stopped.ended_by) == (1, LeaveReason.RESTARTED, "evt-2")
    assert finished == skipped


def test_an_order_within_the_goal_is_a_success_and_a_new_start_at_once() -> None:
    running = replace(
        an_enrollment("win-back"),
        trigger=Trigger("evt-0", ORDER_PLACED, NOW - 90 * DAY),
        sends={"we-miss-you": a_send(SendStatus.SENT)},
    )

    intake = taken(placed(after=DAY), WIN_BACK, enrollments=[running], after=DAY)

    [archived], [started] = intake.archived, intake.changed
    assert (archived.reason, archived.goal_at) == (LeaveReason.GOAL, NOW + DAY)
    assert (started.run, started.goal_at, started.sends) == (2, None, {})

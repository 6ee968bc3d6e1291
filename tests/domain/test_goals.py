"""When an event counts as the campaign's goal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_send
from domain.taking_in import ACTIVE, DAY, HOUR, placed, taken
from outreach.domain.intake.event import ORDER_PLACED
from outreach.domain.journeys.campaign import Goal
from outreach.domain.journeys.enrollment import (
    EnrollmentStatus,
    LeaveReason,
    SkipReason,
)
from outreach.domain.sending.send import SendStatus


class TestGoals:
    campaign = a_campaign(goal=Goal(ORDER_PLACED, 14 * DAY))
    touched = replace(ACTIVE, sends={"welcome": a_send(SendStatus.SENT)})

    @pytest.mark.parametrize(
        ("after", "reached"),
        [(timedelta(0), False), (HOUR, True), (14 * DAY, True), (14 * DAY + HOUR, False)],
    )
    def test_a_goal_counts_from_the_last_message_and_within_its_time(
        self, after: timedelta, *, reached: bool
    ) -> None:
        changed = taken(placed(after=after), self.campaign, enrollments=[self.touched]).changed

        assert [(each.reason, each.goal_at) for each in changed] == (
            [(LeaveReason.GOAL, NOW + after)] if reached else []
        )

    def test_without_a_message_nothing_is_the_campaigns_doing(self) -> None:
        assert taken(placed(after=HOUR), self.campaign, enrollments=[ACTIVE]).changed == ()

    def test_a_customer_who_was_held_out_reaches_goals_too_so_that_lift_can_be_measured(self) -> None:
        spared = ACTIVE.skipping("welcome", SkipReason.HOLDOUT, NOW)

        [left] = taken(placed(after=HOUR), self.campaign, enrollments=[spared]).changed

        assert left.goal_at == NOW + HOUR

    def test_a_run_that_is_over_still_reaches_its_goal_and_stays_as_it_ended(self) -> None:
        over = self.touched.ended(EnrollmentStatus.FINISHED, "completed", NOW)

        [credited] = taken(placed(after=DAY), self.campaign, enrollments=[over]).changed

        assert (credited.status, credited.goal_at) == (EnrollmentStatus.FINISHED, NOW + DAY)

    def test_a_goal_is_reached_once(self) -> None:
        credited = replace(self.touched, goal_at=NOW + HOUR).ended(
            EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW + HOUR
        )

        assert taken(placed(after=DAY), self.campaign, enrollments=[credited]).changed == ()

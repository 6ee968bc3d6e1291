"""Waiting for an event: it looks back, each event answers one wait, and there always is an end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import NOW
from domain.deciding import DAY, DELAYED, HOUR, a_run, decided, reaches_last
from outreach.domain.journeys.campaign import (
    ALWAYS,
    SendStep,
    WaitForStep,
    WaitStep,
)
from outreach.domain.journeys.next_action import (
    LONGEST_OPEN_WAIT,
    LONGEST_RUN,
    SendMessage,
    WaitFor,
)


class TestWaitingForAnEvent:
    wait = WaitForStep("late", ALWAYS, DELAYED, up_to=3 * DAY, on_timeout="overdue")
    told = SendStep("told", "told", ALWAYS)
    second = WaitForStep("late-again", ALWAYS, DELAYED, up_to=3 * DAY)
    overdue = SendStep("overdue", "overdue", ALWAYS)

    def test_it_waits_for_the_event_or_the_deadline(self) -> None:
        decision = decided(a_run(self.wait, self.overdue))

        assert decision.action == WaitFor(DELAYED, NOW + 3 * DAY)
        assert decision.enrollment.due_at == NOW + 3 * DAY
        assert decision.enrollment.waiting is not None

    def test_the_event_ends_the_wait(self) -> None:
        decision = decided(a_run(self.wait, self.told, self.overdue), after=DAY, seen={DELAYED: NOW + DAY})

        assert decision.action == SendMessage(self.told)
        assert decision.enrollment.waiting is None

    def test_an_event_that_came_before_the_wait_began_counts(self) -> None:
        run = a_run(WaitStep("pause", ALWAYS, duration=DAY), self.wait, self.told, self.overdue)

        assert decided(run, after=DAY, seen={DELAYED: NOW + HOUR}).action == SendMessage(self.told)

    def test_an_event_from_before_enrolling_does_not_count(self) -> None:
        decision = decided(a_run(self.wait, self.overdue), seen={DELAYED: NOW - HOUR})

        assert decision.action == WaitFor(DELAYED, NOW + 3 * DAY)

    def test_the_trigger_itself_is_not_an_answer(self) -> None:
        run = a_run(self.wait, self.overdue, consumed={DELAYED: NOW})

        assert decided(run, seen={DELAYED: NOW}).action == WaitFor(DELAYED, NOW + 3 * DAY)

    def test_each_event_answers_one_wait_only_so_a_second_slip_needs_a_second_event(self) -> None:
        run = a_run(self.wait, self.second, self.told, self.overdue)
        once = decided(run, after=DAY, seen={DELAYED: NOW + DAY})

        assert once.action == WaitFor(DELAYED, NOW + 4 * DAY)
        again = decided((run[0], once.enrollment), after=2 * DAY, seen={DELAYED: NOW + 2 * DAY})
        assert again.action == SendMessage(self.told)

    def test_an_older_event_that_arrives_late_is_no_second_slip(self) -> None:
        run = a_run(self.wait, self.second, self.told, self.overdue)
        once = decided(run, after=DAY, seen={DELAYED: NOW + DAY})

        late = decided((run[0], once.enrollment), after=2 * DAY, seen={DELAYED: NOW + DAY})

        assert late.action == WaitFor(DELAYED, NOW + 4 * DAY)

    def test_the_deadline_leads_to_the_other_branch(self) -> None:
        assert decided(a_run(self.wait, self.overdue), after=3 * DAY).action == SendMessage(self.overdue)

    def test_without_another_branch_the_deadline_goes_on_with_the_next_step(self) -> None:
        assert reaches_last(decided(a_run(self.second), after=3 * DAY).action)

    def test_an_event_wins_over_a_deadline_that_was_noticed_late(self) -> None:
        decision = decided(
            a_run(self.wait, self.told, self.overdue), after=5 * DAY, seen={DELAYED: NOW + 4 * DAY}
        )

        assert decision.action == SendMessage(self.told)

    @pytest.mark.parametrize(
        ("up_to", "instant", "deadline"),
        [
            (3 * DAY, NOW + DAY, NOW + DAY),
            (3 * DAY, NOW + 5 * DAY, NOW + 3 * DAY),
            (3 * DAY, None, NOW + 3 * DAY),
            (None, NOW + 5 * DAY, NOW + 5 * DAY),
            (None, None, NOW + LONGEST_OPEN_WAIT),
            (None, NOW + 2 * LONGEST_RUN, NOW + LONGEST_RUN),
        ],
    )
    def test_the_earlier_of_up_to_and_until_is_the_deadline_and_there_always_is_one(
        self, up_to: timedelta | None, instant: datetime | None, deadline: datetime
    ) -> None:
        run = a_run(WaitForStep("late", ALWAYS, DELAYED, up_to=up_to, until="promised"))

        assert decided(run, values={"promised": instant}).action == WaitFor(DELAYED, deadline)

    def test_looking_again_keeps_the_token_of_the_parked_execution(self) -> None:
        run = a_run(self.wait, self.overdue)
        parked = decided(run).enrollment
        assert parked.waiting is not None
        parked = replace(parked, waiting=replace(parked.waiting, token="t-1"))

        assert decided((run[0], parked), after=HOUR).enrollment == parked

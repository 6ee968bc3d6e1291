"""A driver that stopped for days does not make old events new."""

from builders import NOW
from domain.deciding import DAY, DELAYED, HOUR, a_run, decided
from outreach.domain.journeys.campaign import (
    ALWAYS,
    Arm,
    BranchStep,
    Condition,
    SendStep,
    WaitForStep,
    WaitStep,
)
from outreach.domain.journeys.next_action import (
    SendMessage,
    WaitUntil,
)


class TestALateDriver:
    soon = SendStep("soon", "soon", ALWAYS, valid_for=2 * DAY)

    def test_a_send_after_a_wait_is_due_since_the_wait_ended(self) -> None:
        decision = decided(a_run(WaitStep("pause", ALWAYS, duration=DAY), self.soon), after=9 * DAY)

        assert decision.action == SendMessage(self.soon)
        assert decision.enrollment.entered_at == NOW + DAY

    def test_steps_that_were_passed_on_the_way_change_nothing_about_it(self) -> None:
        run = a_run(
            WaitStep("pause", ALWAYS, duration=DAY),
            SendStep("not-this", "not-this", Condition("no")),
            BranchStep("fork", ALWAYS, (Arm("soon"),)),
            self.soon,
        )

        assert decided(run, after=9 * DAY, values={"no": False}).enrollment.entered_at == NOW + DAY

    def test_waits_in_a_row_do_not_drift(self) -> None:
        pauses = [WaitStep(f"pause-{number}", ALWAYS, duration=DAY) for number in range(3)]

        assert decided(a_run(*pauses), after=2 * DAY + HOUR).action == WaitUntil(NOW + 3 * DAY)

    def test_a_send_after_a_missed_deadline_is_due_since_the_deadline(self) -> None:
        run = a_run(WaitForStep("late", ALWAYS, DELAYED, up_to=DAY), self.soon)

        assert decided(run, after=9 * DAY).enrollment.entered_at == NOW + DAY

    def test_a_deadline_before_the_wait_began_makes_nothing_older_than_it_is(self) -> None:
        run = a_run(WaitForStep("late", ALWAYS, DELAYED, until="promised"), self.soon)

        decision = decided(run, after=HOUR, values={"promised": NOW - 30 * DAY})

        assert decision.enrollment.entered_at == NOW

"""An expression that does not fit a customer's facts affects only what it decides."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import NOW, a_campaign, an_enrollment
from domain.deciding import DAY, DELAYED, LAST, a_run, reaches_last
from outreach.domain.errors import ExpressionFailedError
from outreach.domain.journeys.campaign import (
    ALWAYS,
    Arm,
    BranchStep,
    Condition,
    EndStep,
    NotifyStep,
    SendStep,
    Step,
    WaitForStep,
    WaitStep,
)
from outreach.domain.journeys.enrollment import LeaveReason, SkipReason
from outreach.domain.journeys.next_action import (
    LONGEST_OPEN_WAIT,
    Decision,
    Finish,
    SendMessage,
    Situation,
    WaitFor,
    next_action,
)

BROKEN = "customer.attributes.points > 100"


def decided(*steps: Step) -> tuple[Decision, list[str]]:
    """With the steps whose expressions were evaluated, in order."""
    asked: list[str] = []

    def evaluate(expression: str, step: str) -> object:
        asked.append(step)
        if expression == BROKEN:
            raise ExpressionFailedError("a str cannot be compared with a int")
        return expression == "yes"

    return next_action(*a_run(*steps), Situation(evaluate, {}, ZoneInfo("UTC")), NOW), asked


@pytest.mark.parametrize(
    "condition",
    [Condition(when=BROKEN), Condition(unless=BROKEN), Condition("yes", BROKEN), Condition(BROKEN, "yes")],
)
@pytest.mark.parametrize(
    "step",
    [
        SendStep("step", "step", ALWAYS),
        WaitStep("step", ALWAYS, duration=DAY),
        WaitForStep("step", ALWAYS, DELAYED, DAY),
        NotifyStep("step", ALWAYS, "team.told"),
        BranchStep("step", ALWAYS, (Arm("end"),)),
        EndStep("step", ALWAYS),
    ],
)
def test_a_step_whose_condition_cannot_be_evaluated_is_skipped_and_says_so(
    step: Step, condition: Condition
) -> None:
    decision, asked = decided(replace(step, condition=condition))

    assert reaches_last(decision.action)
    assert decision.enrollment.skips["step"].reason is SkipReason.EXPRESSION_FAILED
    assert set(asked) == {"step"}


def test_a_way_of_a_branch_that_cannot_be_evaluated_is_not_taken() -> None:
    other = SendStep("other", "other", ALWAYS)
    branch = BranchStep("fork", ALWAYS, (Arm("end", BROKEN), Arm("last", "yes")))

    decision, asked = decided(branch, other)

    assert decision.action == SendMessage(LAST)
    assert asked == ["fork", "fork"]


def test_a_wait_until_what_cannot_be_evaluated_is_one_without_an_instant() -> None:
    decision, asked = decided(WaitStep("pause", ALWAYS, until=BROKEN))

    assert decision.action == Finish(LeaveReason.NO_INSTANT)
    assert asked == ["pause"]


@pytest.mark.parametrize(("up_to", "span"), [(DAY, DAY), (None, LONGEST_OPEN_WAIT)])
def test_a_wait_for_an_event_lasts_as_if_its_until_gave_nothing(
    up_to: timedelta | None, span: timedelta
) -> None:
    decision, _ = decided(WaitForStep("late", ALWAYS, DELAYED, up_to, until=BROKEN))

    assert decision.action == WaitFor(DELAYED, NOW + span)


def test_a_run_whose_every_message_has_a_condition_that_fails_is_finished() -> None:
    def fails(_expression: str, _step: str) -> object:
        raise ExpressionFailedError("no")

    campaign = a_campaign(steps=(SendStep("offer", "offer", Condition(BROKEN)),))
    situation = Situation(fails, {}, ZoneInfo("UTC"))

    assert next_action(campaign, an_enrollment(step="offer"), situation, NOW).action == Finish()

"""What happens next, step by step: waits, conditions, branches, splits, and the ends of it all."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from builders import NOW, a_campaign, a_send, an_enrollment
from domain.deciding import DAY, DELAYED, HOUR, LAST, a_run, decided, reaches_last
from outreach.domain.errors import UnknownCampaignError
from outreach.domain.journeys.campaign import (
    ALWAYS,
    Arm,
    BranchStep,
    Condition,
    EndStep,
    NotifyStep,
    SendStep,
    SplitStep,
    Step,
    WaitForStep,
    WaitStep,
)
from outreach.domain.journeys.enrollment import EnrollmentId, LeaveReason, SkipReason
from outreach.domain.journeys.next_action import (
    LONGEST_RUN,
    Finish,
    Notify,
    SendMessage,
    WaitUntil,
)
from outreach.domain.sending.delivery_hours import DeliveryHours
from outreach.domain.sending.send import Send, SendStatus

NO_MOMENTS = [
    None, False, 7, "soon", "", "2026-03-04T10:00:00", "2026-02-29", "2026-13-01", "1/2/2026", "2026-W10-3",
    "20260304", "2026-03-04 ", "2026-0\u0663-04", "9999-12-31T23:59:59-12:00",
]  # fmt: skip


def test_a_send_is_due_at_once() -> None:
    step = SendStep("hello", "hello", ALWAYS)

    assert decided(a_run(step)).action == SendMessage(step)


def test_a_wait_lasts_as_long_as_it_says() -> None:
    run = a_run(WaitStep("pause", ALWAYS, duration=DAY))

    assert decided(run, after=DAY - HOUR).action == WaitUntil(NOW + DAY)
    assert reaches_last(decided(run, after=DAY).action)


def test_a_wait_before_a_send_ends_when_that_sends_window_is_open() -> None:
    campaign, enrollment = a_run(WaitStep("pause", ALWAYS, duration=12 * HOUR))
    mornings = replace(campaign, window=DeliveryHours(time(8), time(12)), priority=100)

    assert decided((mornings, enrollment)).action == WaitUntil(NOW + 23 * HOUR)
    assert decided((replace(mornings, priority=90), enrollment)).action == WaitUntil(
        NOW + 23 * HOUR + timedelta(minutes=1)
    )


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        pytest.param(NOW + 2 * DAY, NOW + 2 * DAY, id="a moment"),
        pytest.param("2026-03-04T10:00:00+01:00", NOW + 2 * DAY, id="the text of a moment"),
        pytest.param(NOW + 4 * LONGEST_RUN, NOW + LONGEST_RUN, id="never beyond the longest run"),
        pytest.param("9000-01-01T00:00:00Z", NOW + LONGEST_RUN, id="not even in words"),
        pytest.param("2026-03-05", NOW + 2 * DAY + 15 * HOUR, id="a plain date is the start of that day"),
        pytest.param(date(2026, 3, 5), NOW + 2 * DAY + 15 * HOUR, id="as a value, too"),
    ],
)
def test_a_wait_until_lasts_to_the_instant_its_expression_gives(value: object, instant: datetime) -> None:
    run = a_run(WaitStep("pause", ALWAYS, until="then"))

    assert decided(run, values={"then": value}).action == WaitUntil(instant, may_move=True)


@pytest.mark.parametrize("value", NO_MOMENTS)
def test_a_wait_until_no_instant_at_all_ends_the_run(value: object) -> None:
    decision = decided(a_run(WaitStep("pause", ALWAYS, until="then")), values={"then": value})

    assert decision.action == Finish(LeaveReason.NO_INSTANT)
    assert decision.enrollment.step == "pause"


def test_a_wait_that_is_not_asked_for_needs_no_date() -> None:
    wait = WaitStep("pause", Condition(when="then"), until="then")

    assert reaches_last(decided(a_run(wait), values={"then": None}).action)


def test_a_date_that_is_taken_back_while_it_is_waited_for_ends_the_run() -> None:
    campaign, enrollment = a_run(WaitStep("pause", ALWAYS, until="then"))
    waiting = decided((campaign, enrollment), values={"then": "2026-03-05"}).enrollment

    decision = decided((campaign, waiting), after=DAY, values={"then": "soon"})

    assert decision.action == Finish(LeaveReason.NO_INSTANT)


def test_a_wait_until_an_instant_that_is_past_goes_on_at_once() -> None:
    decision = decided(a_run(WaitStep("pause", ALWAYS, until="then")), values={"then": NOW - DAY})

    assert reaches_last(decision.action)
    assert decision.enrollment.entered_at == NOW
    assert not decision.enrollment.skips


@pytest.mark.parametrize(
    ("condition", "goes"),
    [
        (Condition(when="yes"), True),
        (Condition(when="no"), False),
        (Condition(unless="yes"), False),
        (Condition(unless="no"), True),
        (Condition(when="yes", unless="no"), True),
        (Condition(when="yes", unless="yes"), False),
        (Condition(when="no", unless="no"), False),
    ],
)
@pytest.mark.parametrize(
    "step",
    [
        SendStep("step", "step", ALWAYS),
        WaitStep("step", ALWAYS, duration=DAY),
        WaitForStep("step", ALWAYS, DELAYED, DAY),
        NotifyStep("step", ALWAYS, "team.told"),
        EndStep("step", ALWAYS),
    ],
)
def test_if_and_unless_stand_on_every_step(step: Step, condition: Condition, *, goes: bool) -> None:
    decision = decided(a_run(replace(step, condition=condition)), values={"yes": True, "no": None})

    assert reaches_last(decision.action) is not goes
    assert ("step" in decision.enrollment.skips) is not goes


def test_a_step_that_was_passed_over_keeps_its_first_reason() -> None:
    decision = decided(a_run(SendStep("offer", "offer", Condition("no"))), values={"no": 0})

    assert decision.enrollment.skips["offer"].reason is SkipReason.CONDITION
    again = decision.enrollment.skipping("offer", SkipReason.EXPIRED, NOW)
    assert again.skips["offer"].reason is SkipReason.CONDITION


def test_finishing_by_skipping_the_last_step_is_finishing() -> None:
    campaign = a_campaign(steps=(SendStep("offer", "offer", Condition("no")),))

    decision = decided((campaign, an_enrollment(step="offer")), values={"no": False})

    assert decision.action == Finish()


def test_a_branch_takes_the_first_arm_that_is_true() -> None:
    branch = BranchStep("fork", ALWAYS, (Arm("b", "no"), Arm("c", "yes"), Arm("b")))
    steps = tuple(SendStep(label, label, ALWAYS) for label in "abc")

    assert decided(a_run(branch, *steps), values={"no": "", "yes": 1}).action == SendMessage(steps[2])
    assert decided(a_run(branch, *steps), values={"no": "", "yes": 0}).action == SendMessage(steps[1])


def test_a_branch_without_a_true_arm_goes_on_with_the_next_step() -> None:
    branch = BranchStep("fork", ALWAYS, (Arm("end", "no"),))

    assert reaches_last(decided(a_run(branch), values={"no": False}).action)


def test_end_finishes_wherever_it_stands() -> None:
    assert decided(a_run(EndStep("done", ALWAYS))).action == Finish()
    assert decided(a_run(BranchStep("fork", ALWAYS, (Arm("end"),)))).action == Finish()


def test_notify_is_an_action_of_its_own() -> None:
    step = NotifyStep("tell", ALWAYS, "order.delayed_twice")

    assert decided(a_run(step)).action == Notify(step)


def test_a_split_sends_each_customer_one_way_and_always_the_same() -> None:
    split = SplitStep("test", ALWAYS, {"short": 80, "long": 20, "never": 0})
    arms = tuple(SendStep(label, label, ALWAYS) for label in ("short", "long", "never"))
    campaign, enrollment = a_run(split, *arms)

    def way(customer: int, at: timedelta) -> str:
        one = replace(enrollment, id=EnrollmentId(f"c-{customer}", campaign.name, "k"))
        action = decided((campaign, one), after=at).action
        assert isinstance(action, SendMessage)
        return action.step.label

    drawn = [way(customer, timedelta(0)) for customer in range(5_000)]
    counts = Counter(drawn)

    assert drawn == [way(customer, 300 * DAY) for customer in range(5_000)]
    assert set(counts) == {"short", "long"}
    assert 3_900 < counts["short"] < 4_100


def test_a_run_that_takes_longer_than_any_may_ends_as_expired() -> None:
    run = a_run(WaitStep("pause", ALWAYS, duration=DAY))

    assert decided(run, after=LONGEST_RUN).action == Finish(LeaveReason.EXPIRED)


@pytest.mark.parametrize(
    ("sends", "unsent"),
    [({}, {"last": SkipReason.EXPIRED}), ({"last": a_send(SendStatus.SENT)}, {})],
    ids=["unsent", "sent"],
)
def test_a_run_that_expires_says_which_message_it_left_unsent(
    sends: dict[str, Send], unsent: dict[str, SkipReason]
) -> None:
    run = a_run(WaitStep("pause", ALWAYS, duration=DAY), sends=sends)

    skips = decided(run, after=LONGEST_RUN).enrollment.skips

    assert {label: skip.reason for label, skip in skips.items()} == unsent


def test_a_run_that_expires_after_its_last_message_leaves_none_unsent() -> None:
    campaign, enrollment = a_run(WaitStep("pause", ALWAYS, duration=DAY))
    behind = replace(campaign, steps=(LAST, WaitStep("rest", ALWAYS, duration=DAY)))

    assert not decided((behind, replace(enrollment, step="rest")), after=LONGEST_RUN).enrollment.skips


def test_a_step_that_the_campaign_never_had_is_an_error_and_not_the_end() -> None:
    with pytest.raises(UnknownCampaignError, match="no step 'gone'"):
        decided((a_campaign(), an_enrollment(step="gone")))


def test_the_same_question_always_has_the_same_answer() -> None:
    run = a_run(WaitStep("pause", ALWAYS, duration=DAY), WaitForStep("late", ALWAYS, DELAYED, up_to=3 * DAY))

    assert decided(run, after=DAY) == decided(run, after=DAY)

"""What happens next in an enrollment: one pure function that every driver runs."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach.domain.journeys.campaign import (
    END,
    BranchStep,
    Campaign,
    EndStep,
    NotifyStep,
    SendStep,
    SplitStep,
    Step,
    WaitForStep,
    WaitStep,
)
from outreach.domain.journeys.enrollment import Enrollment, LeaveReason, SkipReason, Waiting
from outreach.domain.journeys.hash_share import share
from outreach.domain.journeys.situation import Situation, end_of_wait, holds, reason_to_skip
from outreach.domain.sending.send import SendStatus

LONGEST_RUN = timedelta(days=360)
"""An enrollment ends by then whatever its steps say: an execution runs at most a year (AWS quota)."""
LONGEST_OPEN_WAIT = timedelta(days=90)
"""How long a wait for an event lasts when its `until:` gives no time and it has no `up_to`."""


@dataclass(frozen=True, slots=True)
class SendMessage:
    """A message is due: the gate is next."""

    step: SendStep


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Nothing to do before this time."""

    instant: datetime
    may_move: bool = False
    """Whether it depends on facts, which events change: then it is waited for as events are."""


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Nothing to do before this event or, without it, this time."""

    event: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Notify:
    """Put this event on the bus."""

    step: NotifyStep


@dataclass(frozen=True, slots=True)
class Finish:
    """Every step is done, or the run ends early for a reason."""

    reason: LeaveReason | None = None


type Action = SendMessage | WaitUntil | WaitFor | Notify | Finish


@dataclass(frozen=True, slots=True)
class Decision:
    """The next action, and the enrollment as it stands after the steps that needed none."""

    action: Action
    enrollment: Enrollment


def next_action(campaign: Campaign, enrollment: Enrollment, situation: Situation, now: datetime) -> Decision:
    """Decide what happens next. Same arguments, same answer; it has no side effect.

    Steps that only steer (branches, splits, waits that are over, steps whose condition is false) are passed
    in one call. Jumps lead forward only, so this ends after at most as many rounds as steps. An expression
    that fails affects nothing else: a condition skips its step, an arm of a branch is not taken, and a time
    is none. A wait until a date that is missing, or is none, ends the run: what was meant for that day must
    not be sent at once.

    A step counts from the end of the one before it, not from the time of the driver's look: a send that a
    stopped driver left is late, and `valid_for` applies.
    """
    if now >= enrollment.started_at + LONGEST_RUN:
        return Decision(Finish(LeaveReason.EXPIRED), _without_next_message(campaign, enrollment, now))
    while (step := campaign.step(enrollment.step)) is not None:
        if reason := reason_to_skip(step.label, step.condition, situation):
            enrollment = enrollment.skipping(step.label, reason, now)
            enrollment = enrollment.past_step(campaign.after(step.label), _over(enrollment, now))
            continue
        decided = _at_step(step, campaign, enrollment, situation, now)
        if isinstance(decided, Decision):
            return decided
        enrollment = decided
    return Decision(Finish(), enrollment)


def _at_step(
    step: Step, campaign: Campaign, enrollment: Enrollment, situation: Situation, now: datetime
) -> Decision | Enrollment:
    """What there is to do at a step, or the enrollment past it. One case for each verb."""
    match step:
        case SendStep():
            return Decision(SendMessage(step), enrollment)
        case NotifyStep():
            return Decision(Notify(step), enrollment)
        case EndStep():
            return enrollment.enter_step(END, _over(enrollment, now))
        case BranchStep():
            return enrollment.enter_step(_arm(campaign, step, situation), _over(enrollment, now))
        case SplitStep():
            return enrollment.enter_step(_draw(step, enrollment), _over(enrollment, now))
        case WaitStep():
            return _wait(campaign, step, enrollment, situation, now)
        case WaitForStep():
            return _wait_for(campaign, step, enrollment, situation, now)


def cannot_be_undone(stored: Enrollment, decision: Decision) -> bool:
    """Whether it must not go on while an earlier claim is unresolved, whose message may have to go first.

    What was sent or announced stays so, and an event that a wait used up would be missing when the enrollment
    enters that wait again.
    """
    is_for_others = isinstance(decision.action, SendMessage | Notify)
    return is_for_others or decision.enrollment.consumed != stored.consumed


def wait_goes_on(enrollment: Enrollment, decision: Decision) -> bool:
    """Whether it waits for what its row says, and no shorter, by what is known now.

    A wait that became longer needs no change: at the recorded time the driver looks and waits on.
    """
    known, now = enrollment.waiting, decision.enrollment.waiting
    if not isinstance(decision.action, WaitFor | WaitUntil) or decision.enrollment.step != enrollment.step:
        return False
    return known is not None and now is not None and _is_no_shorter(now, known)


def _is_no_shorter(now: Waiting, known: Waiting) -> bool:
    return now.event == known.event and now.deadline >= known.deadline


def _without_next_message(campaign: Campaign, enrollment: Enrollment, now: datetime) -> Enrollment:
    """With the recorded reason for the message that might have been next, if there is one."""
    labels = [step.label for step in campaign.steps]
    ahead = campaign.steps[labels.index(enrollment.step) :] if enrollment.step in labels else ()
    tried = {label for label, send in enrollment.sends.items() if send.status is not SendStatus.DEFERRED}
    done = tried | enrollment.skips.keys()
    for step in ahead:
        if isinstance(step, SendStep) and step.label not in done:
            return enrollment.skipping(step.label, SkipReason.EXPIRED, now)
    return enrollment


def _over(enrollment: Enrollment, now: datetime) -> datetime:
    """When the step before this one was over: as it was entered, or when its wait ended."""
    return min(now, max(enrollment.entered_at, enrollment.due_at or enrollment.entered_at))


def _arm(campaign: Campaign, step: BranchStep, situation: Situation) -> str:
    for arm in step.arms:
        if arm.expression is None or holds(arm.expression, step.label, situation):
            return arm.goto
    return campaign.after(step.label)


def _draw(step: SplitStep, enrollment: Enrollment) -> str:
    """Weighted by the share of customer and step, so a customer always draws the same."""
    point = share("split", enrollment.id.campaign, step.label, enrollment.id.customer_id) * sum(
        step.weights.values()
    )
    for label, weight in step.weights.items():
        point -= weight
        if point < 0:
            return label
    return list(step.weights)[-1]


def _wait(
    campaign: Campaign, step: WaitStep, enrollment: Enrollment, situation: Situation, now: datetime
) -> Decision | Enrollment:
    may_move = step.duration is None
    instant = (
        end_of_wait(step.until, step.label, situation)
        if step.duration is None
        else enrollment.entered_at + step.duration
    )
    if instant is None:
        return Decision(Finish(LeaveReason.NO_INSTANT), enrollment)
    last_instant = enrollment.started_at + LONGEST_RUN
    instant = min(_in_window(campaign, step.label, instant, situation), last_instant)
    if instant <= now:
        return enrollment.enter_step(campaign.after(step.label), max(enrollment.entered_at, instant))
    waiting = Waiting(None, instant, _token(enrollment)) if may_move else None
    return Decision(WaitUntil(instant, may_move), replace(enrollment, due_at=instant, waiting=waiting))


def _token(enrollment: Enrollment) -> str | None:
    return None if enrollment.waiting is None else enrollment.waiting.token


def _in_window(campaign: Campaign, label: str, instant: datetime, situation: Situation) -> datetime:
    """A wait before a send ends when that send's delivery hours are open: one wake-up instead of two."""
    following = campaign.step(campaign.after(label))
    if not isinstance(following, SendStep):
        return instant
    return campaign.window_of(following).permit(instant, situation.zone, campaign.priority)


def _wait_for(
    campaign: Campaign, step: WaitForStep, enrollment: Enrollment, situation: Situation, now: datetime
) -> Decision | Enrollment:
    """Look back first: an event since enrolling that no earlier wait used counts at once."""
    happened = situation.seen.get(step.event)
    since = enrollment.consumed.get(step.event)
    if (
        happened is not None
        and happened >= enrollment.trigger.occurred_at
        and (since is None or happened > since)
    ):
        used = replace(enrollment, consumed={**enrollment.consumed, step.event: happened})
        return used.enter_step(campaign.after(step.label), min(now, max(enrollment.entered_at, happened)))
    deadline = _deadline(step, enrollment, situation)
    if now >= deadline:
        over = max(enrollment.entered_at, deadline)
        return enrollment.enter_step(step.on_timeout or campaign.after(step.label), over)
    waiting = Waiting(step.event, deadline, _token(enrollment))
    return Decision(WaitFor(step.event, deadline), replace(enrollment, waiting=waiting, due_at=deadline))


def _deadline(step: WaitForStep, enrollment: Enrollment, situation: Situation) -> datetime:
    """The earlier of `up_to` and `until`; never open-ended, and never beyond the longest run."""
    ends = [enrollment.started_at + LONGEST_RUN]
    instant = end_of_wait(step.until, step.label, situation)
    if step.up_to is not None:
        ends.append(enrollment.entered_at + step.up_to)
    elif instant is None:
        ends.append(enrollment.entered_at + LONGEST_OPEN_WAIT)
    if instant is not None:
        ends.append(instant)
    return min(ends)

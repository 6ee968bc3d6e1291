"""What happens next in an enrollment: one pure function that every driver runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from outreach.domain.campaign import (
    END,
    BranchStep,
    Campaign,
    Condition,
    EndStep,
    NotifyStep,
    SendStep,
    SplitStep,
    WaitForStep,
    WaitStep,
)
from outreach.domain.chance import share
from outreach.domain.enrollment import Enrollment, SkipReason, Waiting
from outreach.domain.window import head_start

LONGEST_RUN = timedelta(days=360)
"""An enrollment ends by then whatever its steps say: an execution lives at most a year (AWS quota)."""
LONGEST_OPEN_WAIT = timedelta(days=90)
"""How long a wait for an event lasts when its `until:` gives no moment and it has no `up_to`."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision may look at besides the campaign and the enrollment."""

    evaluate: Callable[[str], object]
    """Gives the value of an expression over the facts."""
    seen: Mapping[str, datetime]
    """Per event name, when it last happened to this enrollment's customer or order."""
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class SendMessage:
    """A message is due: ask the gate."""

    step: SendStep


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Nothing to do before this moment."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Nothing to do before this event or, failing that, this moment."""

    event: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Notify:
    """Put this event on the bus."""

    step: NotifyStep


@dataclass(frozen=True, slots=True)
class Finish:
    """Every step is behind it (`expired`: it took longer than any enrollment may)."""

    expired: bool = False


type Action = SendMessage | WaitUntil | WaitFor | Notify | Finish


@dataclass(frozen=True, slots=True)
class Decision:
    """The one thing to do now, and the enrollment as it stands after all that needed no doing."""

    action: Action
    enrollment: Enrollment


def next_action(campaign: Campaign, enrollment: Enrollment, situation: Situation, now: datetime) -> Decision:
    """Say what happens next. Same arguments, same answer; nothing is done here.

    Steps that only steer (branches, splits, waits that are over, steps whose condition is false) are
    passed in one go. Jumps lead forward only, so this ends after at most as many rounds as steps.
    """
    if now >= enrollment.started_at + LONGEST_RUN:
        return Decision(Finish(expired=True), enrollment)
    while (step := campaign.step(enrollment.step)) is not None:
        if not _holds(step.condition, situation):
            enrollment = enrollment.skipping(step.label, SkipReason.CONDITION, now)
            enrollment = enrollment.at_step(campaign.after(step.label), now)
            continue
        match step:
            case SendStep():
                return Decision(SendMessage(step), enrollment)
            case NotifyStep():
                return Decision(Notify(step), enrollment)
            case EndStep():
                enrollment = enrollment.at_step(END, now)
            case BranchStep():
                enrollment = enrollment.at_step(_arm(campaign, step, situation), now)
            case SplitStep():
                enrollment = enrollment.at_step(_draw(step, enrollment), now)
            case WaitStep():
                moment = _wait_end(step, enrollment, situation)
                if moment is None:
                    enrollment = enrollment.skipping(step.label, SkipReason.NO_MOMENT, now)
                else:
                    moment = _in_window(campaign, step.label, moment, situation)
                    if moment > now:
                        return Decision(WaitUntil(moment), replace(enrollment, due_at=moment))
                enrollment = enrollment.at_step(campaign.after(step.label), now)
            case WaitForStep():
                decided = _wait_for(campaign, step, enrollment, situation, now)
                if isinstance(decided, Decision):
                    return decided
                enrollment = decided
    return Decision(Finish(), enrollment)


def _holds(condition: Condition, situation: Situation) -> bool:
    if condition.when is not None and not situation.evaluate(condition.when):
        return False
    return condition.unless is None or not situation.evaluate(condition.unless)


def _arm(campaign: Campaign, step: BranchStep, situation: Situation) -> str:
    for arm in step.arms:
        if arm.expression is None or situation.evaluate(arm.expression):
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


def _wait_end(step: WaitStep, enrollment: Enrollment, situation: Situation) -> datetime | None:
    if step.duration is not None:
        return enrollment.entered_at + step.duration
    return _moment(step.until, situation)


def _in_window(campaign: Campaign, label: str, moment: datetime, situation: Situation) -> datetime:
    """A wait before a send ends when that send's window is open: one wake-up instead of two."""
    following = campaign.step(campaign.after(label))
    if not isinstance(following, SendStep):
        return moment
    opening = campaign.window_of(following).next_open(moment, situation.zone)
    return opening if opening == moment else opening + head_start(campaign.priority)


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
        return used.at_step(campaign.after(step.label), now)
    deadline = _deadline(step, enrollment, situation)
    if now >= deadline:
        return enrollment.at_step(step.on_timeout or campaign.after(step.label), now)
    token = enrollment.waiting.token if enrollment.waiting else None
    waiting = Waiting(step.event, deadline, token)
    return Decision(WaitFor(step.event, deadline), replace(enrollment, waiting=waiting, due_at=deadline))


def _deadline(step: WaitForStep, enrollment: Enrollment, situation: Situation) -> datetime:
    """The earlier of `up_to` and `until`; never open-ended, and never beyond the longest run."""
    ends = [enrollment.started_at + LONGEST_RUN]
    moment = _moment(step.until, situation)
    if step.up_to is not None:
        ends.append(enrollment.entered_at + step.up_to)
    elif moment is None:
        ends.append(enrollment.entered_at + LONGEST_OPEN_WAIT)
    if moment is not None:
        ends.append(moment)
    return min(ends)


def _moment(expression: str | None, situation: Situation) -> datetime | None:
    value = None if expression is None else situation.evaluate(expression)
    return value.astimezone(UTC) if isinstance(value, datetime) else None
